package golang_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/record"
)

func TestGenerate(t *testing.T) {
	views := "-- main.go --\npackage main\nimport _ \"example.com/app/views\"\nfunc main() {}\n-- views/a.templ --\n-- views/b.templ --\n-- go.sum --\nx\n"
	for name, tt := range map[string]struct {
		archive string
		set     []string
		want    []string
		not     string
	}{
		"a tool line": {
			mod("go 1.26\nrequire github.com/a-h/templ v0.3.9\ntool github.com/a-h/templ/cmd/templ") + views, nil,
			[]string{
				"FROM deps AS generate\nCOPY . .\n# templ writes views/a_templ.go and 1 more, pinned by a tool line.\nRUN --mount=type=cache,target=/root/.cache/go-build \\\n    go tool templ generate\n",
				"RUN go tool templ generate \\\n && go build -buildvcs=false",
				`"--build.cmd", "go tool templ generate && go build -buildvcs=false -o /tmp/app .", "--build.exclude_regex", "_test.go,_templ\\.go$"`,
				`"--build.include_ext", "go,tpl,tmpl,html,templ"]`,
				"FROM generate AS test\nRUN", "FROM generate AS build\nARG",
			},
			"go install github.com/a-h",
		},
		"a require line": {
			mod("go 1.26\nrequire github.com/a-h/templ v0.3.9") + views, nil,
			[]string{
				"FROM deps AS generate\nRUN --mount=type=cache,target=/root/.cache/go-build \\\n    go install github.com/a-h/templ/cmd/templ@v0.3.9\nCOPY . .\n",
				"    go run github.com/a-h/templ/cmd/templ@v0.3.9 generate\n",
				" go install github.com/a-h/templ/cmd/templ@v0.3.9 \\\n && go install github.com/air-verse/air@",
			},
			"",
		},
		"a blank import": {
			mod("go 1.26\nrequire github.com/a-h/templ v0.3.9") + views + "-- tools.go --\n//go:build tools\n\npackage tools\nimport _ \"github.com/a-h/templ/cmd/templ\"\n", nil,
			[]string{"    go run github.com/a-h/templ/cmd/templ generate\n"},
			"go install github.com/a-h",
		},
		"no reloader": {
			mod("go 1.26\ntool github.com/a-h/templ/cmd/templ") + views,
			[]string{"reloader=none"},
			[]string{`CMD ["/bin/sh", "-c", "go tool templ generate && go build -buildvcs=false -o /tmp/app . && exec /tmp/app"]`},
			"",
		},
		"two of them, in folders": {
			mod("go 1.26\nrequire (\ngithub.com/sqlc-dev/sqlc v1.30.0\nentgo.io/ent v0.14.0\n)\ntool github.com/sqlc-dev/sqlc/cmd/sqlc") + "-- main.go --\npackage main\nimport (\n_ \"example.com/app/db/gen\"\n_ \"example.com/app/ent\"\n)\nfunc main() {}\n-- go.sum --\nx\n" +
				"-- db/sqlc.yaml --\nversion: \"2\"\nsql:\n- gen:\n    go:\n      out: gen\n-- ent/generate.go --\npackage ent\n//go:generate go run -mod=mod entgo.io/ent/cmd/ent generate ./schema\n-- ent/schema/a.go --\npackage schema\n", nil,
			[]string{"    go -C db tool sqlc generate\n", "    go -C ent run entgo.io/ent/cmd/ent@v0.14.0 generate ./schema\n", `"_test.go,/db/gen/,/ent/client\\.go$"`, ",sql\"]"},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			text := dockerfile(t, p)
			holds(t, text, tt.want, nil)
			if tt.not != "" && strings.Contains(text, tt.not) {
				t.Errorf("%q in\n%s", tt.not, text)
			}
		})
	}
}

func TestGenerateRefused(t *testing.T) {
	missing := func(dir string) string {
		return mod("go 1.26") + "-- main.go --\npackage main\nimport _ \"example.com/app/" + dir + "\"\nfunc main() {}\n"
	}
	for name, tt := range map[string]struct{ archive, want, hint string }{
		"not pinned": {missing("views") + "-- views/a.templ --\n", "templ writes views/a_templ.go, which is not committed: nothing in go.mod says which version", "commit what it writes"},
		"not pinned, its package known": {
			missing("api") + "-- api/doc.go --\npackage api\n//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@latest -o api.gen.go x.yaml\n",
			"oapi-codegen writes api/api.gen.go", "go get -tool github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen",
		},
		"protoc":               {missing("pb") + "-- pb/a.proto --\n", "protoc is no Go program", "commit what it writes"},
		"buf":                  {missing("gen/a") + "-- buf.gen.yaml --\nplugins: [{remote: x, out: gen}]\n", "a registry of their own", "commit what it writes"},
		"nobody knows of what": {missing("gen/a"), "the package example.com/app/gen/a has no Go file here", "commit the generated code"},
		"a variable":           {missing("gen/a") + "-- x.go --\npackage main\n//go:generate go run ./tool -o gen/a $GOLINE\n", "variables that go generate alone knows", "commit what it writes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decide(t, tt.archive)
			var refused *record.UnsupportedError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(refused.Hint, tt.hint) {
				t.Errorf("got %v, hint %q", err, refused)
			}
		})
	}
}

// What the tests alone need, or a program can do without, is no reason to refuse.
func TestGenerateGoesWithout(t *testing.T) {
	p, err := decide(t, mod("go 1.26")+"-- main.go --\npackage main\n//go:generate stringer -type=Pill\n//go:generate mockgen -destination=mocks/x.go\ntype Pill int\nfunc main() {}\n")
	if err != nil {
		t.Fatal(err)
	}
	if chosen(p, "go.generate") != "" || len(p.Notes) < 2 {
		t.Errorf("got %q and %v", chosen(p, "go.generate"), p.Notes)
	}
}

// TestGenerateWhole runs go generate as the repository's own builds do, where a program of the repository makes what the app embeds.
func TestGenerateWhole(t *testing.T) {
	const app = "-- main.go --\npackage main\nimport \"embed\"\n//go:embed web/app.wasm\nvar f embed.FS\nfunc main() {}\n-- gen.go --\npackage main\nLINES\n-- tool/x.go --\npackage main\nfunc main() { make(\"web/app.wasm\") }\n"
	const own = "-- Dockerfile --\nFROM golang AS build\nWORKDIR /src\nCOPY . .\nRUN go generate ./... && go build -o app .\nFROM alpine\nCOPY --from=build /src/app /app\nCMD [\"/app\"]\n"
	for name, tt := range map[string]struct{ lines, own, want string }{
		"a file of the repository":     {"//go:generate go run tool/x.go", own, "go generate ./..."},
		"a package of it":              {"//go:generate go run ./tool", own, "go generate ./..."},
		"by a Makefile":                {"//go:generate go run ./tool", "-- Makefile --\nbuild:\n\tgo generate\n\tgo build -o app .\n", "go generate"},
		"one more at an exact version": {"//go:generate go run ./tool\n//go:generate go run example.com/x@v1.2.3 -o x.go", own, "go generate ./..."},
		"nothing runs it":              {"//go:generate go run ./tool", "", ""},
		"it names something else":      {"//go:generate go run ./other", own, ""},
		"one more that is not there":   {"//go:generate go run ./tool\n//go:generate mockgen -o x.go", own, ""},
		"one more at no exact version": {"//go:generate go run ./tool\n//go:generate go run example.com/x@latest", own, ""},
		"one that a variable tells":    {"//go:generate go run ./tool $GOLINE", own, ""},
		"out of the repository":        {"//go:generate go run ../../tool", own, ""},
		"hostile words":                {"//go:generate go run ./tool", strings.Replace(own, "./...", "'./x; rm -rf /'", 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, mod("go 1.26")+strings.Replace(app, "LINES", tt.lines, 1)+tt.own)
			if tt.want == "" {
				var refused *record.UnsupportedError
				if !errors.As(err, &refused) {
					t.Errorf("got %v, want a refusal", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := chosen(p, "go.generate"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			holds(t, dockerfile(t, p), []string{" AS generate\nCOPY . .\n", "    " + tt.want + "\n", "FROM generate AS build\n", `CMD ["/bin/sh", "-c", "` + tt.want + ` && exec air --tmp_dir`}, nil)
		})
	}
}
