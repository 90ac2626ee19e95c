package golang_test

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/golang"
)

func TestStamp(t *testing.T) {
	program := func(vars string) string {
		return mod("go 1.26") + "-- main.go --\npackage main\n" + vars + "\nfunc main() {}\n"
	}
	makefile := func(flags string) string {
		return "-- Makefile --\nb:\n\tgo build -ldflags \"" + flags + "\" .\n"
	}
	for name, tt := range map[string]struct {
		archive string
		choice  string
		lines   []string
	}{
		"what make sets": {
			program(`var version = "dev"`) + makefile("-X main.version=$(VERSION)"), "main.version=$VERSION",
			[]string{"ARG VERSION=dev\n", "-ldflags=\"-s -w \\\n        -X main.version=$VERSION\" -o", "# VERSION is compiled into the program: docker build --build-arg VERSION=$(git describe --tags --always) .\n"},
		},
		"with a commit and a date": {
			program("var version = \"dev\"\nvar sha, buildTime string") + makefile("-X main.sha=$(git rev-parse HEAD) -X main.buildTime=$(date) -X main.version=$(V)"),
			"main.version=$VERSION main.sha=$COMMIT main.buildTime=$DATE",
			[]string{"ARG VERSION=dev COMMIT DATE\n", "-ldflags=\"-s -w \\\n        -X main.version=$VERSION \\\n        -X main.sha=$COMMIT \\\n        -X main.buildTime=$DATE\" -o"},
		},
		"more than a comment holds": {
			mod("go 1.26") + "-- main.go --\npackage main\nvar Version, Revision, Branch, BuildDate string\nfunc main() {}\n-- .promu.yml --\nbuild:\n  ldflags: |\n    -X main.Version={{.Version}}\n    -X main.Revision={{.Revision}}\n    -X main.Branch={{.Branch}}\n    -X main.BuildDate={{date \"20060102\"}}\n    -X main.BuildUser={{user}}@{{host}}\n",
			"main.Version=$VERSION main.Revision=$COMMIT main.BuildDate=$DATE main.Branch=$BRANCH",
			[]string{"# VERSION is compiled into the program, and so are the others: docker build --build-arg VERSION=$(git describe --tags --always) … .\nARG VERSION COMMIT DATE BRANCH\n"},
		},
		"that nothing sets":               {program("var version = \"dev\"\nvar commit = \"none\""), "main.version=$VERSION main.commit=$COMMIT", []string{"ARG VERSION=dev COMMIT=none\n"}},
		"that nothing sets, not declared": {program("var Version string"), "main.Version=$VERSION", []string{"ARG VERSION\n"}},
		"a version of its own":            {program(`var version = "1.2.3"`), "", nil},
		"a version of its own that make sets": {
			program(`var version = "1.2.3"`) + makefile("-X main.version=$(V)"), "main.version=$VERSION",
			[]string{"ARG VERSION\n", "-s -w \\\n        ${VERSION:+-X main.version=$VERSION}\""},
		},
		"a commit without a version": {program("var commit string"), "", nil},
		"a flag": {
			mod("go 1.26") + "-- main.go --\npackage main\nimport \"flag\"\nvar version string\nfunc main() { flag.StringVar(&version, \"v\", \"\", \"\") }\n", "", nil,
		},
		"no string":         {program("var version int") + makefile("-X main.version=$(V)"), "", nil},
		"a constant":        {program(`var mode = "debug"`) + makefile("-X main.mode=release"), "main.mode=release", []string{`-X main.mode=release"`}},
		"two constants":     {program(`var mode = "debug"`) + makefile("-X main.mode=release -X main.mode=other"), "", nil},
		"a name of theirs":  {program(`var build = "0"`) + makefile("-X main.build=$(BUILD_NUMBER)"), "main.build=$BUILD_NUMBER", []string{"ARG BUILD_NUMBER\n", "${BUILD_NUMBER:+-X main.build=$BUILD_NUMBER}"}},
		"a secret":          {program("var apiKey string") + makefile("-X main.apiKey=$(API_KEY)"), "", nil},
		"a secret, literal": {program("var apiKey string") + makefile("-X main.apiKey=abc"), "", nil},
		"what steers a tool": {
			program("var a, b, c string") + makefile("-X main.a=$(PATH) -X main.b=$(GO_VERSION) -X main.c=$(LD_PRELOAD)"), "", nil,
		},
		"who built it":    {program("var builtBy string") + makefile("-X main.builtBy=$(USER)"), "", nil},
		"hostile default": {program("var version = \"dev\\nRUN id\"") + makefile("-X main.version=$(V)"), "main.version=$VERSION", []string{"ARG VERSION\n"}},
		"hostile constant": {
			program("var mode string") + makefile("-X main.mode=a;id -X 'main.mode=a;id'"), "", nil,
		},
		"in a package": {
			mod("go 1.26") + "-- main.go --\npackage main\nimport \"example.com/app/version\"\nfunc main() { println(version.Version) }\n-- version/version.go --\npackage version\nvar Version = \"unknown\"\n",
			"example.com/app/version.Version=$VERSION",
			[]string{"ARG VERSION=unknown\n", "-X example.com/app/version.Version=$VERSION\""},
		},
		"another module's": {
			mod("go 1.26\nrequire example.com/v v1.0.0") + "-- go.sum --\nx\n-- main.go --\npackage main\nimport \"example.com/v\"\nfunc main() { println(v.Version) }\n" + makefile("-X example.com/v.Version=$(V)"),
			"example.com/v.Version=$VERSION",
			[]string{"ARG VERSION\n", "${VERSION:+-X example.com/v.Version=$VERSION}"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive)
			if err != nil {
				t.Fatal(err)
			}
			if got := chosen(p, "go.stamp"); got != tt.choice {
				t.Errorf("got %q, want %q", got, tt.choice)
			}
			text := dockerfile(t, p)
			for _, line := range tt.lines {
				if !strings.Contains(text, line) {
					t.Errorf("want %q in\n%s", line, text)
				}
			}
			if tt.choice == "" && (strings.Contains(text, "-X") || strings.Contains(text, "ARG VERSION")) {
				t.Error(text)
			}
		})
	}
}

func TestStampRows(t *testing.T) {
	if err := golang.CheckStampRows(); err != nil {
		t.Error(err)
	}
}
