package java_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// TestPortsAndHealth: every port of a server, and where it says that it is well.
func TestPortsAndHealth(t *testing.T) {
	const props, controller = "src/main/resources/application.properties", "src/main/java/C.java"
	spring := func(names ...string) string {
		return boot("3.5.7") + dependencies(append(names, "org.springframework.boot:spring-boot-starter-web")...) + plugin("org.springframework.boot:spring-boot-maven-plugin", "")
	}
	const actuator = "org.springframework.boot:spring-boot-starter-actuator"
	quarkus := func(names ...string) string {
		return "<packaging>quarkus</packaging>" + dependencies(append(names, "io.quarkus:quarkus-rest")...) + plugin("io.quarkus:quarkus-maven-plugin", "<extensions>true</extensions>")
	}
	micronaut := dependencies("io.micronaut:micronaut-http-server-netty", "io.micronaut:micronaut-management")
	observed := dependencies("io.helidon.webserver:helidon-webserver", "io.helidon.webserver.observe:helidon-webserver-observe-health")
	jetty := dependencies("org.eclipse.jetty.ee10:jetty-ee10-servlet")
	const served = "import org.eclipse.jetty.ee10.servlet.*; import org.eclipse.jetty.server.Server; class J { void s(ServletContextHandler c) { new Server(8095); "
	for _, tt := range []struct {
		name, pom, settings, source string
		ports, health               string
	}{
		{"Spring", spring(), "server.port=${PORT:8081}", "", "[8081]", "none"},
		{"the port of the management", spring(actuator), "server.port=8081\nmanagement.server.port=9090\nserver.servlet.context-path=/shop", "", "[8081 9090]", "GET /actuator/health :9090"},
		{"the same port", spring(actuator), "server.port=8081\nmanagement.server.port=8081", "", "[8081]", "GET /actuator/health :8081"},
		{"no management", spring(actuator), "management.server.port=-1", "", "[8080]", "GET /actuator/health :8080"},
		{"its base path", spring(actuator), "management.server.port=${MANAGE:9090}\nmanagement.server.base-path=/m\nmanagement.endpoints.web.base-path=/", "", "[8080 9090]", "GET /m/health :9090"},
		{"a health page that was moved", spring(actuator), "management.endpoints.web.base-path=/manage\nmanagement.endpoints.web.path-mapping.health=healthcheck\nserver.servlet.context-path=/shop", "", "[8080]", "GET /shop/manage/healthcheck :8080"},
		{"a health page that is off", spring(actuator), "management.endpoint.health.enabled=false", "", "[8080]", "none"},
		{"a health page that is not shown", spring(actuator), "management.endpoints.web.exposure.include=info,prometheus", "", "[8080]", "none"},
		{"a health page that is hidden", spring(actuator), "management.endpoints.web.exposure.include=*\nmanagement.endpoints.web.exposure.exclude=health", "", "[8080]", "none"},
		{"pages that are shown", spring(actuator), "management.endpoints.web.exposure.include=info,health", "", "[8080]", "GET /actuator/health :8080"},
		{"TLS", spring(actuator), "server.ssl.key-store=${KEY_STORE:classpath:k.p12}", "", "[8080]", "none"},
		{"TLS by a variable", spring(actuator), "server.ssl.key-store=${KEY_STORE}", "", "[8080]", "none"},
		{"TLS of a variable that is empty", spring(actuator), "server.ssl.key-store=${KEY_STORE:}", "", "[8080]", "GET /actuator/health :8080"},
		{"a key store without a value", spring(actuator), "server.ssl.key-store=", "", "[8080]", "GET /actuator/health :8080"},
		{"TLS that is off", spring(actuator), "server.ssl.key-store=classpath:k.p12\nserver.ssl.enabled=${TLS:false}", "", "[8080]", "GET /actuator/health :8080"},
		{"gRPC beside HTTP", spring("net.devh:grpc-server-spring-boot-starter"), "", "", "[8080 9090]", "none"},
		{"Quarkus", quarkus("io.quarkus:quarkus-smallrye-health"), "quarkus.http.port=8081\n%prod.quarkus.http.port=9000\nquarkus.http.root-path=/api", "", "[9000]", "GET /api/q/health/live :9000"},
		{"Quarkus' management", quarkus("io.quarkus:quarkus-smallrye-health"), "quarkus.management.enabled=true\nquarkus.http.root-path=/api", "", "[8080 9000]", "GET /q/health/live :9000"},
		{"Quarkus' paths", quarkus("io.quarkus:quarkus-smallrye-health"), "quarkus.http.root-path=/api\nquarkus.http.non-application-root-path=/\nquarkus.smallrye-health.root-path=/healthy\nquarkus.smallrye-health.liveness-path=alive", "", "[8080]", "GET /healthy/alive :8080"},
		{"Micronaut", micronaut, "micronaut.server.port=8085\nmicronaut.server.context-path=/m", "", "[8085]", "GET /m/health :8085"},
		{"Micronaut's endpoints", micronaut, "endpoints.all.port=8086\nendpoints.all.path=/admin", "", "[8080 8086]", "GET /admin/health :8086"},
		{"Micronaut without", micronaut, "endpoints.health.enabled=false", "", "[8080]", "none"},
		{"Helidon", dependencies("io.helidon.microprofile.bundles:helidon-microprofile"), "server.port=8087", "", "[8087]", "GET /health :8087"},
		{"Helidon SE", observed, "server.port=8087", "", "[8087]", "GET /observe/health :8087"},
		{"Helidon SE's paths", observed, "server.port=8087\nserver.features.observe.endpoint=/ops\nserver.features.observe.observers.health.endpoint=up", "", "[8087]", "GET /ops/up :8087"},
		{"Helidon SE, off", observed, "server.port=8087\nserver.features.observe.observers.health.enabled=false", "", "[8087]", "none"},
		{"Helidon SE, on a socket of its own", observed, "server.port=8087\nserver.features.observe.sockets=admin", "", "[8087]", "none"},
		{"a controller", spring(), "", "@RestController class C { @GetMapping(\"/health\") String h() { return \"\"; } }", "[8080]", "GET /health :8080"},
		{"a controller with a prefix", spring(), "server.servlet.context-path=/x", "@RestController @RequestMapping(\"/api\") class C { @RequestMapping(value = \"health\", method = RequestMethod.GET) String h() { return \"\"; } }", "[8080]", "GET /x/api/health :8080"},
		{"a controller that takes a POST", spring(), "", "@RestController class C { @PostMapping(\"/health\") String h() { return \"\"; } @RequestMapping(value = \"/ping\", method = RequestMethod.POST) void p() {} }", "[8080]", "none"},
		{"a controller behind a login", spring("org.springframework.boot:spring-boot-starter-security"), "", "@RestController class C { @GetMapping(\"/health\") String h() { return \"\"; } }", "[8080]", "none"},
		{"a resource", quarkus(), "", "@Path(\"/health\") class C { @GET String h() { return \"\"; } @GET @Path(\"/{id}\") String i() { return \"\"; } }", "[8080]", "GET /health :8080"},
		{"a resource with a path of its own", quarkus(), "quarkus.rest.path=/api", "@Path(\"v1\") class C { @GET @Path(\"/ping\") String h() { return \"\"; } }", "[8080]", "none"},
		{"a resource below the path of the application", quarkus(), "", "@Path(\"/health\") class C { @GET String h() { return \"\"; } }\n@ApplicationPath(\"/api\") class A extends Application {}", "[8080]", "GET /api/health :8080"},
		{"a controller with a constant before its paths", spring(), "", "@RestController @RequestMapping(Paths.ROOT) class C { @GetMapping(\"/health\") String h() { return \"\"; } }", "[8080]", "none"},
		{"a path with a constant in it", spring(), "", "@RestController class C { @GetMapping(\"/\" + Paths.HEALTH) String h() { return \"\"; } }", "[8080]", "none"},
		{"a resource with a constant for its path", quarkus(), "", "@Path(Paths.ROOT) class C { @GET @Path(\"/\") String h() { return \"\"; } }", "[8080]", "none"},
		{"constants for what it answers with", spring(), "", "@RestController class C { @GetMapping(path = \"/health\", produces = {Types.TEXT, Types.JSON + \";charset=utf-8\"}) String h() { return \"\"; } }", "[8080]", "GET /health :8080"},
		{"a servlet of Jetty", jetty, "", served + "c.addServlet(Up.class, \"/health\"); } }", "[8095]", "GET /health :8095"},
		{"a servlet of Jetty by a holder", jetty, "", served + "c.addServlet(new ServletHolder(new Up()), \"/healthz\"); } }", "[8095]", "GET /healthz :8095"},
		{"servlets of Jetty below a path", jetty, "", served + "c.addServlet(Up.class, \"/health/*\"); } }", "[8095]", "none"},
		{"a client", spring(), "", "@FeignClient(\"x\") interface C { @GetMapping(\"/health\") String h(); }", "[8080]", "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText, props: tt.settings}
			if tt.source != "" {
				maps.Copy(files, map[string]string{controller: "import org.springframework.web.bind.annotation.*; import jakarta.ws.rs.*;\n" + tt.source})
			}
			app, err := decide(t, files, "runtime=slim")
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(app.Run.Ports); got != tt.ports {
				t.Errorf("ports %s, want %s", got, tt.ports)
			}
			got := "none"
			if p := app.Run.Probe; p != nil {
				got = fmt.Sprintf("GET %s :%s", p.Path, p.Port)
			}
			if got != tt.health {
				t.Errorf("%s, want %s", got, tt.health)
			}
		})
	}
}

// TestConfiguredPorts: the port that code takes from a library of configuration, by a key that it names, is the file's. What cannot be read is
// unknown, and not the framework's default.
func TestConfiguredPorts(t *testing.T) {
	const (
		kotlin  = "src/main/kotlin/M.kt"
		conf    = "src/main/resources/application.conf"
		javalin = "io.javalin:javalin:6.7.0"
		ktor    = "io.ktor:ktor-server-netty:3.2.0"
		main    = "public class M { public static void main(String[] a) throws Exception { "
		server  = "import io.ktor.server.engine.*\nimport io.ktor.server.netty.*\nimport io.ktor.server.config.*\n"
		engine  = "fun main(args: Array<String>) = io.ktor.server.netty.EngineMain.main(args)"
		hop     = javalin + "', 'com.sksamuel.hoplite:hoplite-yaml:2.9.0"
		loader  = "import io.javalin.Javalin\nimport com.sksamuel.hoplite.*\n"
		jetty   = "import io.javalin.Javalin\nimport org.eclipse.jetty.server.ServerConnector\nfun main() { Javalin.create { c -> c.jetty.modifyServer { s -> "
	)
	for name, tt := range map[string]struct {
		library string
		files   map[string]string
		want    string
	}{
		"Ktor's file":                       {ktor, map[string]string{kotlin: engine, conf: "ktor { deployment { port = 7001, port = ${?PORT} } }"}, "7001, PORT moves it"},
		"Ktor's file of YAML":               {ktor, map[string]string{kotlin: engine, "src/main/resources/application.yaml": "ktor:\n  deployment:\n    port: \"$HTTP:7002\"\n"}, "7002, HTTP moves it"},
		"Ktor's file beside a call":         {ktor, map[string]string{kotlin: server + "fun main() { embeddedServer(Netty, port = 7003) {}.start(true) }", conf: "ktor.deployment.port = 1"}, "7003"},
		"Ktor's file by its key":            {ktor, map[string]string{kotlin: server + "fun main() { val c = HoconApplicationConfig(x)\n embeddedServer(Netty, port = c.property(\"app.port\").getString().toInt()) {}.start(true) }", conf: "app.port = 7004"}, "7004"},
		"Ktor without a port":               {ktor, map[string]string{kotlin: server + "fun main() { embeddedServer(Netty, port = c.port) {}.start(true) }", conf: "ktor.deployment.port = 1"}, "unknown"},
		"Typesafe's library":                {javalin, map[string]string{mainFile: "import io.javalin.Javalin; import com.typesafe.config.*; " + main + "Config c = ConfigFactory.load(); Javalin.create().start(c.getInt(\"http.port\")); } }", conf: "http { port: 7005 }"}, "7005"},
		"a key that the file has not":       {javalin, map[string]string{mainFile: "import io.javalin.Javalin; import com.typesafe.config.*; " + main + "Javalin.create().start(ConfigFactory.load().getInt(\"http.port\")); } }", conf: "http { host: x }"}, "unknown"},
		"another library's getInt":          {javalin, map[string]string{mainFile: "import io.javalin.Javalin; import java.sql.ResultSet; " + main + "ResultSet c = q(); Javalin.create().start(c.getInt(\"http.port\")); } }", conf: "http { port: 7005 }"}, "unknown"},
		"properties":                        {javalin, map[string]string{mainFile: "import io.javalin.Javalin; import java.util.Properties; " + main + "Properties p = new Properties(); p.load(M.class.getResourceAsStream(\"/app.properties\")); Javalin.create().start(Integer.parseInt(p.getProperty(\"port\", \"1\"))); } }", "src/main/resources/app.properties": "port=7006\n"}, "7006"},
		"the default of properties":         {javalin, map[string]string{mainFile: "import io.javalin.Javalin; import java.util.Properties; " + main + "Properties p = load(); Javalin.create().start(Integer.parseInt(p.getProperty(\"port\", \"7007\"))); } }"}, "7007"},
		"Vert.x's configuration":            {"io.vertx:vertx-web:4.5.0", map[string]string{mainFile: "import io.vertx.core.*; public class M extends AbstractVerticle { public void start() { vertx.createHttpServer().listen(config().getInteger(\"http.port\", 7008)); } public static void main(String[] a) { Vertx.vertx().deployVerticle(new M()); } }"}, "7008"},
		"Hoplite":                           {hop, map[string]string{kotlin: loader + "data class Server(val port: Int, val host: String)\ndata class Config(val server: Server)\nfun main() { val config = ConfigLoaderBuilder.default().addResourceSource(\"/app.yml\").build().loadConfigOrThrow<Config>()\n Javalin.create().start(config.server.port) }", "src/main/resources/app.yml": "server:\n  port: 7011\n"}, "7011"},
		"Hoplite, other words, a file":      {hop, map[string]string{kotlin: loader + "fun main() { val c = ConfigLoaderBuilder.default().addFileSource(\"config/app.conf\").build().loadConfigOrThrow<Config>()\n Javalin.create().start(c.webServer.httpPort) }", "config/app.conf": "web-server { http_port = 7012 }"}, "7012"},
		"Hoplite, two files":                {hop, map[string]string{kotlin: loader + "fun main() { val c = ConfigLoader().loadConfigOrThrow<Config>(\"/a.yml\", \"/b.yml\")\n Javalin.create().start(c.port) }", "src/main/resources/a.yml": "host: x\n", "src/main/resources/b.yml": "port: 7013\n"}, "7013"},
		"Hoplite, a key that is not there":  {hop, map[string]string{kotlin: loader + "fun main() { val c = ConfigLoader().loadConfigOrThrow<Config>(\"/a.yml\")\n Javalin.create().start(c.server.port) }", "src/main/resources/a.yml": "port: 7014\n"}, "unknown"},
		"a field without Hoplite":           {javalin, map[string]string{kotlin: loader + "fun main() { val c = ConfigLoader().loadConfigOrThrow<Config>(\"/a.yml\")\n Javalin.create().start(c.port) }", "src/main/resources/a.yml": "port: 7015\n"}, "unknown"},
		"a connector that is unknown":       {javalin, map[string]string{kotlin: jetty + "val x = ServerConnector(s).apply { port = conf.port.value }\n s.addConnector(x) } }.start() }"}, "unknown"},
		"a connector":                       {javalin, map[string]string{kotlin: jetty + "val x = ServerConnector(s)\n x.port = 7009\n s.addConnector(x) } }.start() }"}, "7009"},
		"a property of Javalin":             {javalin, map[string]string{mainFile: "import io.javalin.Javalin; " + main + "Javalin.create(c -> { c.jetty.defaultPort = 7010; }).start(); } }"}, "7010"},
		"the framework's default":           {javalin, map[string]string{mainFile: "import io.javalin.Javalin; " + main + "Javalin.create().start(); } }"}, "8080"},
		"a property of something else":      {javalin, map[string]string{mainFile: "import io.javalin.Javalin; " + main + "Client c = new Client(); c.port = 25; Javalin.create().start(); } }"}, "8080"},
		"an argument with a name of Kotlin": {javalin, map[string]string{kotlin: "import io.javalin.Javalin\nfun main() { connect(port = 25)\n Javalin.create().start() }"}, "8080"},
	} {
		t.Run(name, func(t *testing.T) {
			plugins, class := "id 'application'", "M"
			if tt.files[kotlin] != "" {
				plugins, class = plugins+"\n id 'org.jetbrains.kotlin.jvm' version '2.2.0'", "MKt"
			}
			files := wrapper("8.14.3")
			maps.Copy(files, tt.files)
			files["build.gradle"] = "plugins {\n " + plugins + "\n}\ndependencies { implementation '" + tt.library + "' }\napplication { mainClass = '" + class + "' }\n"
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			got := "unknown"
			if len(app.Run.Ports) > 0 {
				got = strings.Trim(fmt.Sprint(app.Run.Ports), "[]")
			}
			if moved, err := decide(t, files, "port=9000"); err == nil {
				for _, e := range moved.Run.Env {
					if name, ok := strings.CutSuffix(e.String(), "=9000"); ok {
						got += ", " + name + " moves it"
					}
				}
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestMovedPort: a port that an option of java moves.
func TestMovedPort(t *testing.T) {
	server := func(port string) map[string]string {
		return map[string]string{"pom.xml": pom(""), mainFile: "import com.sun.net.httpserver.HttpServer; import java.net.InetSocketAddress; class M { public static void main(String[] a) {\n HttpServer.create(new InetSocketAddress(" + port + "), 0); } }"}
	}
	web := map[string]string{"pom.xml": pom(boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web") + plugin("org.springframework.boot:spring-boot-maven-plugin", "")), mainFile: mainText}
	for _, tt := range []struct {
		name  string
		files map[string]string
		set   []string
		ports string
		line  string
	}{
		{"a property", server(`Integer.parseInt(System.getProperty("server.port", "8085"))`), nil, "[8085]", `ENTRYPOINT ["java", "-cp", "classes", "M"]`},
		{"a property, and another port", server(`Integer.parseInt(System.getProperty("server.port", "8085"))`), []string{"port=9000"}, "[9000]", `ENTRYPOINT ["java", "-Dserver.port=9000", "-cp", "classes", "M"]`},
		{"a property of a number", server(`Integer.getInteger("http.port", 8085)`), []string{"port=9000"}, "[9000]", `ENTRYPOINT ["java", "-Dhttp.port=9000", "-cp", "classes", "M"]`},
		{"a property without a default", server(`Integer.parseInt(System.getProperty("port"))`), nil, "[8080]", `ENTRYPOINT ["java", "-Dport=8080", "-cp", "classes", "M"]`},
		{"a start command", web, []string{"start=[java, -Dserver.port=9000, -jar, a-1.jar]"}, "[9000]", `ENTRYPOINT ["java", "-Dserver.port=9000", "-jar", "a-1.jar"]`},
		{"a start command, and its port", web, []string{"start=[java, -jar, a-1.jar, --server.port=9000]", "port=9000"}, "[9000]", "EXPOSE 9000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app, err := decide(t, tt.files, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(app.Run.Ports); got != tt.ports {
				t.Errorf("ports %s, want %s", got, tt.ports)
			}
			if text := render(t, app); !strings.Contains(text, tt.line) {
				t.Errorf("no %q in\n%s", tt.line, text)
			}
		})
	}
	if _, err := decide(t, web, "start=[java, -Dserver.port=9000, -jar, a-1.jar]", "port=9001"); err == nil {
		t.Error("two ports that are asked for")
	}
}
