package backing

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	facts "github.com/dockgen/dockgen/detect/backing"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/templates"
)

// appOf makes an app of files; It listens on 3000.
func appOf(t *testing.T, name, language string, files map[string]string) App {
	t.Helper()
	fsys := fstest.MapFS{}
	for f, text := range files {
		fsys[f] = &fstest.MapFile{Data: []byte(text)}
	}
	tr, err := tree.Scan(t.Context(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	dir := "."
	if tr.HasDir(name) {
		dir = name
	}
	p := &plan.App{Name: name, Dir: dir, Language: language, Kind: plan.Server, Run: &plan.Run{Ports: []plan.Port{3000}}}
	return App{Plan: p, Name: plan.NewServiceName(name), Log: &record.Log{}, Facts: facts.Read(tr, facts.App{Dir: dir, Language: language})}
}

// show writes down what a stack is made of: a line each server, variable, secret and note.
func show(r *Result, apps ...App) []string {
	var out []string
	for _, s := range r.Stack.Services {
		if !s.Image.IsZero() {
			out = append(out, s.Image.Raw())
			continue
		}
		for _, e := range s.Env {
			out = append(out, fmt.Sprintf("%s %s=%s", s.Name, e.Name, e.Value.Raw()))
		}
	}
	for _, s := range r.Secrets {
		for _, v := range s.Vars {
			of := "random"
			if v.Of != "" {
				of = "<" + v.Of + ">"
			}
			out = append(out, fmt.Sprintf("%s %s=%s%s%s", s.File, v.Name, v.Before, of, v.After))
		}
	}
	for _, a := range apps {
		for _, n := range a.Log.Notes() {
			out = append(out, "note "+n.Text)
		}
	}
	return out
}

// valid holds what a stack is rendered to against the command that reads such files, where that is there.
func valid(t *testing.T, r *Result) {
	t.Helper()
	files, err := templates.RenderStack(r.Stack)
	if err != nil {
		t.Fatal(err)
	}
	if !compose() {
		return
	}
	dir := t.TempDir()
	args := []string{"compose", "--project-name", "x"}
	for _, f := range files {
		args = append(args, "-f", f.Name)
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range r.Secrets {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(s.File)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, s.File), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "docker", append(args, "config", "--quiet")...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s\n%s", err, out, files[0].Data)
	}
}

// compose reports whether there is such a command; it needs no engine for that.
var compose = sync.OnceValue(func() bool { return exec.Command("docker", "compose", "version").Run() == nil }) //nolint:gochecknoglobals // asked once

// TestDecide: which servers an app needs, and how it is told of them.
func TestDecide(t *testing.T) {
	node := func(deps, code string) map[string]string {
		return map[string]string{"package.json": `{"dependencies": {` + deps + `}}`, "index.js": code}
	}
	with := func(files map[string]string, name, text string) map[string]string {
		files[name] = text
		return files
	}
	python := func(deps, code string) map[string]string {
		return map[string]string{"requirements.txt": deps, "main.py": code}
	}
	boot := func(deps string) map[string]string {
		var text strings.Builder
		text.WriteString("<project><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId></parent><dependencies>")
		for d := range strings.FieldsSeq(deps) {
			words := strings.Split(d, ":")
			fmt.Fprintf(&text, "<dependency><groupId>%s</groupId><artifactId>%s</artifactId></dependency>", words[0], words[1])
		}
		return map[string]string{"pom.xml": text.String() + "</dependencies></project>"}
	}
	for name, tt := range map[string]struct {
		language string
		files    map[string]string
		want     []string
	}{
		"an address in the example": {"node", with(node(`"pg": "8"`, `new Pool({connectionString: process.env.DATABASE_URL})`), ".env.example", "DATABASE_URL=postgres://me:secret@localhost:5432/shop?sslmode=disable&schema=public\n"), []string{
			"postgres:18",
			"s/app.env DATABASE_URL=postgres://me:<s/postgres.env>@postgres:5432/shop?schema=public", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
		"no example": {"node", node(`"pg": "8"`, "import pg from 'pg'\nnew pg.Pool({connectionString: process.env.DATABASE_URL})"), []string{
			"postgres:18", "s/app.env DATABASE_URL=postgresql://app:<s/postgres.env>@postgres:5432/app", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
		"a driver that nothing uses": {"node", node(`"pg": "8", "better-sqlite3": "12"`, `require("better-sqlite3")("./app.db")`), nil},
		"the drivers of an ORM": {"node", node(`"typeorm": "0.3", "pg": "8", "mysql2": "3"`, "new DataSource({ type: 'mysql', host: process.env.DB_HOST, username: process.env.DB_USER, password: process.env.DB_PASS, database: process.env.DB_NAME })"), []string{
			"app DB_HOST=mysql", "app DB_NAME=app", "app DB_USER=app", "mysql:8.4", "s/app.env DB_PASS=<s/mysql.env>", "s/mysql.env MYSQL_PASSWORD=<s/mysql.env>",
		}},
		"SQLite by default, PostgreSQL in a branch that starts with its scheme": {"python", python("psycopg2-binary\nsqlalchemy\n", "import os\nfrom sqlalchemy import create_engine\nurl = os.getenv('DATABASE_URL', 'sqlite:///app.db')\nif url.startswith('postgres://'):\n    url = 'x'\n"), nil},
		"Prisma": {"node", with(node(`"@prisma/client": "6"`, `new PrismaClient()`), "prisma/schema.prisma", "datasource db {\n  provider   =   \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n"), []string{
			"postgres:18", "s/app.env DATABASE_URL=postgresql://app:<s/postgres.env>@postgres:5432/app", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
		"Prisma with SQLite": {"node", with(node(`"@prisma/client": "6"`, `new PrismaClient()`), "prisma/schema.prisma", "datasource db {\n  provider = \"sqlite\"\n  url = env(\"DATABASE_URL\")\n}\n"), nil},
		"the driver that SQLAlchemy needs": {"python", python("asyncpg==0.30\nsqlalchemy\npydantic-settings\n", "from sqlalchemy import text\nimport asyncpg\nfrom pydantic_settings import BaseSettings\n\nclass Settings(BaseSettings):\n    database_url: str\n    secret_key: str\n"), []string{
			"postgres:18", "s/app.env DATABASE_URL=postgresql+asyncpg://app:<s/postgres.env>@postgres:5432/app", "s/app.env SECRET_KEY=random", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
		"Django": {"python", python("django\npsycopg\n", "import os\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': os.environ['POSTGRES_DB'], 'USER': os.environ['POSTGRES_USER'], 'PASSWORD': os.environ['POSTGRES_PASSWORD'], 'HOST': os.environ.get('POSTGRES_HOST', 'localhost')}}\n"), []string{
			"app POSTGRES_DB=app", "app POSTGRES_HOST=postgres", "app POSTGRES_USER=app", "postgres:18", "s/app.env POSTGRES_PASSWORD=<s/postgres.env>", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
		"PostGIS": {"python", python("django\npsycopg\n", "import os\nINSTALLED_APPS = ['django.contrib.gis']\nENGINE = 'django.contrib.gis.db.backends.postgis'\nDB = os.environ['DATABASE_URL']\n"), []string{
			"postgis/postgis:18-3.6", "s/app.env DATABASE_URL=postgresql://app:<s/postgres.env>@postgres:5432/app", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
		"Celery with Redis": {"python", python("celery[redis]\nredis\n", "import os\nfrom celery import Celery\napp = Celery(broker=os.environ.get('CELERY_BROKER_URL', 'redis://localhost:6379/2'))\n"), []string{
			"app CELERY_BROKER_URL=redis://redis:6379/2", "redis:8",
		}},
		"Celery with RabbitMQ": {"python", python("celery\n", "import os\nfrom celery import Celery\napp = Celery(broker=os.environ.get('CELERY_BROKER_URL', 'amqp://guest:guest@localhost:5672//'))\n"), []string{
			"rabbitmq:4", "s/app.env CELERY_BROKER_URL=amqp://guest:<s/rabbitmq.env>@rabbitmq:5672//", "s/rabbitmq.env RABBITMQ_DEFAULT_PASS=<s/rabbitmq.env>",
		}},
		"a scheme for TLS": {"node", with(node(`"ioredis": "5"`, `new Redis(process.env.REDIS_URL)`), ".env.example", "REDIS_URL=rediss://default:x@cloud.example.com:6380\n"), []string{
			"app REDIS_URL=redis://redis:6379", "redis:8",
		}},
		"host and port of Redis": {"node", node(`"bullmq": "5"`, "import { Queue } from 'bullmq'\nnew Queue('x', { connection: { host: process.env.REDIS_HOST, port: Number(process.env.REDIS_PORT), password: process.env.REDIS_PASSWORD } })"), []string{
			"app REDIS_HOST=redis", "app REDIS_PORT=6379", "redis:8",
		}},
		"Valkey": {"node", node(`"iovalkey": "0.3"`, "import Valkey from 'iovalkey'\nnew Valkey(process.env.REDIS_URL)"), []string{"app REDIS_URL=redis://valkey:6379/0", "valkey/valkey:8"}},
		"MongoDB": {"node", with(node(`"mongoose": "8"`, `mongoose.connect(process.env.MONGODB_URI)`), ".env", "MONGODB_URI=mongodb+srv://u:p@x.mongodb.net/blog?retryWrites=true&w=majority\n"), []string{
			"mongo:8", "s/app.env MONGODB_URI=mongodb://u:<s/mongo.env>@mongo:27017/blog?authSource=admin", "s/mongo.env MONGO_INITDB_ROOT_PASSWORD=<s/mongo.env>",
		}},
		"an old MongoDB driver": {"node", with(node(`"mongodb": "^3.6.0"`, `MongoClient.connect(process.env.MONGO_URL)`), ".env", "MONGO_URL=mongodb://localhost/blog\n"), []string{
			"mongo:5", "s/app.env MONGO_URL=mongodb://app:<s/mongo.env>@mongo:27017/blog?authSource=admin", "s/mongo.env MONGO_INITDB_ROOT_PASSWORD=<s/mongo.env>",
		}},
		"Elasticsearch of the client's release": {"python", python("elasticsearch>=7.10,<8\n", "from elasticsearch import Elasticsearch\nimport os\nes = Elasticsearch(os.environ['ELASTICSEARCH_URL'])\n"), []string{
			"app ELASTICSEARCH_URL=http://elasticsearch:9200", "docker.elastic.co/elasticsearch/elasticsearch:7.17.28",
		}},
		"Elasticsearch's latest": {"python", python("elasticsearch>=8\n", "from elasticsearch import Elasticsearch\nimport os\nes = Elasticsearch(os.environ['ELASTICSEARCH_HOST'])\n"), []string{
			"app ELASTICSEARCH_HOST=elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch:9.2.0",
		}},
		"OpenSearch": {"python", python("opensearch-py==2.8.0\n", "from opensearchpy import OpenSearch\nimport os\nos.getenv('OPENSEARCH_URL')\n"), []string{"app OPENSEARCH_URL=http://opensearch:9200", "opensearchproject/opensearch:2"}},
		"Kafka":      {"node", node(`"kafkajs": "2"`, "import { Kafka } from 'kafkajs'\nnew Kafka({ brokers: (process.env.KAFKA_BROKERS ?? 'localhost:9092').split(',') })"), []string{"app KAFKA_BROKERS=kafka:9092", "apache/kafka:4.1.0"}},
		"an old client of Kafka": {"python", python("kafka-python==1.4.7\n", "from kafka import KafkaProducer\nimport os\nKafkaProducer(bootstrap_servers=os.environ['KAFKA_BOOTSTRAP_SERVERS'])\n"), []string{
			"app KAFKA_BOOTSTRAP_SERVERS=kafka:9092", "apache/kafka:3.9.1",
		}},
		"NATS":         {"node", node(`"nats": "2"`, "import { connect } from 'nats'\nconnect({ servers: process.env.NATS_URL })"), []string{"app NATS_URL=nats://nats:4222", "nats:2-alpine"}},
		"S3 at Amazon": {"python", python("boto3\n", "import boto3, os\nboto3.client('s3', region_name=os.environ['AWS_REGION'], aws_access_key_id=os.environ['AWS_ACCESS_KEY_ID'])\n"), nil},
		"S3 at an endpoint": {"python", python("boto3\n", "import boto3, os\nboto3.client('s3', endpoint_url=os.environ['S3_ENDPOINT_URL'], aws_access_key_id=os.environ['AWS_ACCESS_KEY_ID'], aws_secret_access_key=os.environ['AWS_SECRET_ACCESS_KEY'])\n"), []string{
			"app AWS_ACCESS_KEY_ID=app", "app S3_ENDPOINT_URL=http://minio:9000", "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z",
			"s/app.env AWS_SECRET_ACCESS_KEY=<s/minio.env>", "s/minio.env MINIO_ROOT_PASSWORD=<s/minio.env>",
		}},
		"MinIO's client takes a host and a port": {"node", node(`"minio": "8"`, "import * as M from 'minio'\nnew M.Client({ endPoint: process.env.MINIO_ENDPOINT ?? 'localhost', accessKey: process.env.MINIO_ACCESS_KEY, secretKey: process.env.MINIO_SECRET_KEY })"), []string{
			"app MINIO_ACCESS_KEY=app", "app MINIO_ENDPOINT=minio:9000", "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z", "s/app.env MINIO_SECRET_KEY=<s/minio.env>", "s/minio.env MINIO_ROOT_PASSWORD=<s/minio.env>",
		}},
		"mail": {"node", node(`"nodemailer": "7"`, "nodemailer.createTransport({ host: process.env.SMTP_HOST, port: process.env.SMTP_PORT })"), []string{
			"app SMTP_HOST=mailpit", "app SMTP_PORT=1025", "axllent/mailpit:v1.31.3",
		}},
		"mail of Django that nothing configures": {"python", python("django\n", "INSTALLED_APPS = []\n"), nil},
		"Go asks for no TLS": {"go", map[string]string{"go.mod": "module x\n\ngo 1.26\n\nrequire github.com/lib/pq v1.10.9\n", "main.go": "package main\n\nimport (\n\t_ \"github.com/lib/pq\"\n\t\"os\"\n)\n\nvar dsn = os.Getenv(\"DATABASE_URL\")\n\nfunc main() {}\n"}, []string{
			"postgres:18", "s/app.env DATABASE_URL=postgresql://app:<s/postgres.env>@postgres:5432/app?sslmode=disable", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
		"the keys and values of libpq": {"go", map[string]string{"go.mod": "module x\n\ngo 1.26\n\nrequire gorm.io/driver/postgres v1.6.0\n", "main.go": "package main\n\nimport (\n\t\"gorm.io/driver/postgres\"\n\t\"os\"\n)\n\nfunc main() { postgres.Open(os.Getenv(\"DB_DSN\")) }\n", ".env.example": "DB_DSN=\"host=localhost user=gorm password=gorm dbname=gorm port=9920 sslmode=disable\"\n"}, []string{
			"postgres:18", "s/app.env DB_DSN=host=postgres port=5432 user=app password=<s/postgres.env> dbname=app sslmode=disable", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
		"the address of Go's MySQL driver": {"go", map[string]string{"go.mod": "module x\n\ngo 1.26\n\nrequire github.com/go-sql-driver/mysql v1.9.3\n", "main.go": "package main\n\nimport (\n\t_ \"github.com/go-sql-driver/mysql\"\n\t\"os\"\n)\n\nvar dsn = os.Getenv(\"MYSQL_DSN\")\n\nfunc main() {}\n"}, []string{
			"mysql:8.4", "s/app.env MYSQL_DSN=app:<s/mysql.env>@tcp(mysql:3306)/app?parseTime=true", "s/mysql.env MYSQL_PASSWORD=<s/mysql.env>",
		}},
		"a library of Go's that only tests import": {"go", map[string]string{"go.mod": "module x\n\ngo 1.26\n\nrequire github.com/lib/pq v1.10.9\n", "main.go": "package main\n\nfunc main() {}\n", "main_test.go": "package main\n\nimport _ \"github.com/lib/pq\"\n"}, nil},
		"Spring Boot": {"java", with(boot("org.postgresql:postgresql org.springframework.boot:spring-boot-starter-data-redis"), "src/main/resources/application.yml", "spring:\n  datasource:\n    url: jdbc:postgresql://localhost:5432/books\n"), []string{
			"app SPRING_DATASOURCE_URL=jdbc:postgresql://postgres:5432/books", "app SPRING_DATASOURCE_USERNAME=app", "app SPRING_DATA_REDIS_HOST=redis", "app SPRING_DATA_REDIS_PORT=6379",
			"postgres:18", "redis:8", "s/app.env SPRING_DATASOURCE_PASSWORD=<s/postgres.env>", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
		"a property of another pool": {"java", with(with(boot("com.mysql:mysql-connector-j"), "src/main/resources/application.yml", "spring:\n  profiles:\n    active: druid\n"), "src/main/resources/application-druid.yml", "spring:\n  datasource:\n    druid:\n      main-db:\n        url: jdbc:mysql://localhost:3306/ry?a=b&useSSL=false\n        username: root\n        password: x\n"), []string{
			"app SPRING_DATASOURCE_DRUID_MAINDB_URL=jdbc:mysql://mysql:3306/ry?a=b", "app SPRING_DATASOURCE_DRUID_MAINDB_USERNAME=app", "app SPRING_DATASOURCE_URL=jdbc:mysql://mysql:3306/ry", "app SPRING_DATASOURCE_USERNAME=app",
			"mysql:8.4", "s/app.env SPRING_DATASOURCE_DRUID_MAINDB_PASSWORD=<s/mysql.env>", "s/app.env SPRING_DATASOURCE_PASSWORD=<s/mysql.env>", "s/mysql.env MYSQL_PASSWORD=<s/mysql.env>",
		}},
		"a library that nothing configures": {"node", node(`"ioredis": "5"`, "import Redis from 'ioredis'\nnew Redis(options)"), []string{
			"note imports ioredis, and nothing was found that tells the app where Redis is: compose.yaml has none",
		}},
		"an address that is no URL": {"go", map[string]string{"go.mod": "module x\n\ngo 1.26\n\nrequire github.com/redis/go-redis/v9 v9.14.0\n", "main.go": "package main\n\nimport _ \"github.com/redis/go-redis/v9\"\n\nfunc main() {}\n", "config.yaml": "redis:\n  addr: localhost:6379\n"}, []string{
			"redis:8", "note no variable was found that tells the app where Redis is; in compose.yaml its address is redis://redis:6379/0",
		}},
		"Spring Boot with the databases of its profiles": {"java", with(with(boot("org.postgresql:postgresql com.mysql:mysql-connector-j com.h2database:h2"), "src/main/resources/application.properties", "database=h2\n"), "src/main/resources/application-mysql.properties", "spring.datasource.url=jdbc:mysql://localhost/x\n"), nil},
		"two that compete: the example decides": {"node", with(node(`"pg": "8", "mysql2": "3"`, "import 'pg'\nimport 'mysql2'\nprocess.env.DATABASE_URL"), ".env.sample", "DATABASE_URL=mysql://a:b@db/x\n"), []string{
			"mysql:8.4", "s/app.env DATABASE_URL=mysql://a:<s/mysql.env>@mysql:3306/x", "s/mysql.env MYSQL_PASSWORD=<s/mysql.env>",
		}},
		"the release that CI runs": {"node", with(node(`"pg": "8"`, "import 'pg'\nprocess.env.DATABASE_URL"), ".github/workflows/ci.yml", "jobs:\n  test:\n    services:\n      db: {image: 'postgres:15-alpine'}\n"), []string{
			"postgres:15-alpine", "s/app.env DATABASE_URL=postgresql://app:<s/postgres.env>@postgres:5432/app", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
		"nothing says where the app reads it": {"node", node(`"pg": "8"`, "import pg from 'pg'\nnew pg.Pool()"), []string{
			"app PGDATABASE=app", "app PGHOST=postgres", "app PGPORT=5432", "app PGUSER=app", "postgres:18", "s/app.env PGPASSWORD=<s/postgres.env>", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
			"note no variable was found that tells the app where PostgreSQL is: compose.yaml sets those that its clients read by themselves",
		}},
		"the user of the server where no user can be told": {"node", node(`"mysql2": "3"`, "import mysql from 'mysql2'\nmysql.createPool({ host: process.env.MYSQL_HOST, user: 'root', password: process.env.MYSQL_PASSWORD })"), []string{
			"app MYSQL_HOST=mysql", "mysql:8.4", "s/app.env MYSQL_PASSWORD=<s/mysql.env>", "s/mysql.env MYSQL_ROOT_PASSWORD=<s/mysql.env>",
		}},
		"what tests and comments say": {"node", with(with(node(`"pg": "8"`, "// import pg from 'pg'\n// postgres://localhost/x"), "test/db.js", "require('pg')"), "docs/x.js", "require('pg')"), nil},
		"a development dependency":    {"node", map[string]string{"package.json": `{"devDependencies": {"pg": "8"}}`, "index.js": "require('pg')"}, nil},
		"the variables of a test": {"node", node(`"pg": "8"`, "require('pg')\nprocess.env.TEST_DATABASE_URL; process.env.APP_DB_HOST"), []string{
			"app APP_DB_HOST=postgres", "postgres:18", "s/postgres.env POSTGRES_PASSWORD=<s/postgres.env>",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := appOf(t, "app", tt.language, tt.files)
			r, err := Decide([]App{a}, "s")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, show(r, a)); diff != "" {
				t.Errorf("-want +got:\n%s\n%+v", diff, a.Log.Choices())
			}
			valid(t, r)
		})
	}
}

// TestSeveral: apps share a server unless they name other databases, and are told of one another.
func TestSeveral(t *testing.T) {
	api := appOf(t, "api", "node", map[string]string{
		"api/package.json": `{"dependencies": {"pg": "8"}}`, "api/index.js": "require('pg')\nprocess.env.DATABASE_URL", "api/.env.example": "DATABASE_URL=postgres://x:y@localhost/orders\n",
	})
	job := appOf(t, "job", "node", map[string]string{
		"job/package.json": `{"dependencies": {"pg": "8"}}`, "job/index.js": "require('pg')\nprocess.env.DATABASE_URL", "job/.env.example": "DATABASE_URL=postgres://x:y@localhost/stock\n",
	})
	web := appOf(t, "postgres", "node", map[string]string{
		"package.json": `{"dependencies": {"pg": "8"}}`, "index.js": "require('pg')\nprocess.env.DATABASE_URL\nconst api = process.env.API_URL ?? 'http://localhost:3000/v1'\nconst pages = process.env.NEXT_PUBLIC_API_URL ?? 'http://localhost:3000'\nprocess.env.FRONTEND_URL ?? 'http://localhost:3000'",
	})
	r, err := Decide([]App{api, job, web}, "s")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"postgres API_URL=http://api:3000/v1", "postgres:18", "postgres:18",
		"s/api.env DATABASE_URL=postgres://x:<s/postgres-server.env>@postgres-server:5432/orders",
		"s/job.env DATABASE_URL=postgres://x:<s/postgres-stock.env>@postgres-stock:5432/stock",
		"s/postgres.env DATABASE_URL=postgresql://x:<s/postgres-server.env>@postgres-server:5432/orders",
		"s/postgres-server.env POSTGRES_PASSWORD=<s/postgres-server.env>", "s/postgres-stock.env POSTGRES_PASSWORD=<s/postgres-stock.env>",
	}
	if diff := cmp.Diff(want, show(r)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var ports []string
	for _, s := range r.Stack.Services {
		for _, p := range s.Ports {
			ports = append(ports, p.Raw())
		}
	}
	valid(t, r)
	if diff := cmp.Diff([]string{"127.0.0.1:3000:3000", "127.0.0.1:3001:3000", "127.0.0.1:3002:3000"}, ports); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestOrder: a server is healthy first, a migration has ended, and a worker runs beside the app.
func TestOrder(t *testing.T) {
	a := appOf(t, "app", "node", map[string]string{"package.json": `{"dependencies": {"pg": "8"}}`, "index.js": "require('pg')\nprocess.env.DATABASE_URL"})
	a.Plan.Beside = []plan.Process{
		{Name: "worker", Cmd: plan.Exec{"node", "worker.js"}},
		{Name: "release", Cmd: plan.Exec{"node", "migrate.js"}, Ends: true},
		{Name: "seed", Cmd: plan.Exec{"node", "seed.js"}, Ends: true},
	}
	r, err := Decide([]App{a}, "s")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range r.Stack.Services {
		for _, x := range s.After {
			got[s.Name.String()] += x.Name.String() + ":" + x.Condition.String() + " "
		}
		if s.Name.String() != "postgres" && s.EnvFile.Raw() != "s/app.env" {
			t.Errorf("%s reads %q", s.Name, s.EnvFile.Raw())
		}
	}
	want := map[string]string{
		"app":     "postgres:service_healthy migrate:service_completed_successfully ",
		"migrate": "postgres:service_healthy ",
		"worker":  "postgres:service_healthy migrate:service_completed_successfully ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestFollow: an app starts after those that it asks, and two that ask each other start together.
func TestFollow(t *testing.T) {
	app := func(name, other string) App {
		return appOf(t, name, "node", map[string]string{name + "/package.json": "{}", name + "/index.js": "const u = process.env.API_URL ?? 'http://localhost:" + other + "'"})
	}
	a, b, c := app("a", "3001"), app("b", "3002"), app("c", "3001")
	b.Plan.Run.Ports, c.Plan.Run.Ports = []plan.Port{3001}, []plan.Port{3002}
	site := appOf(t, "site", "node", map[string]string{"site/package.json": "{}"})
	site.Plan.Kind, site.Plan.Run.Env = plan.Site, []plan.Env{plan.MustEnv("BACKEND_URL", "http://a:3000")}
	r, err := Decide([]App{a, b, c, site}, "s")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range r.Stack.Services {
		for _, x := range s.After {
			got[s.Name.String()] += x.Name.String() + ":" + x.Condition.String()
		}
	}
	if diff := cmp.Diff(map[string]string{"a": "b:service_started", "b": "c:service_started", "site": "a:service_started"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestData: the folders in which an app keeps its data are volumes.
func TestData(t *testing.T) {
	a := appOf(t, "app", "node", map[string]string{"package.json": "{}"})
	a.Plan.Choices = []plan.Choice{{Key: "data", Value: "/data /var/lib/app/data relative"}}
	r, err := Decide([]App{a}, "s")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range r.Stack.Services[0].Volumes {
		got = append(got, v.Raw())
	}
	if diff := cmp.Diff([]string{"app-data:/data", "app-data-2:/var/lib/app/data"}, got); diff != "" || len(r.Stack.Volumes) != 2 {
		t.Errorf("-want +got:\n%s\n%v", diff, r.Stack.Volumes)
	}
}

// TestLocked: the lock keeps the release of a server while the client stays.
func TestLocked(t *testing.T) {
	files := map[string]string{"package.json": `{"dependencies": {"pg": "^8.1.0"}}`, "index.js": "require('pg')"}
	for evidence, want := range map[string]string{"pg ^8.1.0": "postgres:17", "pg ^7.0.0": "postgres:18"} {
		a := appOf(t, "app", "node", files)
		a.Log.Locked = map[string]record.Locked{"compose.postgres": {Value: "postgres:17", Evidence: evidence}}
		r, err := Decide([]App{a}, "s")
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(r.Stack.Services, func(s plan.Service) bool { return s.Name.String() == "postgres" })
		if got := r.Stack.Services[i].Image.Raw(); got != want {
			t.Errorf("%s: got %s, want %s", evidence, got, want)
		}
		// The data of 17 are in another folder.
		if at := r.Stack.Services[i].Volumes[0].Raw(); strings.HasSuffix(at, "/data") != (want == "postgres:17") {
			t.Errorf("%s: the volume is %s", want, at)
		}
	}
}

// TestRows: each row has what every server needs, and says nothing that is not filled in.
func TestRows(t *testing.T) {
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Services {
		if r.Title == "" || !strings.HasPrefix(r.Source, "https://") || r.Image == "" || r.Port == 0 || len(r.Health) < 2 || r.Start == "" || r.URL == "" || len(r.Prefixes) == 0 {
			t.Errorf("%s: a field is missing", r.Name)
		}
		if !plainTag(r.Tag) && r.Tag != "8" {
			t.Errorf("%s: tag %q", r.Name, r.Tag)
		}
		for language, clients := range r.Clients {
			if !slices.Contains([]string{"go", "java", "node", "python"}, language) || len(clients) == 0 {
				t.Errorf("%s: clients of %q", r.Name, language)
			}
		}
		s := server{row: &r, name: plan.NewServiceName(r.Name), user: "u", database: "d"}
		texts := slices.Concat(r.Health, []string{r.URL, r.GoURL, r.DSN, r.Address})
		for _, set := range []map[string]string{r.Environment, r.Secrets, r.Root.Environment, r.Root.Secrets, r.Fallback, r.Spring, r.Quarkus} {
			for name, x := range set {
				if _, err := plan.NewToken(name); err != nil {
					t.Errorf("%s: %v", r.Name, err)
				}
				texts = append(texts, x)
			}
		}
		for _, x := range texts {
			if got := s.fill(x); strings.ContainsAny(got, "{}") || strings.Count(got, hold) > 1 {
				t.Errorf("%s: %q becomes %q", r.Name, x, got)
			}
		}
		if (r.User == "") != (len(r.Secrets) == 0) || strings.Contains(r.URL, "{database}") && r.Database == "" {
			t.Errorf("%s: a user, a password and a database go together", r.Name)
		}
	}
}

// TestHostile: no value of a repository adds a line, an interpolation or a variable.
func TestHostile(t *testing.T) {
	for _, evil := range []string{
		"postgres://u$(id):p@localhost/x${HOME}", "postgres://u:p@localhost/x\n    privileged: true", "postgres://u:p@localhost/x?a=$SECRET", "postgres://u:p@localhost/../../x' #",
		"postgres://u:p@localhost/x?options='; privileged: true", "postgres://" + strings.Repeat("a", 5000) + "@h/x", "postgres://u:p@h/\"x\"", "postgres://\x00:p@h/x",
	} {
		a := appOf(t, "app", "node", map[string]string{
			"package.json": `{"dependencies": {"pg": "8"}}`, "index.js": "require('pg')\nprocess.env.DATABASE_URL\nprocess.env['A B']", ".env.example": "DATABASE_URL=" + evil + "\nREDIS URL=x\n",
		})
		r, err := Decide([]App{a}, "s")
		if err != nil {
			t.Fatal(err)
		}
		valid(t, r)
		for _, s := range r.Secrets {
			for _, v := range s.Vars {
				if strings.ContainsAny(v.Before+v.After, "\n\r\x00'$`\"\\ ") || len(v.Before+v.After) > 600 || !plan.IsEnvName(v.Name) {
					t.Errorf("%q: %+v", evil, v)
				}
			}
		}
		for _, s := range r.Stack.Services {
			for _, e := range s.Env {
				if strings.ContainsAny(e.Value.String(), "\n\r\x00") {
					t.Errorf("%q: %s", evil, e.Value)
				}
			}
		}
	}
}

// TestHostileNames: no name of a folder, of a process or of a path of the image adds anything to the file.
func TestHostileNames(t *testing.T) {
	for _, evil := range []string{"a b", "x: y", "-", "${HOME}", "a'b\"c", "#x", "*", "{a}", "yes", "0", "é", "a:b", "%", "<<", "!x", "@x", "`x`", "..."} {
		a := appOf(t, "app", "node", map[string]string{"package.json": `{"dependencies": {"pg": "8"}}`, "index.js": "require('pg')\nprocess.env.DATABASE_URL"})
		a.Name, a.Plan.Dir, a.Plan.Place = plan.NewServiceName(evil), evil, evil
		a.Plan.Beside = []plan.Process{{Name: evil, Cmd: plan.Exec{evil, "$(id)"}, Entry: plan.Exec{evil}}, {Name: "migrate " + evil, Cmd: plan.Exec{evil}, Ends: true}}
		a.Plan.Choices = []plan.Choice{{Key: "data", Value: "/" + strings.ReplaceAll(evil, " ", "") + " /x"}}
		a.Dev = &Dev{Source: ".", Workdir: "/app " + evil, Ports: []int{1}, Rebuild: []string{evil, "x"}}
		r, err := Decide([]App{a}, "s")
		if err != nil {
			t.Errorf("%q: %v", evil, err)
			continue
		}
		valid(t, r)
		if n := len(r.Stack.Services); n != 4 {
			t.Errorf("%q: %d services", evil, n)
		}
		if got := r.Stack.Services[0].Build.Context.Raw(); got != "./"+evil {
			t.Errorf("%q: context %q", evil, got)
		}
	}
}
