package golang_test

import (
	"testing"
)

// uses is a program that imports a package of another module.
func uses(pkg string) string {
	return mod("go 1.26\nrequire "+pkg+" v1.0.0") + "-- go.sum --\nx v1 h1:x\n-- main.go --\npackage main\nimport _ \"" + pkg + "\"\nfunc main() {}\n-- main_test.go --\npackage main\n"
}

// ownC is a program with C code of its own.
func ownC(flags string) string {
	return mod("go 1.26") + "-- main.go --\npackage main\n\n" + flags + "import \"C\"\nfunc main() {}\n-- main_test.go --\npackage main\n"
}

func TestStaticCgo(t *testing.T) {
	for name, tt := range map[string]struct {
		archive string
		want    []string
	}{
		"sqlite":       {uses("github.com/mattn/go-sqlite3"), []string{"-tags timetzdata,netgo,osusergo,sqlite_omit_load_extension", "add --no-cache build-base\n", "    go test ./...\n", "FROM scratch AS prod"}},
		"kafka":        {uses("github.com/confluentinc/confluent-kafka-go/v2/kafka"), []string{"-tags timetzdata,netgo,osusergo,musl", "    go test -tags musl ./...\n", "go build -buildvcs=false -tags musl -o /tmp/app ."}},
		"its own code": {ownC("// int x;\n"), []string{"-tags timetzdata,netgo,osusergo -o"}},
		"zlib":         {ownC("// #cgo LDFLAGS: -lz\n"), []string{"RUN apk add --no-cache build-base zlib-dev zlib-static\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive, "runtime=scratch")
			if err != nil {
				t.Fatal(err)
			}
			text := dockerfile(t, p)
			holds(t, text, append(tt.want, "FROM golang:1.26-alpine AS base", "    CGO_ENABLED=1 \\\n", `-ldflags="-s -w -linkmode external -extldflags=-static"`), nil)
		})
	}
}

func TestRace(t *testing.T) {
	for runtime, want := range map[string]string{"distroless": "go test -race ./...", "slim": "go test -race ./...", "alpine": "go test ./...", "scratch": "go test ./..."} {
		p, err := decide(t, uses("github.com/mattn/go-sqlite3"), "runtime="+runtime)
		if err != nil {
			t.Fatal(err)
		}
		if got := chosen(p, "test"); got != want {
			t.Errorf("%s: got %q, want %q", runtime, got, want)
		}
	}
	p, err := decide(t, mod("go 1.26")+hello+"-- main_test.go --\npackage main\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := chosen(p, "test"); got != "go test ./..." {
		t.Errorf("without cgo: got %q", got)
	}
}
