package golang_test

import (
	"strings"
	"testing"
)

// TestConfigFiles has programs that read where they listen from a configuration file
// of the repository: the port, and the files that prod has.
func TestConfigFiles(t *testing.T) {
	program := func(imports, fields, body string) string {
		return mod("go 1.26\nrequire (\ngopkg.in/yaml.v3 v3.0.1\ngithub.com/BurntSushi/toml v1.5.0\ngithub.com/spf13/viper v1.20.0\ngithub.com/ilyakaznacheev/cleanenv v1.5.0\n)") +
			"-- go.sum --\nx v1 h1:x\n-- main.go --\npackage main\nimport (\n" + imports + "\n)\n" + fields + "\nfunc main() {\n" + body + "\n}\n"
	}
	const read = "b, err := os.ReadFile(\"FILE\")\nif err != nil { panic(err) }\nvar c conf\n"
	for name, tt := range map[string]struct{ archive, port, files string }{
		"json by its tags":            {program(`"os"; "encoding/json"; "net/http"`, "type conf struct { Listen string `json:\"listen\"`; Pages string `json:\"pages\"` }", strings.Replace(read, "FILE", "config.json", 1)+"json.Unmarshal(b, &c); os.ReadDir(c.Pages); http.ListenAndServe(c.Listen, nil)") + "-- config.json --\n{\"listen\": \":3333\", \"pages\": \"pages\"}\n-- pages/a.html --\n", "3333", "config.json pages/"},
		"json by names":               {program(`"os"; "encoding/json"; "net/http"; "strconv"`, "type conf struct { Port int }", strings.Replace(read, "FILE", "config.json", 1)+"json.Unmarshal(b, &c); http.ListenAndServe(\":\"+strconv.Itoa(c.Port), nil)") + "-- config.json --\n{\"port\": 3333}\n", "3333", "config.json"},
		"yaml in a section":           {program(`"os"; "fmt"; "net/http"; "gopkg.in/yaml.v3"`, "type server struct { Port int `yaml:\"port\"` }\ntype conf struct { Server server `yaml:\"server\"`; Port int `yaml:\"port\"` }", strings.Replace(read, "FILE", "conf/app.yml", 1)+"yaml.Unmarshal(b, &c); http.ListenAndServe(fmt.Sprintf(\":%d\", c.Server.Port), nil)") + "-- conf/app.yml --\nport: 1\nserver:\n  port: 4444\n", "4444", "conf/app.yml"},
		"toml":                        {program(`"net/http"; "github.com/BurntSushi/toml"`, "type conf struct { HTTP struct { Addr string } }", "var c conf\ntoml.DecodeFile(\"config.toml\", &c); http.ListenAndServe(c.HTTP.Addr, nil)") + "-- config.toml --\n[http]\naddr = \"0.0.0.0:5555\"\n", "5555", "config.toml"},
		"viper's key":                 {program(`"net/http"; "github.com/spf13/viper"`, "", "viper.SetConfigName(\"config\"); viper.AddConfigPath(\".\"); viper.SetDefault(\"server.addr\", \":1111\"); viper.ReadInConfig(); http.ListenAndServe(viper.GetString(\"server.addr\"), nil)") + "-- config.yaml --\nserver:\n  addr: \":6666\"\n", "6666", "config.yaml"},
		"a default in the source":     {program(`"os"; "encoding/json"; "net/http"`, "type conf struct { Listen string `json:\"listen\"` }", strings.Replace(read, "FILE", "config.json", 1)+"json.Unmarshal(b, &c); if c.Listen == \"\" { c.Listen = \":9\" }; http.ListenAndServe(c.Listen, nil)") + "-- config.json --\n{\"listen\": \":3333\"}\n", "3333", "config.json"},
		"cleanenv":                    {program(`"net/http"; "github.com/ilyakaznacheev/cleanenv"`, "type conf struct { Port string `yaml:\"port\" env:\"PORT\" env-default:\"1111\"` }", "var c conf\ncleanenv.ReadConfig(\"config.yml\", &c); http.ListenAndServe(\":\"+c.Port, nil)") + "-- config.yml --\nport: 7777\n", "7777", "config.yml"},
		"a sample":                    {program(`"os"; "encoding/json"; "net/http"`, "type conf struct { Listen string `json:\"listen\"` }", strings.Replace(read, "FILE", "config.json", 1)+"json.Unmarshal(b, &c); http.ListenAndServe(c.Listen, nil)") + "-- config.example.json --\n{\"listen\": \":3333\"}\n", "3333", ""},
		"another section is not it":   {program(`"os"; "encoding/json"; "net/http"`, "type conf struct { Listen string `json:\"listen\"` }", strings.Replace(read, "FILE", "config.json", 1)+"json.Unmarshal(b, &c); http.ListenAndServe(c.Listen, nil)") + "-- config.json --\n{\"database\": {\"listen\": \":3333\"}}\n", "", "config.json"},
		"a malformed file is no file": {program(`"os"; "encoding/json"; "net/http"`, "type conf struct { Listen string `json:\"listen\"` }", strings.Replace(read, "FILE", "config.json", 1)+"json.Unmarshal(b, &c); http.ListenAndServe(c.Listen, nil)") + "-- config.json --\n{\"listen\": \n", "", "config.json"},
		"a hostile value":             {program(`"os"; "encoding/json"; "net/http"`, "type conf struct { Listen string `json:\"listen\"`; P string }", strings.Replace(read, "FILE", "config.json", 1)+"json.Unmarshal(b, &c); os.ReadDir(c.P); http.ListenAndServe(c.Listen, nil)") + "-- config.json --\n{\"listen\": \":80\\nRUN x\", \"p\": \"../../etc\"}\n", "", "config.json"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive)
			if err != nil {
				t.Fatal(err)
			}
			var ports []string
			for _, n := range p.Run.Ports {
				ports = append(ports, n.String())
			}
			files := ""
			for _, c := range p.Choices {
				if c.Key == "go.files" {
					files = c.Value
				}
			}
			if got := strings.Join(ports, " "); got != tt.port || files != tt.files {
				t.Errorf("got port %q and files %q, want %q and %q", got, files, tt.port, tt.files)
			}
		})
	}
}

// TestLoopbackOfAFile is said, and does not keep the image from being made.
func TestLoopbackOfAFile(t *testing.T) {
	p, err := decide(t, mod("go 1.26")+"-- main.go --\npackage main\nimport (\"os\"; \"encoding/json\"; \"net/http\")\ntype conf struct { Listen string `json:\"listen\"` }\nfunc main() { b, _ := os.ReadFile(\"config.json\"); var c conf; json.Unmarshal(b, &c); http.ListenAndServe(c.Listen, nil) }\n-- config.json --\n{\"listen\": \"127.0.0.1:3333\"}\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.Notes {
		if n.Pos.String() == "config.json:1" && strings.Contains(n.Text, "127.0.0.1") {
			return
		}
	}
	t.Errorf("want a note on config.json, got %v", p.Notes)
}

// TestSampleOfAFile is said with where the file is to be mounted, and prod starts there.
func TestSampleOfAFile(t *testing.T) {
	for _, sample := range []string{"config.json.sample", "config.example.json", "config-sample.json", "example.config.json"} {
		p, err := decide(t, mod("go 1.26")+"-- main.go --\npackage main\nimport (\"os\"; \"encoding/json\"; \"net/http\")\ntype conf struct { Listen string `json:\"listen\"` }\nfunc main() { b, err := os.ReadFile(\"config.json\"); if err != nil { panic(err) }; var c conf; json.Unmarshal(b, &c); http.ListenAndServe(c.Listen, nil) }\n-- "+sample+" --\n{\"listen\": \":3333\"}\n")
		if err != nil {
			t.Fatal(err)
		}
		said := false
		for _, n := range p.Notes {
			said = said || strings.Contains(n.Text, sample) && strings.Contains(n.Hint, "-v ./config.json:/app/config.json")
		}
		if !said || p.Run.Workdir.Raw() != "/app" {
			t.Errorf("%s: workdir %q, notes %v", sample, p.Run.Workdir.Raw(), p.Notes)
		}
	}
}
