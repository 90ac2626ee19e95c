package golang_test

import (
	"errors"
	"testing"

	"github.com/dockgen/dockgen/profiles/record"
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

// TestModulesOfC has modules that are C code, or that are for a desktop: what base
// and prod install, or why there is no image.
func TestModulesOfC(t *testing.T) {
	for pkg, want := range map[string][]string{
		"github.com/hraban/opus":                       {"--no-install-recommends libopus-dev libopusfile-dev \\\n", "ca-certificates libopus0 libopusfile0 \\\n"},
		"github.com/tree-sitter/go-tree-sitter":        {"FROM gcr.io/distroless/cc-debian13:nonroot AS prod"},
		"github.com/miekg/pkcs11":                      {"FROM gcr.io/distroless/base-debian13:nonroot AS prod"},
		"github.com/msteinert/pam":                     {"libpam0g-dev", "libpam0g "},
		"github.com/coreos/go-systemd/v22/sdjournal":   {"libsystemd-dev", "libsystemd0 "},
		"github.com/bytecodealliance/wasmtime-go":      {"FROM gcr.io/distroless/cc-debian13:nonroot AS prod"},
		"github.com/linxGnu/grocksdb":                  {"librocksdb-dev", "librocksdb9.10"},
		"github.com/proglottis/gpgme":                  {"libgpgme-dev", "gpg gpg-agent libgpgme11t64 \\\n"},
		"github.com/supranational/blst/bindings/go":    {"CGO_ENABLED=1"},
		"github.com/asg017/sqlite-vec-go-bindings/cgo": {"libsqlite3-dev", "FROM gcr.io/distroless/base-debian13:nonroot AS prod"},
	} {
		p, err := decide(t, uses(pkg))
		if err != nil {
			t.Errorf("%s: %v", pkg, err)
			continue
		}
		holds(t, dockerfile(t, p), want, nil)
	}
	for _, pkg := range []string{"github.com/wailsapp/wails", "fyne.io/fyne/app", "gioui.org/app", "github.com/hajimehoshi/ebiten", "github.com/getlantern/systray", "github.com/ibmdb/go_ibm_db", "gocv.io/x/gocv", "github.com/wasmerio/wasmer-go/wasmer"} {
		var refused *record.UnsupportedError
		if _, err := decide(t, uses(pkg)); !errors.As(err, &refused) || refused.Hint == "" {
			t.Errorf("%s: got %v, want a refusal with a hint", pkg, err)
		}
	}
}
