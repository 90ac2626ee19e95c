package backing

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree/treetest"
)

// TestVars: the forms in which programs read a variable, each with its default.
func TestVars(t *testing.T) {
	for _, tt := range []struct{ language, file, line, want string }{
		{"node", "a.js", "const u = process.env.DATABASE_URL || 'postgres://localhost/x'", "DATABASE_URL=postgres://localhost/x"},
		{"node", "a.ts", "const u = process.env['DB_HOST'] ?? \"db\"", "DB_HOST="},
		{"node", "a.js", "const { DB_HOST, DB_PORT: port, DB_NAME = 'x' } = process.env", "DB_HOST= DB_PORT= DB_NAME=x"},
		{"node", "a.ts", "host: this.configService.get<string>('DB_HOST', 'localhost'),", "DB_HOST=localhost"},
		{"node", "env.ts", "  DATABASE_URL: z.string().url(),", "DATABASE_URL="},
		{"node", "schema.prisma", `  url = env("DATABASE_URL")`, "DATABASE_URL="},
		{"node", "a.js", "// process.env.OLD", ""},
		{"python", "a.py", `x = os.getenv("DB_HOST", "localhost")`, "DB_HOST=localhost"},
		{"python", "a.py", `x = os.environ["DB_HOST"]`, "DB_HOST="},
		{"python", "a.py", `x = os.environ.get('DB_HOST', default="db")`, "DB_HOST=db"},
		{"python", "a.py", `DATABASES = {"default": env.db("DATABASE_URL", default="sqlite:///x")}`, "DATABASE_URL=sqlite:///x"},
		{"python", "a.py", `SECRET = config('SECRET_KEY')`, "SECRET_KEY="},
		{"python", "a.py", "class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix=\"APP_\")\n    db_url: str = \"sqlite://\"\n    pw: str = Field(alias=\"DB_PASSWORD\")\n\nclass Other:\n    no: str\n", "APP_DB_URL=sqlite:// DB_PASSWORD="},
		{"go", "main.go", "package main\n\nvar x = os.Getenv(\"DB_HOST\")\n", "DB_HOST="},
		{"go", "main.go", "package main\n\nvar x = getEnv(\"DB_HOST\", \"db\")\n", "DB_HOST=db"},
		{"go", "main.go", "package main\n\ntype C struct {\n\tDB string `env:\"DB_URL,required\" envDefault:\"x\"`\n}\n", "DB_URL=x"},
		{"java", "A.java", `@Value("${DB_HOST:localhost}") String host;`, "DB_HOST=localhost"},
		{"java", "src/main/resources/application.yml", "url: ${DB_URL:jdbc:postgresql://localhost/x}", "DB_URL=jdbc:postgresql://localhost/x"},
		{"java", "src/main/resources/application-test.yml", "url: ${DB_URL}", ""},
		{"node", ".env.example", "export A=\"b\" # c\nD=e # f\n#G=h\nI J=k\n", "A=b D=e"},
	} {
		f := Read(treetest.Of(t, map[string]string{tt.file: tt.line, "package.json": "{}", "go.mod": "module x\n"}), App{Dir: ".", Language: tt.language})
		var got []string
		for _, v := range f.Vars {
			got = append(got, v.Name+"="+v.Value)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", tt.line, diff)
		}
	}
}

// TestLibraries: what the manifests of an app name for production, and those of the repository's libraries that it names.
func TestLibraries(t *testing.T) {
	for name, tt := range map[string]struct {
		app   App
		files map[string]string
		want  string
	}{
		"a workspace": {App{Dir: ".", Place: "apps/web", Language: "node"}, map[string]string{
			"package.json": `{"workspaces": ["*/*"], "dependencies": {"root": "1"}}`, "apps/web/package.json": `{"dependencies": {"@x/db": "workspace:*"}, "devDependencies": {"jest": "1"}}`,
			"packages/db/package.json": `{"name": "@x/db", "dependencies": {"pg": "8", "@x/log": "*"}}`, "packages/log/package.json": `{"name": "@x/log", "dependencies": {"pino": "9", "@x/db": "*"}}`,
			"apps/other/package.json": `{"name": "other", "dependencies": {"mysql2": "3"}}`,
		}, "@x/db=workspace:* @x/log=* pg=8 pino=9 @x/db=*"},
		"Python's files": {App{Dir: ".", Language: "python"}, map[string]string{
			"pyproject.toml":   "[project]\nname = \"x\"\ndependencies = [\"Psycopg[binary]>=3.1,<4 ; python_version > '3'\"]\n[project.optional-dependencies]\nmysql = [\"pymysql\"]\n[tool.poetry.dependencies]\nredis = {version = \"^5\", extras = [\"hiredis\"]}\nmotor = {version = \"3\", optional = true}\n",
			"requirements.txt": "-r base.txt\n# celery\ncelery==5.5 # x\n\n", "requirements-dev.txt": "pytest\n",
		}, "celery===5.5 psycopg=>=3.1,<4 redis=^5"},
		"the root of uv's workspace, which starts a member": {App{Dir: ".", Language: "python"}, map[string]string{
			"pyproject.toml": "[tool.uv.workspace]\nmembers = [\"backend\"]\n", "backend/pyproject.toml": "[project]\nname = \"app\"\ndependencies = [\"psycopg\"]\n", "tests/pyproject.toml": "[project]\nname = \"t\"\ndependencies = [\"pytest\"]\n",
		}, "psycopg="},
		"Maven's modules": {App{Dir: ".", Place: "web", Language: "java"}, map[string]string{
			"pom.xml":      "<project><groupId>g</groupId><artifactId>all</artifactId><modules><module>web</module><module>db</module></modules><dependencies><dependency><groupId>a</groupId><artifactId>everywhere</artifactId></dependency></dependencies></project>",
			"web/pom.xml":  "<project><parent><groupId>g</groupId><artifactId>all</artifactId></parent><artifactId>web</artifactId><dependencies><dependency><groupId>g</groupId><artifactId>db</artifactId></dependency><dependency><groupId>t</groupId><artifactId>t</artifactId><scope>test</scope></dependency></dependencies></project>",
			"db/pom.xml":   "<project><parent><groupId>g</groupId><artifactId>all</artifactId></parent><artifactId>db</artifactId><dependencies><dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>42</version></dependency></dependencies></project>",
			"mail/pom.xml": "<project><parent><groupId>g</groupId><artifactId>all</artifactId></parent><artifactId>mail</artifactId><dependencies><dependency><groupId>m</groupId><artifactId>m</artifactId></dependency></dependencies></project>",
		}, "a:everywhere= a:everywhere= g:db= org.postgresql:postgresql=42"},
		"what the facts name": {App{Dir: ".", Place: "web", Language: "java", Libraries: []Library{{"org.postgresql:postgresql", "42", fact.At("web/build.gradle", 3)}}}, map[string]string{
			"settings.gradle": "include 'web'\n",
		}, "org.postgresql:postgresql=42"},
		"a Go program of several": {App{Dir: ".", Place: "cmd/api", Main: "cmd/api", Language: "go"}, map[string]string{
			"go.mod":          "module example.com/x\n\ngo 1.26\n\nrequire (\n\tgithub.com/lib/pq v1.10.9\n\tgithub.com/nats-io/nats.go v1.40.0\n\tgithub.com/x/unused v1.0.0 // indirect\n)\n",
			"cmd/api/main.go": "package main\n\nimport _ \"example.com/x/internal/db\"\n\nfunc main() {}\n", "internal/db/db.go": "package db\n\nimport _ \"github.com/lib/pq\"\n",
			"cmd/job/main.go": "package main\n\nimport _ \"github.com/nats-io/nats.go\"\n\nfunc main() {}\n",
		}, "github.com/lib/pq=v1.10.9"},
	} {
		f := Read(treetest.Of(t, tt.files), tt.app)
		var got []string
		for _, l := range f.Libraries {
			got = append(got, l.Name+"="+l.Range)
			if l.Pos.IsZero() || l.Pos.Line == 0 {
				t.Errorf("%s: %s has no place", name, l.Name)
			}
		}
		slices.Sort(got)
		want := strings.Fields(tt.want)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// TestHostile: files that are made to be read for long, or to lead elsewhere.
func TestHostile(t *testing.T) {
	files := map[string]string{
		"package.json": `{"name": "a", "dependencies": {"a": "*", "../../etc": "1"}}`, "b/package.json": `{"name": "../../etc", "dependencies": {"a": "*"}}`, "c/package.json": `{"dependencies": []}`, "d/package.json": `{`,
		"x.js":         strings.Repeat("process.env.", 100_000) + "\n" + strings.Repeat("\"", 5000) + "\n" + strings.Repeat("env(", 2000) + "\n" + strings.Repeat("a://", 1500),
		"y.py":         strings.Repeat("(", 10_000),
		".env.example": strings.Repeat("A", 5000) + "=1\nB=" + strings.Repeat("$", 3000) + "\n" + strings.Repeat("=\n", 2000),
		"compose.yaml": "services: {a: {image: [1]}, b: 3}\n", ".github/workflows/x.yml": "jobs: 3\n",
		"pom.xml": "<project><parent><relativePath>../../..</relativePath></parent></project>", "go.mod": "module\n",
	}
	for i := range 300 {
		files["v"+strings.Repeat("x", i%20)+string(rune('a'+i%26))+"/.js"] = "process.env.A"
	}
	for _, language := range []string{"node", "python", "java", "go", "other"} {
		f := Read(treetest.Of(t, files), App{Dir: ".", Language: language})
		if len(f.Vars) > maxVars || len(f.URLs) > maxURLs {
			t.Errorf("%s: %d variables, %d addresses", language, len(f.Vars), len(f.URLs))
		}
		for _, v := range f.Vars {
			if len(v.Name) > 100 {
				t.Errorf("%s: a name of %d letters", language, len(v.Name))
			}
		}
	}
}

func TestSecretsFolder(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"secrets":         {"a": "", "secrets/.gitignore": "*"},
		"compose.secrets": {"a": "", "secrets/key": "x"},
		"dockgen.secrets": {"secrets": "", "compose.secrets/x": ""},
	} {
		if got := SecretsFolder(treetest.Of(t, files)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// FuzzRead: whatever a file holds, reading it ends, and every variable has a name that one can have.
func FuzzRead(f *testing.F) {
	f.Add("const { A = 'b' } = process.env\nfetch('postgres://a:b@c/d?e')", "A=b\nexport C='d' # e\n")
	f.Add("class S(BaseSettings):\n    a: str = 'b'\n", "A=\"\n")
	f.Add("spring:\n  datasource:\n    url: jdbc:mysql://h/x\n    username: a\n", "=")
	f.Add("package main\nimport \"x\"\nvar a = os.Getenv(\"A\")", "\x00")
	f.Fuzz(func(t *testing.T, code, env string) {
		tr := treetest.Of(t, map[string]string{
			"a.js": code, "a.py": code, "main.go": code, "A.java": code, "application.yml": code, "application.properties": code, "package.json": code, "requirements.txt": code, "pom.xml": code, "go.mod": code, "pyproject.toml": code,
			".env.example": env, "compose.dev.yaml": code, ".github/workflows/a.yml": code,
		})
		for _, language := range []string{"node", "python", "java", "go"} {
			facts := Read(tr, App{Dir: ".", Language: language})
			for _, v := range facts.Vars {
				if v.Name == "" || v.Pos.Line == 0 || strings.ContainsAny(v.Name, " =\n") && v.Beside == "" {
					t.Errorf("%s: %+v", language, v)
				}
			}
			facts.Find("a", "")
		}
	})
}
