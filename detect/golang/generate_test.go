package golang

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/internal/table"
)

// show prints what is to be generated: "TOOL OUTPUT: DIR$ PACKAGE ARGS (PIN VERSION)".
func show(t *testing.T, archive string) []string {
	t.Helper()
	var out []string
	for _, x := range facts(t, archive).Mains[0].Generations {
		g := x.Value
		line := g.Tool + " " + g.Output + ": " + g.Dir + "$ " + strings.Join(append([]string{g.Package}, g.Args...), " ")
		if g.Pinned != NotPinned {
			line += " (" + strings.TrimSpace(string(g.Pinned)+" "+g.Version) + ")"
		}
		if g.Outside != "" {
			line += " (outside)"
		}
		if !g.Needed {
			line += " (optional)"
		}
		if len(g.Packs) > 0 {
			line += " packs " + strings.Join(g.Packs, ", ")
		}
		out = append(out, line)
	}
	return out
}

func TestGenerations(t *testing.T) {
	main := func(mod string, imports ...string) string {
		var lines strings.Builder
		for _, i := range imports {
			lines.WriteString("import _ \"example.com/app/" + i + "\"\n")
		}
		return "-- go.mod --\nmodule example.com/app\ngo 1.26\n" + mod + "\n-- main.go --\npackage main\n" + lines.String() + "func main() {}\n"
	}
	const (
		templ     = "require github.com/a-h/templ v0.3.9\n"
		templTool = templ + "tool github.com/a-h/templ/cmd/templ\n"
		pill      = "-- main.go --\npackage main\n//go:generate stringer -type=Pill,Box -linecomment\ntype Pill int\nfunc main() {}\n"
		tools     = "-- tools/tools.go --\n//go:build tools\n\npackage tools\nimport _ \"golang.org/x/tools/cmd/stringer\"\n"
		pb        = "-- gen/api/api.proto --\nsyntax = \"proto3\";\n"
	)
	for name, tt := range map[string]struct {
		archive string
		want    []string
	}{
		"go-bindata of make":           {main("") + "-- Makefile --\nbuild:\n\tgo-bindata -pkg main static/\n\tgo build .\n-- .gitignore --\nbindata.go\n", []string{"go-bindata bindata.go: .$  -pkg main static/ packs static"}},
		"go-bindata, and its output":   {main("") + "-- Makefile --\nbuild:\n\tgo-bindata -o=assets.go static/\n\tgo build .\n-- .gitignore --\nassets.go\n", []string{"go-bindata assets.go: .$  -o=assets.go static/ packs static"}},
		"go-bindata of a require line": {main("require github.com/go-bindata/go-bindata/v3 v3.1.3") + "-- Makefile --\nbuild:\n\tgo-bindata static/\n-- .gitignore --\nbindata.go\n", []string{"go-bindata bindata.go: .$ github.com/go-bindata/go-bindata/v3/go-bindata static/ (a require line v3.1.3) packs static"}},
		"go-bindata without a go.mod":  {main("require github.com/go-bindata/go-bindata v3.1.2+incompatible") + "-- Makefile --\nbuild:\n\tgo-bindata static/\n-- .gitignore --\nbindata.go\n", []string{"go-bindata bindata.go: .$ github.com/go-bindata/go-bindata/go-bindata static/ (a require line v3.1.2+incompatible) packs static"}},
		"go-bindata that is left":      {main("") + "-- Makefile --\nbuild:\n\tgo-bindata static/\n", nil},
		"go-bindata, and its switches": {main("") + "-- Makefile --\nbuild:\n\tgo-bindata -nometadata web/dist/... ../x /etc\n-- .gitignore --\nbindata.go\n", []string{"go-bindata bindata.go: .$  -nometadata web/dist/... ../x /etc packs web/dist"}},
		"rice":                         {main("require github.com/GeertJohan/go.rice v1.0.3") + "-- gen.go --\npackage main\n\n//go:generate rice embed-go\n", []string{"rice rice-box.go: .$ github.com/GeertJohan/go.rice/rice embed-go (a require line v1.0.3) (optional)"}},
		"rice, committed":              {main("require github.com/GeertJohan/go.rice v1.0.3") + "-- gen.go --\npackage main\n\n//go:generate rice embed-go\n-- rice-box.go --\npackage main\n", nil},
		"packr2 of make":               {main("require github.com/gobuffalo/packr/v2 v2.8.3") + "-- Makefile --\nbuild:\n\tpackr2\n\tgo build .\n-- .gitignore --\n*-packr.go\npackrd/\n", []string{"packr2 main-packr.go: .$ github.com/gobuffalo/packr/v2/packr2 (a require line v2.8.3) (optional)"}},
		"packr":                        {main("require github.com/gobuffalo/packr v1.30.1") + "-- gen.go --\npackage main\n\n//go:generate packr\n", []string{"packr a_main-packr.go: .$ github.com/gobuffalo/packr/packr (a require line v1.30.1) (optional)"}},
		"statik":                       {main("require github.com/rakyll/statik v0.1.7", "statik") + "-- gen.go --\npackage main\n\n//go:generate statik -src=./public\n", []string{"statik statik/statik.go: .$ github.com/rakyll/statik -src=./public (a require line v0.1.7) packs public"}},
		"templ, a tool line": {
			main(templTool, "views") + "-- views/a.templ --\n-- views/b.templ --\n-- views/b_templ.go --\npackage views\n",
			[]string{"templ views/a_templ.go: .$ github.com/a-h/templ/cmd/templ generate (a tool line)"},
		},
		"templ, a package without a Go file": {
			main(templ, "views") + "-- views/a.templ --\n",
			[]string{"templ views/a_templ.go: .$ github.com/a-h/templ/cmd/templ generate (a require line v0.3.9)"},
		},
		"templ, not pinned":  {main("", "views") + "-- views/a.templ --\n", []string{"templ views/a_templ.go: .$  generate"}},
		"templ, replaced":    {main(templ+"replace github.com/a-h/templ => example.com/fork v1.0.0\n", "views") + "-- views/a.templ --\n", []string{"templ views/a_templ.go: .$  generate"}},
		"templ, committed":   {main(templTool, "views") + "-- views/a.templ --\n-- views/a_templ.go --\npackage views\n", nil},
		"templ, not reached": {main(templTool) + "-- views/a.templ --\n", nil},
		"stringer": {
			"-- go.mod --\nmodule example.com/app\nrequire golang.org/x/tools v0.30.0\n" + pill + tools,
			[]string{"stringer pill_string.go: .$ golang.org/x/tools/cmd/stringer -type=Pill,Box -linecomment (a blank import) (optional)"},
		},
		"stringer, committed": {"-- go.mod --\nmodule example.com/app\n" + pill + "-- pill_string.go --\npackage main\n", nil},
		"mocks for tests": {
			main("") + "-- store/store.go --\npackage store\n//go:generate go run go.uber.org/mock/mockgen@v0.5.0 -source=$GOFILE -destination mocks/mock_$GOPACKAGE.go\n",
			[]string{"mockgen store/mocks/mock_store.go: store$ go.uber.org/mock/mockgen -source=store.go -destination mocks/mock_store.go (an exact version v0.5.0) (optional)"},
		},
		"latest is no version": {
			main("", "store") + "-- store/store.go --\npackage store\n//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@latest -o api.gen.go api.yaml\n",
			[]string{"oapi-codegen store/api.gen.go: store$ github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -o api.gen.go api.yaml"},
		},
		"oapi-codegen, configured": {
			main("tool github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen\n", "api") + "-- api/doc.go --\npackage api\n//go:generate go tool oapi-codegen -config cfg.yaml api.yaml\n-- api/cfg.yaml --\npackage: api\noutput: api.gen.go\n",
			[]string{"oapi-codegen api/api.gen.go: api$ github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config cfg.yaml api.yaml (a tool line)"},
		},
		"ent": {
			main("require entgo.io/ent v0.14.0\n", "ent") + "-- ent/generate.go --\npackage ent\n\n//go:generate go run -mod=mod entgo.io/ent/cmd/ent generate ./schema\n-- ent/schema/user.go --\npackage schema\n",
			[]string{"ent ent/client.go: ent$ entgo.io/ent/cmd/ent generate ./schema (a require line v0.14.0)"},
		},
		"sqlc": {
			main("tool github.com/sqlc-dev/sqlc/cmd/sqlc\n", "internal/db") + "-- sqlc.yaml --\nversion: \"2\"\nsql:\n- gen:\n    go:\n      package: db\n      out: internal/db\n",
			[]string{"sqlc internal/db: .$ github.com/sqlc-dev/sqlc/cmd/sqlc generate (a tool line)"},
		},
		"gqlgen": {
			main("require github.com/99designs/gqlgen v0.17.0\n", "graph/generated") + "-- gqlgen.yml --\nexec:\n  filename: graph/generated/generated.go\n",
			[]string{"gqlgen graph/generated/generated.go: .$ github.com/99designs/gqlgen generate (a require line v0.17.0)"},
		},
		"wire": {
			"-- go.mod --\nmodule example.com/app\nrequire github.com/google/wire v0.6.0\n-- cmd/api/main.go --\npackage main\nfunc main() { setup() }\n-- cmd/api/wire.go --\n//go:build wireinject\n\npackage main\n",
			[]string{"wire cmd/api/wire_gen.go: .$ github.com/google/wire/cmd/wire ./cmd/api (a require line v0.6.0)"},
		},
		"swag": {
			"-- go.mod --\nmodule example.com/app\nrequire github.com/swaggo/swag v1.16.0\n-- cmd/api/main.go --\npackage main\nimport _ \"example.com/app/docs\"\n// @title Shop\nfunc main() {}\n",
			[]string{"swag docs: .$ github.com/swaggo/swag/cmd/swag init -g cmd/api/main.go -o docs (a require line v1.16.0)"},
		},
		"protoc":            {main("", "gen/api") + pb, []string{"protoc gen/api/api.pb.go: .$  (outside)"}},
		"protoc, elsewhere": {main("", "gen/api") + pb + "-- gen/api/doc.go --\npackage api\n", nil},
		"buf":               {main("", "gen/api") + "-- buf.gen.yaml --\nversion: v2\nplugins:\n- remote: buf.build/protocolbuffers/go\n  out: gen\n", []string{"buf gen/api: .$  (outside)"}},
		"a generator of its own": {
			main("", "tables") + "-- gen/main.go --\npackage main\n//go:generate go run . -o ../tables\nfunc main() {}\n",
			[]string{"go run . tables: gen$ . -o ../tables (a package of this repository)"},
		},
		"hostile": {
			main("", "views", "gen") + "-- x.go --\npackage main\n//go:generate\n//go:generate \"\n//go:generate go run\n//go:generate stringer -type\n//go:generate /x -o gen\n//go:generate stringer -output=../../../etc/x.go\n-- sqlc.yaml --\nout: [a, {out: ../../gen}]\na: &a [*a]\n-- .templ --\n-- buf.gen.yaml --\n[\n",
			[]string{"x gen: .$ /x -o gen"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, show(t, tt.archive)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGeneratorRows(t *testing.T) {
	rows, err := table.Read[[]generator]("generators.yaml", generatorsCompiled)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range rows {
		finds := r.Input != "" || r.Mark != "" || len(r.Config) > 0 || len(r.Flags) > 0 || r.Name != ""
		if r.Tool == "" || seen[r.Tool] || !regexp.MustCompile(`^https://\S+$`).MatchString(r.Source) || len(r.Package) == 0 && r.Outside == "" || !finds && r.Outside == "" {
			t.Errorf("row %+v: want one of its tool, a package, a way to see what is missing, and a link", r)
		}
		seen[r.Tool] = true
	}
}
