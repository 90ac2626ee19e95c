package golang

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// detectText reads the facts of a repository that is written as a txtar.
func detectText(t testing.TB, archive string) (*Facts, error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	tr, err := tree.Scan(context.Background(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return Detect(tr, ".")
}

func facts(t testing.TB, archive string) *Facts {
	t.Helper()
	f, err := detectText(t, archive)
	if err != nil {
		t.Fatal(err)
	}
	if f == nil {
		t.Fatal("no facts")
	}
	return f
}

// mainModule is a module with one main.go: imports, then the body of main, then
// other declarations.
func mainModule(imports, body, rest string) string {
	var b strings.Builder
	b.WriteString("-- go.mod --\nmodule example.com/app\ngo 1.26\n-- main.go --\npackage main\nimport (\n")
	for i := range strings.FieldsSeq(imports) {
		b.WriteString("\t\"" + i + "\"\n")
	}
	b.WriteString(")\nfunc main() {\n" + body + "\n}\n" + rest + "\n")
	return b.String()
}

// addr writes an address: "host:port", "?" if nothing is known of it. What a
// variable or a flag decides is $NAME=default or -name=default.
func addr(a effect.Addr) string {
	if !a.Known() {
		return "?"
	}
	value := func(v effect.Value) string {
		switch {
		case v.Env != "" && !v.HasDefault():
			return "$" + v.Env
		case v.Env != "":
			return "$" + v.Env + "=" + v.Text
		case v.Flag != "":
			return v.Flag + "=" + v.Text
		}
		return v.Text
	}
	return value(a.Host) + ":" + value(a.Port)
}

func TestListen(t *testing.T) {
	const (
		gin   = "github.com/gin-gonic/gin"
		fiber = "github.com/gofiber/fiber/v3"
		echo  = "github.com/labstack/echo/v4"

		viperImports = "net/http strings github.com/spf13/viper"
	)
	for name, tt := range map[string]struct {
		imports, body, rest string
		want                []string // host:port, by addr
	}{
		"literal":                 {"net/http", `http.ListenAndServe(":8081", nil)`, "", []string{":8081"}},
		"constant":                {"net/http", `http.ListenAndServe(addr, nil)`, `const port = "9"; const addr = ":" + port + "000"`, []string{":9000"}},
		"server":                  {"net/http", `s := &http.Server{Addr: ":7000"}; s.ListenAndServe()`, "", []string{":7000"}},
		"server field":            {"net/http", `var s http.Server; s.Addr = ":7001"; s.ListenAndServe()`, "", []string{":7001"}},
		"named port":              {"net/http", `http.ListenAndServe(":http", nil)`, "", []string{":80"}},
		"loopback":                {"net/http", `http.ListenAndServe("127.0.0.1:8080", nil)`, "", []string{"127.0.0.1:8080"}},
		"unix":                    {"net", `net.Listen("unix", "/run/x.sock")`, "", nil},
		"tcp":                     {"net", `net.Listen("tcp", ":50051")`, "", []string{":50051"}},
		"any port":                {"net", `net.Listen("tcp", ":0")`, "", nil},
		"env idiom":               {"net/http os", `port := os.Getenv("PORT"); if port == "" { port = "3000" }; http.ListenAndServe(":"+port, nil)`, "", []string{":$PORT=3000"}},
		"env reversed":            {"net/http os", `port := "3000"; if p := os.Getenv("PORT"); p != "" { port = p }; http.ListenAndServe(":"+port, nil)`, "", []string{":$PORT=3000"}},
		"env required":            {"net/http os log", `port := os.Getenv("PORT"); if port == "" { log.Fatal("no port") }; http.ListenAndServe(":"+port, nil)`, "", []string{":$PORT"}},
		"env whole":               {"net/http os", `http.ListenAndServe(os.Getenv("ADDR"), nil)`, "", []string{"$ADDR:$ADDR"}},
		"env or":                  {"net/http os cmp", `http.ListenAndServe(":"+cmp.Or(os.Getenv("PORT"), "8000"), nil)`, "", []string{":$PORT=8000"}},
		"sprintf":                 {"net/http os fmt", `p := os.Getenv("PORT"); if len(p) == 0 { p = "1234" }; http.ListenAndServe(fmt.Sprintf(":%s", p), nil)`, "", []string{":$PORT=1234"}},
		"integer":                 {"net/http fmt", `port := 4000; http.ListenAndServe(fmt.Sprintf("0.0.0.0:%d", port), nil)`, "", []string{"0.0.0.0:4000"}},
		"helper":                  {"net/http os", `http.ListenAndServe(":"+env("X", "1")+env("PORT", "5001")[0:], nil); http.ListenAndServe(":"+env("PORT", "5000"), nil)`, `func env(k, d string) string { if v, ok := os.LookupEnv(k); ok { return v }; return d }`, []string{"?", ":$PORT=5000"}},
		"config struct":           {"net/http os", `c := load(); http.ListenAndServe(":"+c.Port, nil)`, `type conf struct{ Port string }; func load() *conf { return &conf{Port: get("PORT", "5050")} }; func get(k, d string) string { if v := os.Getenv(k); v != "" { return v }; return d }`, []string{":$PORT=5050"}},
		"struct tags":             {"net/http github.com/caarlos0/env/v11", `var c conf; env.Parse(&c); http.ListenAndServe(":"+c.Port, nil)`, "type conf struct{ Port string `env:\"PORT\" envDefault:\"6000\"` }", []string{":$PORT=6000"}},
		"envconfig":               {"net/http github.com/kelseyhightower/envconfig", `var c conf; envconfig.Process("", &c); http.ListenAndServe(":"+c.Port, nil)`, "type conf struct{ Port string `envconfig:\"APP_PORT\" default:\"6001\"` }", []string{":$APP_PORT=6001"}},
		"flag":                    {"net/http flag", `a := flag.String("addr", ":8082", "usage"); flag.Parse(); http.ListenAndServe(*a, nil)`, "", []string{"-addr=:-addr=8082"}},
		"flag var":                {"net/http flag fmt", `var p int; flag.IntVar(&p, "port", 8083, "usage"); flag.Parse(); http.ListenAndServe(fmt.Sprintf(":%d", p), nil)`, "", []string{":-port=8083"}},
		"pflag":                   {"net/http github.com/spf13/cobra", `c := &cobra.Command{}; a := c.Flags().StringP("addr", "a", "localhost:8084", "usage"); http.ListenAndServe(*a, nil)`, "", []string{"--addr=localhost:--addr=8084"}},
		"viper":                   {"net/http github.com/spf13/viper", `viper.SetDefault("Port", 8085); http.ListenAndServe(":"+viper.GetString("port"), nil)`, "", []string{":8085"}},
		"viper's variables":       {viperImports, `viper.SetDefault("http-port", 8085); viper.SetEnvPrefix("app"); viper.SetEnvKeyReplacer(strings.NewReplacer("-", "_")); viper.AutomaticEnv(); http.ListenAndServe(":"+viper.GetString("http-port"), nil)`, "", []string{":$APP_HTTP_PORT=8085"}},
		"viper's replacer":        {viperImports, `viper.SetDefault("server.port", 8085); viper.SetEnvKeyReplacer(dots); viper.AutomaticEnv(); http.ListenAndServe(":"+viper.GetString("server.port"), nil)`, `var dots = strings.NewReplacer(".", "_")`, []string{":$SERVER_PORT=8085"}},
		"viper's dots":            {viperImports, `_ = strings.ToUpper; viper.SetDefault("server.port", 8085); viper.AutomaticEnv(); http.ListenAndServe(":"+viper.GetString("server.port"), nil)`, "", []string{":8085"}},
		"viper's flag":            {viperImports + " github.com/spf13/cobra", `_ = strings.ToUpper; c := &cobra.Command{}; c.Flags().Int("port", 8081, "usage"); v := viper.New(); v.SetEnvPrefix("X"); v.AutomaticEnv(); v.BindPFlags(c.Flags()); http.ListenAndServe(":"+v.GetString("port"), nil)`, "", []string{":$X_PORT=8081"}},
		"a flag beside viper":     {viperImports + " github.com/spf13/cobra", `_ = strings.ToUpper; c := &cobra.Command{}; c.Flags().String("port", "8081", "usage"); viper.AutomaticEnv(); p, _ := c.Flags().GetString("port"); http.ListenAndServe(":"+p, nil)`, "", []string{":--port=8081"}},
		"viper's BindEnv":         {viperImports, `_ = strings.ToUpper; viper.SetDefault("port", 8085); viper.BindEnv("port", "LISTEN_PORT"); http.ListenAndServe(":"+viper.GetString("port"), nil)`, "", []string{":$LISTEN_PORT=8085"}},
		"viper's prefix bound":    {viperImports, `_ = strings.ToUpper; viper.SetEnvPrefix("app"); viper.SetDefault("port", 8085); viper.BindEnv("port"); http.ListenAndServe(":"+viper.GetString("port"), nil)`, "", []string{":$APP_PORT=8085"}},
		"viper's computed prefix": {viperImports + " os", `_ = strings.ToUpper; viper.SetEnvPrefix(os.Args[0]); viper.AutomaticEnv(); viper.SetDefault("port", 8085); http.ListenAndServe(":"+viper.GetString("port"), nil)`, "", []string{":8085"}},
		"viper without default":   {viperImports, `_ = strings.ToUpper; viper.AutomaticEnv(); http.ListenAndServe(":"+viper.GetString("PORT"), nil)`, "", []string{":$PORT"}},
		"cli's variable":          {"net/http github.com/urfave/cli/v2", `f := &cli.StringFlag{Name: "addr", Value: "127.0.0.1:8090", EnvVars: []string{"LISTENER", "ADDR"}}; _ = f; run(nil)`, `func run(c *cli.Context) { http.ListenAndServe(c.String("addr"), nil) }`, []string{"$LISTENER=127.0.0.1:$LISTENER=8090"}},
		"cli 1's variable":        {"net/http github.com/urfave/cli", `f := cli.StringFlag{Name: "port", Value: "8090", EnvVar: "PORT,P"}; _ = f; run(nil)`, `func run(c *cli.Context) { http.ListenAndServe(":"+c.String("port"), nil) }`, []string{":$PORT=8090"}},
		"cli 3's variable":        {"net/http github.com/urfave/cli/v3", `f := &cli.StringFlag{Name: "port", Sources: cli.EnvVars("PORT")}; _ = f; run(nil)`, `func run(c *cli.Command) { http.ListenAndServe(":"+c.String("port"), nil) }`, []string{":$PORT"}},
		"kingpin's variable":      {"net/http github.com/alecthomas/kingpin/v2", `a := kingpin.Flag("listen", "usage").Envar("LISTEN").Default(":9115").String(); http.ListenAndServe(*a, nil)`, "", []string{"$LISTEN:$LISTEN=9115"}},
		"ff":                      {"net/http flag github.com/peterbourgon/ff/v3", `fs := flag.NewFlagSet("x", 0); a := fs.String("http-port", "8082", "usage"); ff.Parse(fs, nil, ff.WithEnvVarPrefix("MY")); http.ListenAndServe(":"+*a, nil)`, "", []string{":$MY_HTTP_PORT=8082"}},
		"ff without a prefix":     {"net/http flag github.com/peterbourgon/ff/v3", `fs := flag.NewFlagSet("x", 0); a := fs.String("http-port", "8082", "usage"); ff.Parse(fs, nil, ff.WithEnvVars()); http.ListenAndServe(":"+*a, nil)`, "", []string{":$HTTP_PORT=8082"}},
		"ff, several prefixes":    {"net/http flag github.com/peterbourgon/ff/v3", `fs := flag.NewFlagSet("x", 0); a := fs.String("http-port", "8082", "usage"); ff.Parse(fs, nil, ff.WithEnvVarPrefix("MY"), ff.WithEnvVarPrefix("OUR")); http.ListenAndServe(":"+*a, nil)`, "", []string{":--http-port=8082"}},
		"kingpin, no default":     {"net/http github.com/alecthomas/kingpin/v2", `a := kingpin.Flag("port", "usage").Envar("PORT").String(); http.ListenAndServe(":"+*a, nil)`, "", []string{":$PORT"}},
		"viper's odd replacer":    {viperImports + " os", `viper.SetDefault("server.port", 8085); viper.SetEnvKeyReplacer(strings.NewReplacer(os.Args[0], "_")); viper.AutomaticEnv(); http.ListenAndServe(":"+viper.GetString("server.port"), nil)`, "", []string{":8085"}},
		"envconfig, embedded":     {"net/http github.com/kelseyhightower/envconfig", `var c conf; envconfig.Process("my", &c); http.ListenAndServe(":"+c.Port, nil)`, "type conf struct{ server }; type server struct { Port string `default:\"6002\"` }", []string{":$MY_PORT=6002"}},
		"envconfig, ignored":      {"net/http github.com/kelseyhightower/envconfig", `c := conf{Port: "6003"}; envconfig.Process("my", &c); http.ListenAndServe(":"+c.Port, nil)`, "type conf struct{ Port string `ignored:\"true\"` }", []string{":6003"}},
		"envconfig's field":       {"net/http github.com/kelseyhightower/envconfig", `var c conf; envconfig.MustProcess("my", &c); http.ListenAndServe(":"+c.HTTPPort, nil)`, "type conf struct{ HTTPPort string `default:\"6001\" split_words:\"true\"` }", []string{":$MY_HTTP_PORT=6001"}},
		"envconfig, nested":       {"net/http github.com/kelseyhightower/envconfig", `var c conf; envconfig.Process("", &c); http.ListenAndServe(":"+c.Server.Port, nil)`, "type conf struct{ Server server }; type server struct { Port string `default:\"6002\"` }", []string{":$SERVER_PORT=6002"}},
		"host and port":           {"net/http os net", `http.ListenAndServe(net.JoinHostPort(env("HOST", "localhost"), env("PORT", "8086")), nil)`, `func env(k, d string) string { if v := os.Getenv(k); v != "" { return v }; return d }`, []string{"$HOST=localhost:$PORT=8086"}},
		"gin default":             {gin, `r := gin.Default(); r.Run()`, "", []string{":$PORT=8080"}},
		"gin literal":             {gin, `setup().Run(":8087")`, `func setup() *gin.Engine { r := gin.New(); return r }`, []string{":8087"}},
		"fiber":                   {fiber, `app := fiber.New(); app.Listen(":3000")`, "", []string{":3000"}},
		"fiber field":             {fiber, `(&server{fiber.New()}).start()`, `type server struct{ app *fiber.App }; func (s *server) start() { s.app.Listen(":3001") }`, []string{":3001"}},
		"several":                 {fiber, `app := fiber.New(); for _, p := range []string{":3000", ":3001"} { go func(a string) { app.Listen(a) }(p) }`, "", []string{":3000", ":3001"}},
		"echo":                    {echo, `e := echo.New(); e.Logger.Fatal(e.Start(":1323"))`, "", []string{":1323"}},
		"a job's Run":             {gin + " os/exec", `_ = gin.Mode(); cmd := exec.Command("x"); cmd.Run()`, "", nil},
		"not reached":             {"net/http", ``, `func serve() { http.ListenAndServe(":1", nil) }`, nil},
		"by method":               {"net/http", `var s server = impl{}; s.Serve()`, `type server interface{ Serve() }; type impl struct{}; func (impl) Serve() { http.ListenAndServe(":8088", nil) }`, []string{":8088"}},
		"unknown":                 {"net/http os", `http.ListenAndServe(os.Args[1], nil)`, "", []string{"?"}},
		"kingpin":                 {"net/http github.com/alecthomas/kingpin/v2", `a := kingpin.Flag("listen", "usage").Short('l').Default(":9115").String(); http.ListenAndServe(*a, nil)`, "", []string{"--listen=:--listen=9115"}},
		"cli":                     {"net/http github.com/urfave/cli/v2", `f := &cli.StringFlag{Name: "addr", Value: ":8090"}; _ = f; run(nil)`, `func run(c *cli.Context) { http.ListenAndServe(c.String("addr"), nil) }`, []string{"--addr=:--addr=8090"}},
		"mapstructure":            {"net/http github.com/spf13/viper github.com/spf13/pflag", `fs := pflag.NewFlagSet("x", 0); fs.String("port", "9898", "usage"); viper.BindPFlags(fs); var c conf; viper.Unmarshal(&c); http.ListenAndServe(":"+c.Port, nil)`, "type conf struct{ Port string `mapstructure:\"port\"` }", []string{":--port=9898"}},
		"other values":            {"net/http", `serve(&conf{":1"})`, `type conf struct{ a string }; func serve(c *conf) { http.ListenAndServe(c.a, nil) }; func mock() { serve(&conf{a: ":2"}) }`, []string{":1"}},
		"option":                  {"net/http os", `s := &server{addr: ":80"}; port(os.Getenv("PORT"))(s); http.ListenAndServe(s.addr, nil)`, `type server struct{ addr string }; func port(p string) func(*server) { return func(s *server) { s.addr = ":" + p } }`, []string{":$PORT=80"}},
		"required":                {"net/http", `s := &server{addr: ":80"}; var c conf; s.addr = ":" + c.Port; http.ListenAndServe(s.addr, nil)`, "type server struct{ addr string }; type conf struct { Port string `env:\"PORT,required\"` }", []string{":$PORT"}},
		"pocketbase":              {"github.com/pocketbase/pocketbase", `app := pocketbase.New(); app.Start()`, "", []string{"--http=127.0.0.1:--http=8090"}},
		"pocketbase, asserted":    {"github.com/pocketbase/pocketbase github.com/pocketbase/pocketbase/core", `run(pocketbase.New())`, `func run(app core.App) { pb, ok := app.(*pocketbase.PocketBase); if ok { pb.Start() } }`, []string{"--http=127.0.0.1:--http=8090"}},
		"elsewhere":               {"net/http", `s := &http.Server{}; s.ListenAndServe()`, "", []string{"?"}},
		"recursive":               {"net/http", `http.ListenAndServe(a(), nil)`, `func a() string { return b() }; func b() string { return a() }`, []string{"?"}},
		"itself":                  {"net/http", `p := ":1"; p = p + "0"; p = p; http.ListenAndServe(p, nil)`, "", []string{":10"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(t, mainModule(tt.imports, tt.body, tt.rest))
			var got []string
			for _, l := range f.Mains[0].Listens {
				got = append(got, addr(l.Addr))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

func TestPaths(t *testing.T) {
	const files = "-- README.md --\n-- gen.go --\n// Code generated by x. DO NOT EDIT.\n\npackage main\n\nfunc gen() { println(\"config.yaml\") }\n-- views/a.html --\n-- lang/en.toml --\n-- config.yaml --\n-- embed/x.txt --\n"
	for name, tt := range map[string]struct {
		imports, body, rest string
		want                []string // use name
	}{
		"glob":        {"html/template", `template.ParseGlob("views/*.html")`, "", []string{"read views/*.html"}},
		"files":       {"html/template", `template.ParseFiles("a.html", "b.html")`, "", []string{"read a.html", "read b.html"}},
		"joined":      {"os path/filepath", `os.ReadFile(filepath.Join(dir, "a.html"))`, `const dir = "views"`, []string{"read views/a.html"}},
		"folder":      {"os", `os.ReadFile("views/" + os.Args[1] + ".html")`, "", []string{"read views"}},
		"absolute":    {"os", `os.ReadFile("/etc/passwd")`, "", nil},
		"dir":         {"net/http", `http.FileServer(http.Dir("./views"))`, "", []string{"read views"}},
		"gin":         {"github.com/gin-gonic/gin", `r := gin.Default(); r.LoadHTMLGlob("views/*"); r.Static("/s", "./static")`, "", []string{"read views/*", "read static"}},
		"engine":      {"github.com/gofiber/template/html/v2", `html.New("./views", ".html")`, "", []string{"read views"}},
		"unknown lib": {"example.org/x", `x.Load("./lang/en.toml")`, "", []string{"read lang/en.toml"}},
		"generated":   {"example.org/x", `gen()`, "", nil},
		"prose":       {"example.org/x", `x.Load("README.md")`, "", nil},
		"not a path":  {"example.org/x", `x.Load("views"); x.Load("nothing.txt")`, "", nil},
		"write":       {"os", `os.MkdirAll("data", 0o755); os.WriteFile("data/x", nil, 0o600)`, "", []string{"write data", "write data/x"}},
		"read only":   {"os", `os.OpenFile("config.yaml", os.O_RDONLY, 0)`, "", []string{"read config.yaml"}},
		"sqlite":      {"database/sql github.com/mattn/go-sqlite3", `sql.Open("sqlite3", "file:app.db?cache=shared")`, "", []string{"write app.db"}},
		"memory":      {"database/sql github.com/mattn/go-sqlite3", `sql.Open("sqlite3", ":memory:")`, "", nil},
		"migrations":  {"github.com/golang-migrate/migrate/v4", `migrate.New("file://lang", "postgres://")`, "", []string{"read lang"}},
		"goose":       {"github.com/pressly/goose/v3", `goose.Up(nil, "lang")`, "", []string{"read lang"}},
		"embedded":    {"embed github.com/pressly/goose/v3", `goose.SetBaseFS(fs); goose.Up(nil, "lang")`, "var fs embed.FS", nil},
		"on the disk": {"github.com/pressly/goose/v3", `goose.SetBaseFS(nil); goose.Up(nil, "lang")`, "", []string{"read lang"}},
		"viper":       {"github.com/spf13/viper", `viper.SetConfigName("config"); viper.AddConfigPath("."); viper.ReadInConfig()`, "", []string{"read config.yaml"}},
		"escapes":     {"os", "os.ReadFile(\"a\\x00b\"); os.ReadFile(\"a\\nb\")", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(t, mainModule(tt.imports, tt.body, tt.rest)+files)
			var got []string
			for _, p := range f.Mains[0].Files {
				got = append(got, string(p.Use)+" "+p.Path.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

func TestMains(t *testing.T) {
	f := facts(t, `
-- go.mod --
module example.com/app
-- cmd/api/main.go --
package main
func main() {}
-- cmd/api/main_windows.go --
package main
-- cmd/win/main_windows.go --
package main
func main() {}
-- cmd/old/main.go --
//go:build ignore
package main
func main() {}
-- cmd/tagged/main.go --
//go:build integration
package main
func main() {}
-- gen.go --
//go:build ignore
package main
-- app.go --
package app
-- examples/x/main.go --
package main
func main() {}
-- tools/lint/main.go --
package main
func main() {}
-- testdata/x/main.go --
package main
func main() {}
-- _scratch/main.go --
package main
func main() {}
-- app_test.go --
package app
-- nested/go.mod --
module example.com/nested
-- nested/main.go --
package main
func main() {}
`)
	var got []string
	for _, m := range f.Mains {
		s := m.Dir + " " + m.Pos.String() + " " + strings.Join(m.GoFiles, ",")
		if m.Auxiliary {
			s += " aside"
		}
		got = append(got, s)
	}
	want := []string{
		"cmd/api cmd/api/main.go:2 main.go",
		"examples/x examples/x/main.go:2 main.go aside",
		"tools/lint tools/lint/main.go:2 main.go aside",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	if len(f.Tests) != 1 || f.Tests[0].Pos.File != "app_test.go" {
		t.Errorf("tests: %v", f.Tests)
	}
}

func TestModule(t *testing.T) {
	f := facts(t, `
-- go.mod --
module example.com/app

go 1.25.3

toolchain go1.26.1

require (
	example.com/lib v0.0.0
	github.com/go-chi/chi/v5 v5.0.0
)

replace example.com/lib => ./lib
replace example.com/far => ../far
-- go.sum --
github.com/go-chi/chi/v5 v5.0.0 h1:x
-- .go-version --
# ours
1.26.2
-- .tool-versions --
nodejs 20
golang 1.26.3 # pinned
-- mise.toml --
[tools]
node = "20"
go = { version = "1.26.4" }
-- lib/go.mod --
module example.com/lib
go 1.20
-- lib/lib.go --
package lib
-- main.go --
package main
import (
	"example.com/lib"
	"example.com/app/internal/gone"
	_ "github.com/go-chi/chi/v5"
)
func main() { _ = lib.X; gone.X() }
-- vendor/modules.txt --
`)
	var pins []string
	for _, v := range f.Version {
		pins = append(pins, v.Pos.String()+" "+string(v.Value.Source)+" "+v.Value.Version)
	}
	if diff := cmp.Diff([]string{
		"go.mod:3 go line 1.25.3", "go.mod:5 toolchain line 1.26.1", "lib/go.mod:2 go line 1.20",
		".go-version:2 .go-version 1.26.2", ".tool-versions:2 .tool-versions 1.26.3", "mise.toml:3 mise 1.26.4",
	}, pins); diff != "" {
		t.Errorf("versions: want -, got +:\n%s", diff)
	}
	if len(f.Modules) != 2 || f.Modules[1].Dir != "lib" || !f.Modules[0].Sum || f.Modules[1].Sum {
		t.Errorf("modules: %+v", f.Modules)
	}
	reps := f.Modules[0].Replaces
	if len(reps) != 2 || !reps[0].Value.Mod || reps[1].Value.Into != "../far" || reps[1].Value.Mod {
		t.Errorf("replaces: %+v", reps)
	}
	m := f.Mains[0]
	if len(m.Missing) != 1 || m.Missing[0].Value != "example.com/app/internal/gone" || m.Missing[0].Pos.String() != "main.go:4" {
		t.Errorf("missing: %+v", m.Missing)
	}
	if len(m.Imports) != 1 || m.Imports[0].Value != "github.com/go-chi/chi/v5" {
		t.Errorf("imports: %+v", m.Imports)
	}
	if !f.Vendor.Found() {
		t.Error("vendor not found")
	}
}

func TestWork(t *testing.T) {
	f := facts(t, `
-- go.work --
go 1.26
use (
	./api
	./lib
)
-- api/go.mod --
module example.com/api
-- api/main.go --
package main
import "example.com/lib"
func main() { lib.Serve() }
-- lib/go.mod --
module example.com/lib
-- lib/lib.go --
package lib
import "net/http"
func Serve() { http.ListenAndServe(":8099", nil) }
-- other/go.mod --
module example.com/other
-- other/main.go --
package main
func main() {}
`)
	if len(f.Mains) != 1 || f.Mains[0].Dir != "api" || len(f.Mains[0].Listens) != 1 || f.Mains[0].Listens[0].Addr.Port.Text != "8099" {
		t.Errorf("%+v", f.Mains)
	}
}

// TestTagThatEmbeds: of the tags that only some builds have, the one with which the program embeds what it lacks without is its own.
func TestTagThatEmbeds(t *testing.T) {
	const (
		program = "-- go.mod --\nmodule x\ngo 1.26\n-- main.go --\npackage main\nimport \"x/web\"\nfunc main() { web.Serve() }\n-- web/web.go --\npackage web\nfunc Serve() {}\n"
		plain   = "-- web/plain.go --\n//go:build !ui\n\npackage web\n"
		with    = "-- web/with.go --\n//go:build ui\n\npackage web\nimport \"embed\"\n//go:embed dist\nvar FS embed.FS\n"
		builds  = "-- Makefile --\nquick:\n\tgo build .\nall:\n\tgo build -tags ui .\n"
		ignored = "-- .gitignore --\ndist\n"
		front   = "-- ui/package.json --\n{}\n"
	)
	for name, tt := range map[string]struct {
		archive string
		want    []string
	}{
		"a front end":        {program + plain + with + builds + ignored + front, []string{"tag ui Makefile:4"}},
		"committed files":    {program + plain + with + builds + "-- web/dist/index.html --\n<p>\n", []string{"tag ui Makefile:4"}},
		"old constraints":    {program + strings.NewReplacer("//go:build", "// +build").Replace(plain+with) + builds + ignored + front, []string{"tag ui Makefile:4"}},
		"nothing writes it":  {program + plain + with + builds + ignored, []string{"some ui Makefile:4"}},
		"nobody ignores it":  {program + plain + with + builds + front, []string{"some ui Makefile:4"}},
		"no program reaches": {strings.Replace(program, "import \"x/web\"\nfunc main() { web.Serve() }", "func main() {}", 1) + plain + with + builds + ignored + front, []string{"some ui Makefile:4"}},
		"without it":         {program + strings.Replace(plain, "package web", "package web\nimport \"embed\"\n//go:embed dist\nvar FS embed.FS", 1) + strings.Split(with, "import")[0] + builds + ignored + front, []string{"some ui Makefile:4"}},
		"of who works on it": {program + strings.NewReplacer(" ui", " dev", "!ui", "!dev").Replace(plain+with+builds) + ignored + front, []string{"some dev Makefile:4"}},
		"each of two":        {program + plain + with + strings.Replace(strings.Replace(with, "build ui", "build ux", 1), "with.go", "ux.go", 1) + builds + "more:\n\tgo build -tags ux .\n" + ignored + front, []string{"some ui Makefile:4", "some ux Makefile:6"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := said(facts(t, tt.archive).BuildFlags); !cmp.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCgoEmbedCommands(t *testing.T) {
	f := facts(t, `
-- go.mod --
module example.com/app
-- main.go --
package main

// #cgo LDFLAGS: -lfoo -lm
// #cgo pkg-config: vips
import "C"
import (
	"embed"
	"log"
	"os/exec"
	"github.com/joho/godotenv"
	"github.com/gin-gonic/gin"
)

//go:embed web/* missing/*.txt
var fs embed.FS

func main() {
	if err := godotenv.Load(); err != nil {
		log.Fatal(err)
	}
	exec.Command("dot", "-Tpng").Run()
	r := gin.New()
	r.GET("/healthz", nil)
	g := r.Group("/api")
	g.GET("/ping", nil)
}
-- web/index.html --
-- .env.example --
PORT=9000
SECRET=1
TOKEN=abc
ADDR="localhost:9001"
-- Makefile --
check:
	@go vet ./...
`)
	m := f.Mains[0]
	if len(m.Cgo) != 1 || !cmp.Equal(m.Cgo[0].Libs, []string{"foo", "m"}) || !cmp.Equal(m.Cgo[0].PkgConfig, []string{"vips"}) || m.Cgo[0].Pos.Line != 5 {
		t.Errorf("cgo: %+v", m.Cgo)
	}
	if len(m.Embeds) != 2 || m.Embeds[0].Value.Matches == m.Embeds[1].Value.Matches {
		t.Errorf("embeds: %+v", m.Embeds)
	}
	if len(m.Execs) != 1 || m.Execs[0].Program.Text != "dot" {
		t.Errorf("programs: %+v", m.Execs)
	}
	if len(m.Routes) != 1 || m.Routes[0].Path != "/healthz" {
		t.Errorf("routes: %+v", m.Routes)
	}
	if len(m.EnvFiles) != 1 || !m.EnvFiles[0].Value.Must {
		t.Errorf("env files: %+v", m.EnvFiles)
	}
	want := []Var{{Name: "PORT", Value: "9000"}, {Name: "ADDR", Value: "localhost:9001"}} // a secret's value is not kept
	var vars []Var
	for _, v := range f.Dotenv {
		vars = append(vars, v.Value)
	}
	if diff := cmp.Diff(want, vars); diff != "" {
		t.Errorf("dotenv: want -, got +:\n%s", diff)
	}
	if f.Vet.Pos.String() != "Makefile:2" {
		t.Errorf("vet: %v", f.Vet)
	}
}

func TestBare(t *testing.T) {
	f := facts(t, "-- main.go --\npackage main\nfunc main() {}\n-- sub/x.go --\npackage sub\n")
	if !f.Bare() || len(f.Mains) != 1 {
		t.Errorf("%+v", f)
	}
	if f, err := detectText(t, "-- lib.go --\npackage lib\n"); f != nil || err != nil {
		t.Errorf("a lone library: %v, %v", f, err)
	}
	if f, err := detectText(t, "-- a/main.go --\npackage main\n"); f != nil || err != nil {
		t.Errorf("a program below: %v, %v", f, err)
	}
}

func TestErrors(t *testing.T) {
	for name, tt := range map[string]struct{ archive, want string }{
		"go.mod":  {"-- go.mod --\nmodule example.com/x\nrequire (\n\tfoo\n)\n", "go.mod:3: "},
		"verb":    {"-- go.mod --\nmodule example.com/x\n\x1b[31mevil\n", "go.mod:2: "},
		"go.work": {"-- go.work --\nuse\n", "go.work:1: "},
		"mise":    {"-- go.mod --\nmodule x\n-- mise.toml --\n[tools\n", "mise.toml:1: "},
		"zero":    {"-- go.mod --\nmodule x\n-- .go-version --\n1.2\x00\n", ".go-version:1: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := detectText(t, tt.archive)
			var fe *fact.Error
			if !errors.As(err, &fe) || !strings.HasPrefix(err.Error(), tt.want) || strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Errorf("got %v, want a fact.Error that starts with %q", err, tt.want)
			}
		})
	}
}

// TestOdd reads code that does not compile, or only in odd ways.
func TestOdd(t *testing.T) {
	for name, body := range map[string]string{
		"syntax error":   "package main\nfunc main() { http.ListenAndServe( }",
		"empty":          "",
		"two packages":   "package main\nimport \"x/y\"\nfunc main() { y.Z() }",
		"cycle of types": "package main\ntype T T\ntype A [len(a)]int\nvar a A\nfunc main() { var t T; t.x() }",
		"generics":       "package main\ntype L[T any] struct{ v T }\nfunc (l L[T]) get() T { return l.v }\nfunc id[T any](t T) T { return t }\nfunc main() { println(id(L[string]{\":1\"}.get())) }",
		"deep":           "package main\nvar x = " + strings.Repeat("(", 2000) + "1" + strings.Repeat(")", 2000) + "\nfunc main() {}",
		"long":           "package main\nfunc main() { println(\"a\"" + strings.Repeat("+\"a\"", 2000) + ") }",
		"many values":    "package main\nimport \"net/http\"\nfunc main() { x, y := f(), f()\n" + strings.Repeat("x = y.g()\ny = x.g()\n", 2000) + strings.Repeat("x.HandleFunc(\"/\", nil)\nhttp.ListenAndServe(x, y)\n", 200) + "}",
		"calls itself":   "package main\nimport \"net/http\"\nfunc main() { http.HandleFunc(\"/\", nil); r().HandleFunc(\"/\", nil); http.ListenAndServe(s(), nil) }\nfunc r() *http.ServeMux { return r() }\nfunc s() string { return s() + s() }",
		"self import":    "package main\nimport \"example.com/app\"\nfunc main() { app.X() }",
		"c":              "package main\nimport \"C\"\nfunc main() { C.puts(C.CString(\"x\")) }",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := detectText(t, "-- go.mod --\nmodule example.com/app\n-- main.go --\n"+body+"\n"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestVersionFiles(t *testing.T) {
	for name, want := range map[string]string{
		".go-version --\n\n# x\n go1.26.1 # y":                ".go-version 1.26.1",
		".go-version --\nsystem":                              "",
		".tool-versions --\ngo 1.26rc1 1.25":                  ".tool-versions 1.26rc1",
		".tool-versions --\ngolang ref:master\ngolang 1.26":   ".tool-versions 1.26",
		"mise.toml --\n[tools]\ngo = ['prefix:1.26', '1.25']": "mise 1.26",
		".config/mise/config.toml --\ntools.go = 'latest'":    "",
	} {
		f, err := detectText(t, "-- main.go --\npackage main\nfunc main() {}\n-- "+name+"\n")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range f.Version {
			got = append(got, string(v.Value.Source)+" "+v.Value.Version)
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("module example.com/app\ngo 1.26\n", "package main\nimport \"net/http\"\nfunc main() { http.ListenAndServe(\":8080\", nil) }", "golang 1.26", "[tools]\ngo = \"1.26\"")
	f.Add("module x\nreplace y => ./z\n", "package main\n// #cgo LDFLAGS: -lx\nimport \"C\"\nfunc main() {}", "#", "")
	f.Add("", "package main\nimport (\"flag\"; \"fmt\"; \"net\")\nfunc main() { p := flag.Int(\"p\", 1, \"\"); net.Listen(\"tcp\", fmt.Sprintf(\"%s:%d\", h(), *p)) }\nfunc h() string { return h() }", "", "")
	f.Add("module x", "package main\ntype s struct{ P string `env:\"P\" envDefault:\"1\"` }\nfunc main() { var x s; for _, a := range []string{x.P} { go func(b string) { g(b) }(a) } }\nfunc g(a ...string) {}", "", "")
	f.Fuzz(func(t *testing.T, mod, source, tools, mise string) {
		fsys := fstest.MapFS{
			"go.mod": {Data: []byte(mod)}, "main.go": {Data: []byte(source)},
			".tool-versions": {Data: []byte(tools)}, "mise.toml": {Data: []byte(mise)}, "views/a.html": {},
		}
		if mod == "" {
			delete(fsys, "go.mod")
		}
		tr, err := tree.Scan(context.Background(), fsys, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Detect(tr, "."); err != nil && strings.ContainsAny(err.Error(), "\x1b\n") {
			t.Errorf("an error with control characters: %q", err)
		}
	})
}
