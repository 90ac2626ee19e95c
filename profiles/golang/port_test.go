package golang_test

import (
	"strings"
	"testing"
)

// TestFurtherAddresses is which of several addresses count, and which of them is the app's own.
func TestFurtherAddresses(t *testing.T) {
	const head = "-- main.go --\npackage main\nimport (\"net/http\"; \"os\"; \"cmp\")\nfunc env(k, d string) string { return cmp.Or(os.Getenv(k), d) }\nfunc main() {\n"
	listen := func(key, addr string) string {
		return "go http.ListenAndServe(env(\"" + key + "\", \"" + addr + "\"), nil)\n"
	}
	bare := func(key string) string { return "go http.ListenAndServe(os.Getenv(\"" + key + "\"), nil)\n" }
	const profiler = "go http.ListenAndServe(\":6060\", nil)\n"
	own := func(lines string) string { return "-- Dockerfile --\nFROM scratch\n" + lines + "\n" }
	for name, tt := range map[string]struct{ archive, want, env string }{
		"metrics that are off":              {head + bare("ENABLE_PROMETHEUS") + listen("UI_BIND_ADDR", ":8025") + "}\n", "8025", ""},
		"a further one that is off":         {head + bare("DASHBOARD") + listen("LISTEN", ":8025") + "}\n", "8025", ""},
		"the port itself, and metrics":      {head + bare("LISTEN_ADDR") + "http.ListenAndServe(\":9100\", nil)\n}\n", "8080 9100", "LISTEN_ADDR=:8080"},
		"mail before the page in numbers":   {head + listen("SMTP_BIND_ADDR", ":1025") + listen("UI_BIND_ADDR", ":8025") + "}\n", "8025 1025", ""},
		"ssh before the page in numbers":    {head + listen("OG_SSH_PORT", ":2222") + listen("OG_HTTP_PORT", ":6157") + "}\n", "6157 2222", ""},
		"a profiler that is not exposed":    {head + profiler + listen("LISTEN", ":8080") + "}\n" + own("EXPOSE 8080"), "8080", ""},
		"TLS that is not exposed":           {head + listen("SSL_PORT", ":8443") + listen("PORT", ":8080") + "}\n" + own("EXPOSE 8080"), "8080", ""},
		"both are exposed":                  {head + listen("SSL_PORT", ":8443") + listen("PORT", ":8080") + "}\n" + own("EXPOSE 8080 8443"), "8080 8443", ""},
		"none of them is exposed":           {head + listen("SSL_PORT", ":8443") + listen("PORT", ":8080") + "}\n" + own("EXPOSE 80"), "8080 8443", ""},
		"the own image moves the first one": {head + listen("SSL_PORT", ":8443") + listen("PORT", ":8080") + "}\n" + own("EXPOSE 5000 8443"), "8080 8443", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, mod("")+tt.archive)
			if err != nil {
				t.Fatal(err)
			}
			all := dockerfile(t, p)
			_, env, _ := strings.Cut(all[strings.LastIndex(all, "FROM "):], "\nENV ")
			env, _, _ = strings.Cut(env, "\n")
			if got := chosen(p, "port"); got != tt.want || env != tt.env {
				t.Errorf("got %q with %q, want %q with %q", got, env, tt.want, tt.env)
			}
			// dockgen's Dockerfile took the place of the one that exposes.
			before, _, _ := strings.Cut(tt.archive, "-- Dockerfile --")
			again, err := decideLocked(t, mod("")+before, p)
			if err != nil || chosen(again, "port") != tt.want {
				t.Errorf("then %q, %v, want %q still", chosen(again, "port"), err, tt.want)
			}
		})
	}
}

// TestChallenges: a server that answers ACME's challenges alone is not the app's own.
func TestChallenges(t *testing.T) {
	const head = "-- main.go --\npackage main\nimport (\n\"net/http\"\n\"encoding/json\"\n\"os\"\n\"golang.org/x/crypto/acme/autocert\"\n)\nfunc main() {\nm := &autocert.Manager{Prompt: autocert.AcceptTOS}\n"
	const field = "go func() { s := &http.Server{Handler: m.HTTPHandler(nil), Addr: \":http\"}; s.ListenAndServe() }()\n"
	const unknown = "c := struct{ Addr string }{}; f, _ := os.Open(\"c\"); json.NewDecoder(f).Decode(&c)\nsrv := &http.Server{Addr: c.Addr}\nsrv.ListenAndServe()\n}\n"
	for name, tt := range map[string]struct{ body, want string }{
		"by a field, beside one that is not known": {field + unknown, "none"},
		"by a call, beside one that is not known":  {"go http.ListenAndServe(\":80\", m.HTTPHandler(nil))\n" + unknown, "none"},
		"another handler":                          {"go http.ListenAndServe(\":80\", http.NotFoundHandler())\n" + unknown, "80"},
		"beside HTTPS":                             {field + "s := &http.Server{Addr: \":https\", TLSConfig: m.TLSConfig()}\ns.ListenAndServeTLS(\"\", \"\")\n_, _ = os.Open, json.Marshal\n}\n", "80 443"},
	} {
		p, err := decide(t, mod("require golang.org/x/crypto v0.40.0")+"-- go.sum --\nx\n"+head+tt.body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := chosen(p, "port"); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
