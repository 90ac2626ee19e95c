package golang_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/record"
)

// in is a module in a folder, with lines for its go.mod and one main.go.
func in(dir, lines, main string) string {
	return "-- " + dir + "/go.mod --\nmodule example.com/" + dir + "\n" + lines + "\n-- " + dir + "/" + main[len("-- "):]
}

func TestNested(t *testing.T) {
	lib := mod("") + "-- lib.go --\npackage app\n"
	const page = "-- web/package.json --\n{}\n"
	for name, tt := range map[string]struct {
		archive string
		set     []string
		has     []string // lines of the Dockerfile
		hasNot  []string
	}{
		"one": {
			in("server", "go 1.26", server), nil,
			[]string{"COPY server/ server/\n", "go -C server build -trimpath", "-o /out/server .\n", "go -C server vet ./...", `"--build.include_dir", "server"`, "EXPOSE 8080", "FROM base AS build"},
			[]string{"go mod download"},
		},
		"required": {
			in("server", "require github.com/x/y v1.0.0", server) + "-- server/go.sum --\nx\n-- server/x.go --\npackage main\nimport _ \"github.com/x/y\"\n", nil,
			[]string{"COPY server/go.mod server/go.sum server/\nRUN go -C server mod download\n"},
			nil,
		},
		"no go.sum": {
			in("server", "require github.com/x/y v1.0.0", server) + "-- server/x.go --\npackage main\nimport _ \"github.com/x/y\"\n", nil,
			[]string{"ENV GOFLAGS=-mod=mod"},
			nil,
		},
		"vendored": {
			in("server", "require github.com/x/y v1.0.0", server) + "-- server/vendor/modules.txt --\n# x\n-- server/x.go --\npackage main\nimport _ \"github.com/x/y\"\n", nil,
			[]string{"FROM base AS build"},
			[]string{"mod download"},
		},
		"a replaced module beside it": {
			in("server", "require (\nexample.com/shared v0.0.0\ngithub.com/x/y v1.0.0\n)\nreplace example.com/shared => ../shared", server) +
				"-- server/x.go --\npackage main\nimport _ \"example.com/shared\"\nimport _ \"github.com/x/y\"\n-- server/go.sum --\nx\n-- shared/go.mod --\nmodule example.com/shared\n-- shared/x.go --\npackage shared\n", nil,
			[]string{"COPY server/go.mod server/go.sum server/\nCOPY shared/go.mod shared/\n", "COPY server/ server/\nCOPY shared/ shared/\n", `"--build.include_dir", "server,shared"`},
			nil,
		},
		"the root is replaced": {
			lib + in("server", "require example.com/app v0.0.0\nreplace example.com/app => ../", server) + "-- server/x.go --\npackage main\nimport _ \"example.com/app\"\n", nil,
			[]string{"AS build\nCOPY . .\n", "go -C server build"},
			[]string{"include_dir"},
		},
		"below a library": {lib + in("server", "", server), nil, []string{"go -C server build"}, nil},
		"deep, under cmd": {in("go/api", "", "-- x.go --\npackage api\n") + "-- go/api/cmd/app/" + server[len("-- "):], nil, []string{"go -C go/api build", "-o /out/app ./cmd/app"}, nil},
		"a workspace": {
			"-- back/go.work --\nuse ./api\nuse ./lib\n" + in("back/api", "require github.com/x/y v1.0.0", server) + "-- back/api/x.go --\npackage main\nimport _ \"github.com/x/y\"\n-- back/lib/go.mod --\nmodule lib\n-- back/lib/x_test.go --\npackage lib\n", nil,
			[]string{"COPY back/go.work back/\nCOPY back/api/go.mod back/api/\nCOPY back/lib/go.mod back/lib/\nRUN go -C back mod download", "go -C back test ./api/... ./lib/...", "-o /out/api ./api"},
			nil,
		},
		"the one that listens": {in("a", "", hello) + in("b", "", server), nil, []string{"go -C b build"}, nil},
		"asked":                {in("a", "", server) + in("b", "", server), []string{"main=./b"}, []string{"go -C b build"}, nil},
		"beside a front end":   {in("server", "", server) + page, nil, []string{"go -C server build"}, nil},
		"another app, asked":   {in("job", "", hello) + page, []string{"main=job"}, []string{"go -C job build"}, nil},
		"files": {
			in("server", "", "-- main.go --\npackage main\nimport \"html/template\"\nfunc main() { template.ParseGlob(\"views/*.html\") }\n") + "-- server/views/x.html --\n", nil,
			[]string{"WORKDIR /app/server\n", "COPY --link server/views/ /app/server/views/", `"--build.full_bin", "cd server && exec /tmp/server"]`},
			nil,
		},
		"containers": {
			in("server", "", server) + "-- server/a_test.go --\npackage main\n-- server/db/db.go --\npackage db\n-- server/db/db_test.go --\npackage db\nimport _ \"github.com/testcontainers/testcontainers-go\"\n", nil,
			[]string{"go -C server vet ./... \\\n && go -C server test .\n"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			got := dockerfile(t, p)
			holds(t, got, tt.has, tt.hasNot)
		})
	}
}

func TestNestedRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		archive    string
		set        []string
		want, hint string
	}{
		"several":          {in("a", "", server) + in("b", "", server), nil, "2 main packages", "choose one with --set main=./a; there are ./a, ./b"},
		"another app":      {in("job", "", hello) + "-- web/package.json --\n{}\n", nil, "web/package.json: may be an app, and so may ./job", "--set main=./job"},
		"another server":   {in("server", "", server) + "-- api/requirements.txt --\nflask\n", nil, "api/requirements.txt: may be an app", "--set main=./server"},
		"replaced outside": {in("server", "replace a.b/c => ../../c", server), nil, "server/go.mod:2: the module a.b/c is replaced by a folder outside", "run dockgen in the folder that holds both"},
		"an old Go":        {in("server", "", server), []string{"version=1.19"}, "no flag -C", "ask for 1.20"},
		"only examples":    {mod("") + "-- lib.go --\npackage app\n" + in("examples/x", "", server), nil, "a library", "--set main=./examples/x"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decide(t, tt.archive, tt.set...)
			var unsupported *record.UnsupportedError
			if !errors.As(err, &unsupported) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(unsupported.Hint, tt.hint) {
				t.Errorf("got %#v, want %q and %q", err, tt.want, tt.hint)
			}
		})
	}
}

// TestNestedGivesWay leaves the folder to the stack whose manifest is in it,
// and takes over where that one has no app.
func TestNestedGivesWay(t *testing.T) {
	const start = "-- package.json --\n{\"name\": \"x\", \"scripts\": {\"start\": \"node x.js\"}}\n-- x.js --\nrequire('http').createServer().listen(3000)\n"
	p, err := decide(t, start+in("server", "", server))
	if err != nil || p.Language != "node" {
		t.Fatalf("got %v, %v, want the folder's own stack", p, err)
	}
	for _, n := range p.Notes {
		if strings.Contains(n.Text, "also holds") {
			t.Errorf("note %q: the nested module is not in this folder", n.Text)
		}
	}
	p, err = decide(t, "-- package.json --\n{\"name\": \"x\", \"private\": true, \"devDependencies\": {\"prettier\": \"3\"}}\n"+in("server", "", server))
	if err != nil || p.Language != "go" {
		t.Errorf("got %v, %v, want the nested module", p, err)
	}
}

// TestNestedLocked keeps the program of a module below that a Dockerfile named
// which dockgen's own has replaced.
func TestNestedLocked(t *testing.T) {
	both := in("one", "", server) + in("two", "", server)
	if _, err := decide(t, both); err == nil {
		t.Fatal("nothing says which of the two it is")
	}
	first, err := decide(t, both+"-- Dockerfile --\nFROM golang\nCOPY . .\nRUN cd two && go build -o /two .\nENTRYPOINT [\"/two\"]\n")
	if err != nil || chosen(first, "go.main") != "./two" {
		t.Fatalf("got %v, %v", first, err)
	}
	again, err := decideLocked(t, both, first)
	if err != nil || chosen(again, "go.main") != "./two" {
		t.Errorf("the lock does not count: %v", err)
	}
	if p, err := decideLocked(t, both+"-- Procfile --\nweb: one\n", first); err != nil || chosen(p, "go.main") != "./one" {
		t.Errorf("new evidence does not count: %v", err)
	}
	if _, err := decideLocked(t, both+in("three", "", server), first); err == nil {
		t.Error("another program is new evidence, and nothing says which it is")
	}
}
