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

// TestMigrations says which migrations nothing in the image applies, and how to.
func TestMigrations(t *testing.T) {
	const note = "nothing that prod runs is seen to apply the migrations; docker run --rm -v \"$(pwd)/db/migrations:/migrations\" migrate/migrate -path=/migrations -database=URL up"
	plain := "-- main.go --\npackage main\nfunc main() { println(1) }\n"
	for name, tt := range map[string]struct{ gomod, code, files, want string }{
		"of its command":   {"", plain, "-- db/migrations/1_a.up.sql --\n-- db/migrations/1_a.down.sql --\n", note},
		"none":             {"", plain, "-- db/migrations/1_a.sql --\n", ""},
		"of tests":         {"", plain, "-- db/testdata/1_a.up.sql --\n", ""},
		"of its library":   {"require github.com/golang-migrate/migrate/v4 v4.18.0", plain, "-- db/migrations/1_a.up.sql --\n", ""},
		"in the binary":    {"", "-- main.go --\npackage main\nimport \"embed\"\n//go:embed db/migrations/*.sql\nvar files embed.FS\nfunc main() { println(files) }\n", "-- db/migrations/1_a.up.sql --\n", ""},
		"read by the code": {"", "-- main.go --\npackage main\nimport \"os\"\nfunc main() { list, err := os.ReadDir(\"db/migrations\"); println(list, err) }\n", "-- db/migrations/1_a.up.sql --\n", ""},
		"another folder":   {"", "-- main.go --\npackage main\nimport \"os\"\nfunc main() { list, err := os.ReadDir(\"db/seeds\"); println(list, err) }\n", "-- db/migrations/1_a.up.sql --\n-- db/seeds/a --\n", note},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, mod(tt.gomod)+tt.code+tt.files)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range p.Notes {
				if strings.Contains(n.Text, "apply the migrations") {
					got = append(got, n.Text+"; "+n.Hint)
				}
			}
			if strings.Join(got, "\n") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
