package golang_test

import (
	"strings"
	"testing"
)

// TestRequire says once which variables docker run has to set.
func TestRequire(t *testing.T) {
	const app = "-- main.go --\npackage main\nimport (\"log\"; \"net/http\"; \"os\")\nfunc must(k string) string { v := os.Getenv(k); if v == \"\" { log.Fatal(k) }; return v }\n" +
		"func main() { println(must(\"DB_URL\"), must(\"API_KEY\"), must(\"PORT\")); http.ListenAndServe(\":\"+os.Getenv(\"PORT\"), nil) }\n"
	p, err := decide(t, mod("")+app)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range p.Notes {
		if strings.Contains(n.Text, "to start") {
			got = append(got, n.Text+"; "+n.Hint)
		}
	}
	if want := "needs the variables DB_URL and API_KEY to start; docker run -e DB_URL=… -e API_KEY=…"; strings.Join(got, "\n") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
