package proof_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/proof"
	"github.com/dockgen/dockgen/profiles/plan"
)

const (
	hashA   = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	hashB   = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	engineE = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
)

func unit(name string, runtime plan.Runtime, target, hash string) proof.Unit {
	return proof.Unit{Example: &example.Example{Stack: "go", Name: name}, Runtime: runtime, Target: target, Hash: hash}
}

func update(t *testing.T, file string, change func(*proof.Record)) (changed bool) {
	t.Helper()
	changed, err := proof.Update(file, change)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// A record is a line for each unit, sorted, whatever the order in which they
// passed; reading and writing it changes nothing.
func TestUpdate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "e2e.txt")
	units := []proof.Unit{
		unit("b", plan.Slim, proof.Prod, hashA), unit("a", plan.Slim, proof.Prod, hashB),
		unit("a", plan.Alpine, proof.TargetPrefix+"worker", hashA), unit("a", plan.Slim, proof.Dev, hashA),
	}
	for i, u := range units {
		engine := ""
		if i%2 == 1 {
			engine = engineE
		}
		if !update(t, file, func(r *proof.Record) { r.Pass(u, engine) }) {
			t.Errorf("%s: the file did not change", u)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for s := range strings.Lines(string(text)) {
		if !strings.HasPrefix(s, "#") {
			lines = append(lines, strings.TrimSuffix(s, "\n"))
		}
	}
	want := []string{
		"go/a alpine target:worker " + hashA + " -",
		"go/a slim dev " + hashA + " " + engineE,
		"go/a slim prod " + hashB + " " + engineE,
		"go/b slim prod " + hashA + " -",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if update(t, file, func(*proof.Record) {}) {
		t.Error("writing what was read changes the file")
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if !update(t, file, func(r *proof.Record) { r.Keep(units[1:2]) }) {
		t.Error("lines of units that there are no more do not go")
	}
	rec, err := proof.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, u := range units {
		if rec.Proved(u, "") != (i == 1) {
			t.Errorf("%s is kept or not, and should be the other", u)
		}
	}
}

func TestProved(t *testing.T) {
	now, before := unit("a", plan.Slim, proof.Prod, hashA), unit("a", plan.Slim, proof.Prod, hashB)
	tests := []struct {
		name   string
		passed *proof.Unit
		with   string // the engine that it passed with
		engine string // the engine of now
		want   bool
	}{
		{"never passed", nil, "", "", false},
		{"passed", &now, "", "", true},
		{"passed otherwise", &before, "", "", false},
		{"passed with the same engine", &now, engineE, engineE, true},
		{"passed with some engine, and nobody knows one now", &now, engineE, "", true},
		{"passed with another engine", &now, hashA, engineE, false},
		{"passed with an engine that nobody knew", &now, "", engineE, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "e2e.txt")
			update(t, file, func(r *proof.Record) {
				if tt.passed != nil {
					r.Pass(*tt.passed, tt.with)
				}
			})
			rec, err := proof.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := rec.Proved(now, tt.engine); got != tt.want {
				t.Errorf("proved: %v, want %v", got, tt.want)
			}
			rec.Fail(now)
			if rec.Proved(now, "") {
				t.Error("it failed, and is proved")
			}
			if tt.passed == &before && !rec.Proved(before, "") {
				t.Error("that it failed says nothing of what it was before")
			}
		})
	}
}

func TestLoadMalformed(t *testing.T) {
	good := "go/a slim prod " + hashA + " -\n"
	tests := []struct{ name, text, want string }{
		{"empty line", good + "\n", "e2e.txt:2: "},
		{"short", "# x\ngo/a slim prod " + hashA + "\n", "e2e.txt:2: "},
		{"hash", "go/a slim prod xyz -\n", "e2e.txt:1: "},
		{"engine", "go/a slim prod " + hashA + " mine\n", "e2e.txt:1: "},
		{"one word more", "go/a slim prod dev " + hashA + " -\n", "e2e.txt:1: "},
		{"conflict of a merge", good + "<<<<<<< HEAD\n", "e2e.txt:2: "},
		{"twice", good + good, "e2e.txt:2: a second line for go/a slim prod"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "e2e.txt")
			if err := os.WriteFile(file, []byte(tt.text), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := proof.Load(file); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if _, err := proof.Update(file, func(*proof.Record) {}); err == nil {
				t.Error("it is written over")
			}
		})
	}
}
