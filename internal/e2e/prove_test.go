package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/proof"
)

// prover tries units and keeps the record of them.
type prover struct {
	file    string       // of the record
	engine  string       // hash of what describes it, or ""
	units   []proof.Unit // all that there are
	tried   int          // units that passed or failed
	changed bool         // the record is another than before
}

// prove has check try the unit as a sub-test, and records it at once if it
// passed. One that fails is in the record no more; one that was skipped, or that -run
// leaves out, stays there as it is.
func (p *prover) prove(t *testing.T, u proof.Unit, check func(t *testing.T)) {
	tried := false
	ok := t.Run(u.Target, func(t *testing.T) {
		defer func() { tried = !t.Skipped() }()
		check(t)
	})
	if !tried {
		return
	}
	p.tried++
	p.update(t, func(r *proof.Record) {
		if ok {
			r.Pass(u, p.engine)
		} else {
			r.Fail(u)
		}
	})
}

// update changes the record, and drops from it what there is no more.
func (p *prover) update(t *testing.T, change func(*proof.Record)) {
	t.Helper()
	changed, err := proof.Update(p.file, func(r *proof.Record) {
		change(r)
		r.Keep(p.units)
	})
	if err != nil {
		t.Fatal(err)
	}
	p.changed = p.changed || changed
}

// TestProve wants a unit in the record if and only if it passed. Another
// process tries the units, because some of them fail.
func TestProve(t *testing.T) {
	file := os.Getenv("DOCKGEN_TEST_PROVE")
	e := &example.Example{Stack: "go", Name: "hello"}
	unit := func(target string) proof.Unit {
		return proof.Unit{Example: e, Runtime: "slim", Target: target, Hash: "0123456789abcdef0123456789abcdef"}
	}
	units := []proof.Unit{unit("pass"), unit("fail"), unit("fatal"), unit("cleanup"), unit("skip"), unit("out"), unit("was"), unit("other")}
	if file != "" {
		p := prover{file: file, units: units[:len(units)-1]}
		p.prove(t, units[0], func(*testing.T) {})
		p.prove(t, units[1], func(t *testing.T) { t.Error() })
		p.prove(t, units[2], func(t *testing.T) { t.Fatal() })
		p.prove(t, units[3], func(t *testing.T) { t.Cleanup(func() { t.Error() }) })
		p.prove(t, units[4], func(t *testing.T) { t.Skip() })
		p.prove(t, units[5], func(*testing.T) {})
		return
	}
	file = filepath.Join(t.TempDir(), "record.txt")
	if _, err := proof.Update(file, func(r *proof.Record) {
		for _, u := range []proof.Unit{units[1], units[6], units[7]} {
			r.Pass(u, "")
		}
	}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestProve$/^(pass|fail|fatal|cleanup|skip)$")
	cmd.Env = append(os.Environ(), "DOCKGEN_TEST_PROVE="+file)
	if out, err := cmd.CombinedOutput(); err == nil {
		t.Fatalf("no unit failed:\n%s", out)
	}
	rec, err := proof.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, u := range units {
		got[u.Target] = rec.Proved(u, "")
	}
	want := map[string]bool{
		"pass": true, "fail": false, "fatal": false, "cleanup": false, "skip": false, "out": false,
		"was":   true,  // it was not tried
		"other": false, // it is no unit any more
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("proved (-want +got):\n%s", diff)
	}
}
