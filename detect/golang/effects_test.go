package golang

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLastWrite holds what a variable is where it is used: the last write on
// each way that leads there.
func TestLastWrite(t *testing.T) {
	const use = `http.ListenAndServe(a, nil)`
	for name, tt := range map[string]struct{ body, rest, want string }{
		"straight":           {`a := ":1"; println(a); a = ":2"; ` + use, "", ":2"},
		"used before":        {`a := ":1"; ` + use + `; a = ":2"`, "", ":1"},
		"in between":         {`a := ":1"; http.ListenAndServe(a, nil); a = ":2"; ` + use, "", ":1 :2"},
		"declared":           {`var a string; a = ":2"; ` + use, "", ":2"},
		"if":                 {`a := ":1"; if len(os.Args) > 1 { a = ":2" }; ` + use, "", ":1 :2"},
		"if else":            {`a := ":1"; if len(os.Args) > 1 { a = ":2" } else { a = ":3" }; ` + use, "", ":2 :3"},
		"within if":          {`a := ":1"; if len(os.Args) > 1 { a = ":2"; ` + use + ` }`, "", ":2"},
		"returns":            {`a := ":1"; if len(os.Args) > 1 { a = ":2"; return }; ` + use, "", ":1"},
		"ends":               {`a := ":1"; if len(os.Args) > 1 { a = ":2"; log.Fatal(a) }; ` + use, "", ":1"},
		"switch":             {`a := ":1"; switch len(os.Args) { case 1: a = ":2"; case 2: a = ":3" }; ` + use, "", ":1 :2 :3"},
		"switch default":     {`a := ":1"; switch len(os.Args) { case 1: a = ":2"; default: a = ":3" }; ` + use, "", ":2 :3"},
		"fallthrough":        {`a := ":1"; switch len(os.Args) { case 1: a = ":2"; fallthrough; case 2: println(a); default: a = ":3" }; ` + use, "", ":1 :2 :3"},
		"loop":               {`a := ":1"; for range os.Args { ` + use + `; a = ":2" }`, "", ":1 :2"},
		"loop, before":       {`a := ":1"; for range os.Args { a = ":2"; ` + use + ` }`, "", ":2"},
		"after loop":         {`a := ":1"; for range os.Args { a = ":2" }; ` + use, "", ":1 :2"},
		"break":              {`a := ":1"; for { a = ":2"; if len(os.Args) > 1 { break }; a = ":3" }; ` + use, "", ":2"},
		"continue":           {`a := ":1"; for range os.Args { a = ":2"; if len(os.Args) > 1 { continue }; a = ":3" }; ` + use, "", ":1 :2 :3"},
		"in a literal":       {`a := ":1"; a = ":2"; go func() { ` + use + ` }()`, "", ":2"},
		"after a literal":    {`a := ":1"; go func() { ` + use + ` }(); a = ":2"`, "", ":1 :2"},
		"by a literal":       {`a := ":1"; set := func() { a = ":2" }; set(); ` + use, "", ":1 :2"},
		"shadowed":           {`a := ":1"; { a := ":2"; println(a) }; ` + use, "", ":1"},
		"of another":         {`a := ":1"; other(); ` + use, `func other() { a := ":5432"; println(a) }`, ":1"},
		"appended":           {`a := ":"; a += "1"; a += "2"; ` + use, "", ":12"},
		"parameter":          {`run(":1")`, `func run(a string) { a = ":2"; ` + use + ` }`, ":2"},
		"parameter, kept":    {`run(":1")`, `func run(a string) { if a == "" { a = ":2" }; ` + use + ` }`, ":1 :2"},
		"flag":               {`var a string; flag.StringVar(&a, "addr", ":1", ""); flag.Parse(); ` + use, "", "-addr=:-addr=1"},
		"named result":       {`a := get(); ` + use, `func get() (s string) { s = ":1"; s = ":2"; return }`, ":2"},
		"package variable":   {`a = ":2"; ` + use, `var a = ":1"`, ":2 :1"},
		"another system":     {`a := ":1"; if runtime.GOOS == "windows" { a = ":2" }; ` + use, "", ":1"},
		"this system":        {`a := ":1"; if runtime.GOOS == "linux" { a = ":2" } else { a = ":3" }; ` + use, "", ":2"},
		"not this system":    {`a := ":1"; if runtime.GOOS != "linux" { a = ":2" }; ` + use, "", ":1"},
		"by system":          {`a := ":1"; switch runtime.GOOS { case "windows": a = ":2"; case "linux", "darwin": a = ":3"; default: a = ":4" }; ` + use, "", ":3"},
		"by system, default": {`a := ":1"; switch runtime.GOOS { case "windows": a = ":2"; default: a = ":4" }; ` + use, "", ":4"},
		"by system, none":    {`a := ":1"; switch runtime.GOOS { case "windows": a = ":2" }; ` + use, "", ":1"},
		"goto":               {`a := ":1"; goto x; x: a = ":2"; ` + use, "", ":1 :2"},
		"variable and place": {`a := os.Getenv("A"); if a == "" { a = ":1" }; ` + use + `; a = ":2"`, "", "$A:$A=1"},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(t, mainModule("net/http os log flag runtime", tt.body+"\n_, _, _, _ = os.Args, log.Println, flag.Args, runtime.GOOS", tt.rest))
			var got []string
			for _, l := range f.Mains[0].Listens {
				got = append(got, addr(l.Addr))
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestExecs wants every program that a call may start.
func TestExecs(t *testing.T) {
	for name, tt := range map[string]struct{ body, rest, want string }{
		"literal":       {`exec.Command("ffmpeg", "-v")`, "", "ffmpeg"},
		"a list":        {`for _, t := range []string{"ffmpeg", "ffprobe"} { exec.Command(t) }`, "", "ffmpeg ffprobe"},
		"a list by key": {`for _, t := range map[string]string{"a": "ffmpeg", "b": "ffprobe"} { exec.LookPath(t) }`, "", "ffmpeg ffprobe"},
		"appended":      {`l := []string{"git"}; l = append(l, "hg"); for _, t := range l { exec.LookPath(t) }`, "", "hg git"},
		"either":        {`t := "convert"; if len(os.Args) > 1 { t = "magick" }; exec.Command(t)`, "", "convert magick"},
		"parameter":     {`run("dot"); run("git")`, `func run(p string) { exec.Command(p).Run() }`, "dot git"},
		"field":         {`(&tool{"dot"}).run()`, `type tool struct{ bin string }; func (t *tool) run() { exec.CommandContext(nil, t.bin) }`, "dot"},
		"chosen":        {`exec.Command(pick())`, `func pick() string { if len(os.Args) > 1 { return "a" }; return "b" }`, "a b"},
		"by index":      {`a := []string{"dot", "-T", "svg"}; exec.Command(a[0], a[1:]...)`, "", "dot"},
		"by key":        {`m := map[string]string{"a": "dot", "b": "git"}; exec.Command(m["b"])`, "", "git"},
		"unknown":       {`exec.Command(os.Args[1])`, "", ""},
		"one of them":   {`for _, t := range []string{"git", os.Args[1]} { exec.Command(t) }`, "", "git"},
		"last write":    {`t := "a"; t = "b"; exec.Command(t)`, "", "b"},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(t, mainModule("os os/exec", tt.body+"\n_ = os.Args", tt.rest))
			var got []string
			for _, x := range f.Mains[0].Execs {
				got = append(got, x.Program.Text)
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSignals(t *testing.T) {
	for name, tt := range map[string]struct{ imports, body, want string }{
		"notify":         {"os os/signal syscall", `c := make(chan os.Signal, 1); signal.Notify(c, syscall.SIGTERM, os.Interrupt)`, "SIGTERM SIGINT"},
		"context":        {"context os/signal syscall", `signal.NotifyContext(context.Background(), syscall.SIGTERM)`, "SIGTERM"},
		"unix":           {"os os/signal golang.org/x/sys/unix", `signal.Notify(make(chan os.Signal, 1), unix.SIGTERM)`, "SIGTERM"},
		"all":            {"os os/signal", `signal.Notify(make(chan os.Signal, 1))`, "SIGTERM SIGINT"},
		"a list":         {"os os/signal syscall", `l := []os.Signal{syscall.SIGTERM, syscall.SIGHUP}; signal.Notify(make(chan os.Signal, 1), l...)`, "SIGTERM SIGHUP"},
		"a variable":     {"os os/signal syscall", `s := syscall.SIGTERM; signal.Notify(make(chan os.Signal, 1), s)`, "SIGTERM"},
		"ignored":        {"os/signal syscall", `signal.Ignore(syscall.SIGTERM)`, ""},
		"a name only":    {"syscall", `println(syscall.SIGTERM)`, ""},
		"fx":             {"go.uber.org/fx", `fx.New().Run()`, "SIGTERM SIGINT"},
		"kratos":         {"github.com/go-kratos/kratos/v2", `app := kratos.New(); app.Run()`, "SIGTERM SIGINT SIGQUIT"},
		"controllers":    {"sigs.k8s.io/controller-runtime", `controllerruntime.SetupSignalHandler()`, "SIGTERM SIGINT"},
		"run":            {"context syscall github.com/oklog/run", `run.SignalHandler(context.Background(), syscall.SIGINT)`, "SIGINT"},
		"another's Run":  {"os/exec", `exec.Command("x").Run()`, ""},
		"cobra has none": {"github.com/spf13/cobra", `(&cobra.Command{Use: "x"}).Execute()`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := facts(t, mainModule(tt.imports, tt.body, "")).Mains[0]
			var got []string
			for _, s := range m.Signals {
				got = append(got, s.Name)
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEnv(t *testing.T) {
	f := facts(t, mainModule("os cmp github.com/caarlos0/env/v11", `
	println(os.Getenv("PLAIN"), cmp.Or(os.Getenv("OR"), "1"), get("HELPER", "2"), get("HELPER", "3"))
	if v, ok := os.LookupEnv("LOOKED"); ok { println(v) }
	env.Parse(&conf{})
	println("NOT_READ")`, "func get(k, d string) string { if v := os.Getenv(k); v != \"\" { return v }; return d }\n"+
		"type conf struct { A string `env:\"TAG_A,required\"`; B string `env:\"TAG_B\" envDefault:\"b\"` }"))
	var got []string
	for _, e := range f.Mains[0].Env {
		s := fmt.Sprintf("%s %s:%d", e.Name, e.Pos.File, e.Pos.Line)
		if e.Default.Known() {
			s += " default " + e.Default.Text
		}
		if e.Required {
			s += " required"
		}
		got = append(got, s)
	}
	want := []string{"PLAIN main.go:9", "OR main.go:9", "HELPER main.go:9 default 2", "LOOKED main.go:10", "TAG_A main.go:15 required", "TAG_B main.go:15 default b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestRoutes(t *testing.T) {
	f := facts(t, mainModule("net/http github.com/gin-gonic/gin", `http.HandleFunc("/a", nil); http.HandleFunc("GET /b", nil); m := http.NewServeMux(); m.HandleFunc("POST /c", nil); m.Handle("example.com/d", nil)
	r := gin.New(); r.GET("/e", nil); r.Any("/f", nil); r.Group("/x").GET("/g", nil); routes(r)`, `func routes(e *gin.Engine) { e.GET("/h", nil) }`))
	var got []string
	for _, r := range f.Mains[0].Routes {
		got = append(got, strings.TrimSpace(r.Method+" "+r.Path))
	}
	if diff := cmp.Diff([]string{"/a", "GET /b", "POST /c", "GET /e", "/f", "GET /h"}, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}
