package java_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// TestDropwizard: the command server with the configuration that the repository has.
func TestDropwizard(t *testing.T) {
	body := dependencies("io.dropwizard:dropwizard-core") + plugin(mvn+"maven-shade-plugin", execution("shade", "<transformers><transformer><mainClass>M</mainClass></transformer></transformers>"))
	const ports = "server:\n  applicationConnectors:\n    - {type: http, port: 9000}\n  adminConnectors:\n    - {type: http, port: 9001}\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		set   []string
		start string
		ports string
		lines []string
	}{
		{"one configuration", map[string]string{"config.yml": ports}, nil, "java -jar app.jar server config.yml", "[9000 9001]", []string{`CMD ["app.jar", "server", "config.yml"]`, "COPY --link config.yml ./"}},
		{"a configuration without ports", map[string]string{"config.yml": "template: x\n"}, nil, "java -jar app.jar server config.yml", "[8080 8081]", nil},
		{"the Procfile's", map[string]string{"Procfile": "web: java -jar target/a-*.jar server conf/live.yml\n", "conf/live.yml": ports, "config.yml": "template: x\n"}, nil, "java -jar app.jar server conf/live.yml", "[9000 9001]", nil},
		{"a configuration for tests", map[string]string{"test.yml": ports, "helloworld.yml": ports}, nil, "java -jar app.jar server helloworld.yml", "[9000 9001]", nil},
		{"a compose file is none", map[string]string{"docker-compose.yml": "services: {server: {image: x}}\nserver: {}\n", "app.yml": ports}, nil, "java -jar app.jar server app.yml", "[9000 9001]", nil},
		{"on the loopback", map[string]string{"config.yml": strings.Replace(ports, "port: 9000", "port: 9000, bindHost: localhost", 1)}, nil, "java -Ddw.server.applicationConnectors[0].bindHost=0.0.0.0 -jar app.jar server config.yml", "[9000 9001]", []string{`"-Ddw.server.applicationConnectors[0].bindHost=0.0.0.0", "-jar"`}},
		{"words joined by underscores, an administration of the container's own, a log", map[string]string{"config.yml": "server:\n  application_connectors:\n  - {type: http, port: 9000, bind_host: 127.0.0.1}\n  admin_connectors:\n  - {type: http, port: 9001, bind_host: localhost}\nlogging:\n  appenders:\n  - {type: file, current_log_filename: ./logs/a.log}\n"}, []string{"runtime=slim"}, "java -Ddw.server.application_connectors[0].bind_host=0.0.0.0 -jar app.jar server config.yml", "[9000]", []string{"http://127.0.0.1:9001/healthcheck", "/folders/app/logs/ logs/"}},
		{"one connector on the loopback", map[string]string{"config.yml": "server:\n  type: simple\n  connector: {type: http, port: 9100, bindHost: 127.0.0.1}\n"}, nil, "java -Ddw.server.connector.bindHost=0.0.0.0 -jar app.jar server config.yml", "[9100 8081]", nil},
		{"an address that the container has", map[string]string{"config.yml": strings.Replace(ports, "port: 9000", "port: 9000, bindHost: 0.0.0.0", 1)}, nil, "java -jar app.jar server config.yml", "[9000 9001]", nil},
		{"a variable", map[string]string{"config.yml": "server:\n  type: simple\n  connector: {type: http, port: '${PORT:-9100}'}\n"}, []string{"runtime=slim"}, "java -jar app.jar server config.yml", "[9100 8081]", []string{"http://127.0.0.1:8081/healthcheck", `ENTRYPOINT ["java", "-jar", "app.jar", "server", "config.yml"]`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(body), mainFile: mainText}
			maps.Copy(files, tt.files)
			app, err := decide(t, files, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range app.Choices {
				if c.Key == "start" && c.Value != tt.start {
					t.Errorf("%s, want %s", c.Value, tt.start)
				}
			}
			if got := fmt.Sprint(app.Run.Ports); got != tt.ports {
				t.Errorf("ports %s, want %s", got, tt.ports)
			}
			text := render(t, app)
			for _, line := range tt.lines {
				if !strings.Contains(text, line) {
					t.Errorf("no %q in\n%s", line, text)
				}
			}
		})
	}
}
