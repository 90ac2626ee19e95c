package golang

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// set lists the variables of the only main that builds set, as
// "PACKAGE.NAME=VALUE".
func set(t *testing.T, archive string) []string {
	t.Helper()
	var out []string
	for _, s := range facts(t, archive).Mains[0].LinkVars {
		for _, v := range s.Value.Set {
			out = append(out, s.Value.Package+"."+s.Value.Name+"="+v.Value)
		}
	}
	return out
}

func TestLinksInRecipes(t *testing.T) {
	const vars = "var version = \"dev\"\nvar commit, Date string\n"
	app := mainModule("example.com/app/internal/build", "println(version, commit, Date, build.Version)", vars) +
		"-- internal/build/build.go --\npackage build\nvar Version string\nvar Count int\nconst Fixed = \"x\"\nvar made = f()\nfunc f() string { return \"\" }\n"
	for name, tt := range map[string]struct {
		files string
		want  []string
	}{
		"make": {
			"-- Makefile --\nb:\n\tgo build -ldflags \"-s -X main.version=$(VERSION) -X main.commit=$(shell git rev-parse HEAD)\" .\n",
			[]string{"main.version=$(VERSION)", "main.commit=$(shell git rev-parse HEAD)"},
		},
		"quoted": {
			"-- Makefile --\nb:\n\tgo build -ldflags=\"-X 'main.version=$(git describe --tags)' -X \\\"main.commit=a b\\\" -X=main.Date=1\"\n",
			[]string{"main.version=$(git describe --tags)", "main.commit=a b", "main.Date=1"},
		},
		"package in a variable": {
			"-- Makefile --\nPKG := example.com/app\nBUILD = $(PKG)/internal/build\nb:\n\tgo build -ldflags \"-X $(BUILD).Version=$(V)\"\n",
			[]string{"example.com/app/internal/build.Version=$(V)"},
		},
		"package from a command": {
			"-- Makefile --\nb:\n\tgo build -ldflags \"-X $(shell go list -m)/internal/build.Version=$(V)\"\n",
			[]string{"example.com/app/internal/build.Version=$(V)"},
		},
		"task": {
			"-- Taskfile.yml --\ntasks:\n  build:\n    cmds:\n      - go build -ldflags=\"-X main.version={{.VERSION}}\" .\n",
			[]string{"main.version={{.VERSION}}"},
		},
		"script": {
			"-- scripts/build.sh --\ngo build -ldflags \"-X main.version=${VERSION:-dev}\"\n",
			[]string{"main.version=${VERSION:-dev}"},
		},
		"workflow": {
			"-- .github/workflows/ci.yml --\nsteps:\n- run: go build -ldflags '-X main.commit=${{ github.sha }} -s'\n",
			[]string{"main.commit=${{ github.sha }}"},
		},
		"the repository's Dockerfile": {
			"-- Dockerfile --\nRUN go build -ldflags=\"-X main.version=$VERSION\"\n",
			[]string{"main.version=$VERSION"},
		},
		"dockgen's Dockerfile": {"-- Dockerfile --\nRUN go build -ldflags=\"-X main.version=$VERSION\"\n-- dockgen.lock --\n", nil},
		"goreleaser": {
			"-- .goreleaser.yaml --\nbuilds:\n  - ldflags:\n      - -s -w -X main.version={{ .Version }}\n      - -X main.Date={{.CommitDate}}\n",
			[]string{"main.version={{ .Version }}", "main.Date={{.CommitDate}}"},
		},
		"goreleaser's defaults": {"-- .goreleaser.yml --\nbuilds:\n  - main: .\n", []string{"main.version={{.Version}}", "main.commit={{.Commit}}"}},
		"goreleaser, templated": {"-- .goreleaser.yml --\n{{ if true }}\nbuilds: [\n", nil},
		"promu": {
			"-- .promu.yml --\nbuild:\n  ldflags: |\n    -X main.version={{.Version}}\n    -X main.commit={{.Revision}}\n",
			[]string{"main.version={{.Version}}", "main.commit={{.Revision}}"},
		},
		"comment":            {"-- Makefile --\n# go build -ldflags '-X main.version=1'\n", nil},
		"what it cannot set": {"-- Makefile --\nb:\n\tgo build -ldflags '-X example.com/app/internal/build.Count=1 -X example.com/app/internal/build.Fixed=1 -X example.com/app/internal/build.made=1 -X main.nothing=1'\n", nil},
		"another module's":   {"-- Makefile --\nb:\n\tgo build -ldflags '-X example.com/other/version.Version=1'\n", nil},
		"hostile":            {"-- Makefile --\nb:\n\tgo build -ldflags '-X main.version;id=1 -X main.`id`=1 -X $(X=1 -X ${=1 -X .=1 -X main.=1'\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, set(t, app+tt.files)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinkOfAnotherModule(t *testing.T) {
	app := "-- go.mod --\nmodule example.com/app\nrequire github.com/prometheus/common v0.60.0\n-- main.go --\npackage main\nimport \"github.com/prometheus/common/version\"\nfunc main() { println(version.Version) }\n" +
		"-- Makefile --\nb:\n\tgo build -ldflags '-X github.com/prometheus/common/version.Version=$(V)'\n"
	s := facts(t, app).Mains[0].LinkVars
	if len(s) != 1 || s[0].Value.Known || s[0].Value.Package != "github.com/prometheus/common/version" {
		t.Errorf("got %+v", s)
	}
}

func TestStampsThatTheProgramSets(t *testing.T) {
	app := mainModule("flag os", "flag.StringVar(&version, \"v\", \"\", \"\"); commit = os.Args[0]; println(date)", "var version = \"dev\"\nvar commit string\nvar date = \"unknown\"\n")
	got := map[string]bool{}
	for _, s := range facts(t, app).Mains[0].LinkVars {
		got[s.Value.Name] = s.Value.Written
	}
	if diff := cmp.Diff(map[string]bool{"version": true, "commit": true, "date": false}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEmbeddedIsNoStamp: -X would empty what go:embed fills.
func TestEmbeddedIsNoStamp(t *testing.T) {
	app := mainModule("", "println(version, build, commit)", "//go:embed version.txt\nvar version string\nvar (\n\t// build comes from a file too.\n\t//go:embed build.txt\n\tbuild string\n\tcommit string\n)\n") +
		"-- version.txt --\n1\n-- build.txt --\n2\n-- Makefile --\nb:\n\tgo build -ldflags '-X main.version=1 -X main.build=2 -X main.commit=3'\n"
	if diff := cmp.Diff([]string{"main.commit=3"}, set(t, app)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
