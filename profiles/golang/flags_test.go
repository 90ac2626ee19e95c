package golang_test

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/golang"
)

func TestCustom(t *testing.T) {
	lines := func(flags string) string { return "-- Makefile --\nbuild:\n\t" + flags + " .\n" }
	for name, tt := range map[string]struct {
		archive string
		set     []string
		has     []string
		hasNot  []string
		note    string
	}{
		"tags": {
			mod("go 1.26") + hello + "-- main_test.go --\npackage main\n" + lines("go build -tags fts5,prod"), nil,
			[]string{"go build -buildvcs=false -tags fts5,prod -o /tmp/app .", "go test -tags fts5,prod ./...", `-ldflags="-s -w" -tags fts5,prod -o /out/app .`},
			[]string{"GOFLAGS"},
			"",
		},
		"tags on scratch":   {mod("go 1.26") + hello + lines("go build -tags fts5"), []string{"runtime=scratch"}, []string{"-tags fts5,timetzdata -o /out/app", "go vet -tags fts5 ./..."}, nil, ""},
		"without cgo":       {mod("go 1.26") + hello + lines("go build -tags netgo,osusergo"), nil, []string{`-ldflags="-s -w" -o`}, []string{"netgo"}, ""},
		"with cgo":          {mod("go 1.26") + hello + "-- c.go --\npackage main\nimport \"C\"\n" + lines("go build -tags netgo"), nil, []string{"-tags netgo"}, nil, ""},
		"cgo is off":        {mod("go 1.26") + hello + "-- c.go --\npackage main\nimport \"C\"\n" + lines("CGO_ENABLED=0 go build"), nil, []string{"CGO_ENABLED=0", "static-debian13"}, nil, ""},
		"some builds":       {mod("go 1.26") + hello + lines("go build -tags a") + "again:\n\tgo build .\n", nil, nil, []string{"-tags"}, "only some of the repository's own builds have the tag a"},
		"experiment":        {mod("go 1.26") + hello + lines("GOEXPERIMENT=jsonv2 go build"), nil, []string{"WORKDIR /src\n# As in Makefile.\nENV GOEXPERIMENT=jsonv2\n"}, nil, ""},
		"one that is off":   {mod("go 1.26") + hello + lines("GOEXPERIMENT=nogreenteagc go build"), nil, []string{"ENV GOEXPERIMENT=nogreenteagc\n"}, nil, ""},
		"one that ended":    {mod("go 1.24") + hello + lines("GOEXPERIMENT=synctest,jsonv2 go build"), nil, []string{"ENV GOEXPERIMENT=jsonv2\n"}, []string{"synctest"}, "asks for the experiment synctest, which Go 1.26 does not have"},
		"debug":             {mod("go 1.26") + hello + "-- mise.toml --\n[env]\nGODEBUG = \"netdns=go\"\n", nil, nil, []string{"netdns"}, "sets GODEBUG=netdns=go"},
		"no workspace":      {"-- go.work --\nuse ./x\n-- x/go.mod --\nmodule x\n" + mod("go 1.26") + hello + "-- .envrc --\nexport GOWORK=off\n", nil, []string{"# As in .envrc: builds ignore go.work.\nENV GOWORK=off\n"}, []string{"./x"}, ""},
		"no go.work at all": {mod("go 1.26") + hello + "-- .envrc --\nexport GOWORK=off\n", nil, nil, []string{"GOWORK"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			got := dockerfile(t, p)
			holds(t, got, tt.has, tt.hasNot)
			noted := tt.note == ""
			for _, n := range p.Notes {
				noted = noted || strings.Contains(n.Text, tt.note)
			}
			if !noted {
				t.Errorf("no note %q in %+v", tt.note, p.Notes)
			}
		})
	}
}

func TestExperimentTable(t *testing.T) {
	if err := golang.CheckExperiments(); err != nil {
		t.Error(err)
	}
}
