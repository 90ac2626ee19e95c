// Package e2e_test is the end-to-end test: it builds and runs the wanted
// Dockerfiles of the examples below testdata with a real Docker engine, and
// records what passed. What a target must do is in the file TARGET_test.go, what
// several of them need in docker_test.go and image_test.go: the code of those
// is part of what a result depends on. Which targets are tried, and what is
// said of them, is in e2e_test.go, prove_test.go and report_test.go, which no result
// depends on. Package record knows these names.
package e2e_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/proof"
)

var full = flag.Bool("full", false, "build and run all examples, whatever the record says") //nolint:gochecknoglobals // a test flag

const (
	root       = "../.."
	testdata   = root + "/testdata"
	recordFile = testdata + "/e2e.txt"
)

// TestE2E wants every target of every wanted Dockerfile to be proved.
//
// With DOCKGEN_E2E=1 and a Docker engine it builds and runs those that the
// record does not have, records what passes, and one example of each stack
// besides; all of them with -full. That can take longer than go test's ten minutes: give
// -timeout=100m. DOCKGEN_E2E_ENGINE lists files and folders that describe the engine: a
// pass with another one does not count then. A table of what was measured goes
// to the file that DOCKGEN_E2E_REPORT names, else to the log.
//
// Else it looks into the record alone. What is missing there fails the test if
// CI=true or DOCKGEN_E2E=1, and skips it elsewhere.
func TestE2E(t *testing.T) {
	all, err := example.All(testdata)
	if err != nil {
		t.Fatal(err)
	}
	suite, err := proof.ReadSuite(root)
	if err != nil {
		t.Fatal(err)
	}
	units, err := proof.Units(all, suite)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := proof.Load(recordFile)
	if err != nil {
		t.Fatal(err)
	}
	asked := os.Getenv("DOCKGEN_E2E") == "1"
	none := "DOCKGEN_E2E=1 asks for none"
	if asked {
		none = ""
		if err := engine(t.Context()); err != nil {
			none = err.Error()
		}
	}
	if none != "" {
		recorded(t, rec, units, none, asked || os.Getenv("CI") == "true")
		return
	}
	described, err := proof.Engine(os.Getenv("DOCKGEN_E2E_ENGINE"))
	if err != nil {
		t.Fatalf("DOCKGEN_E2E_ENGINE: %v", err)
	}
	run := &e2e{
		prover: prover{file: recordFile, engine: described, units: units},
		bases:  map[string]int64{}, begin: time.Now(),
	}
	run.update(t, func(*proof.Record) {})
	todo, n := map[*example.Example][]proof.Unit{}, 0
	for _, u := range units {
		if *full || u.Example.Always || !rec.Proved(u, described) {
			todo[u.Example] = append(todo[u.Example], u)
			n++
		}
	}
	t.Logf("%d of %d targets are recorded as passed; %d are built and run now, in some %v",
		len(units)-len(missing(rec, units, described)), len(units), n, (time.Duration(n) * perTarget).Round(time.Minute))
	t.Cleanup(func() { run.report(t) })
	for _, e := range all {
		if len(todo[e]) == 0 {
			continue
		}
		if end, ok := t.Deadline(); ok && time.Until(end) < 5*time.Minute {
			t.Fatalf("too little time is left before %v: what passed until here is recorded; run it again with a longer -timeout", e)
		}
		t.Run(e.String(), func(t *testing.T) { run.example(t, e, todo[e]) })
	}
}

// perTarget is what one target takes on two cores, about.
const perTarget = 6 * time.Second

// recorded is the test without an engine, for the reason why there is none.
func recorded(t *testing.T, rec *proof.Record, units []proof.Unit, none string, must bool) {
	t.Helper()
	names := missing(rec, units, "")
	if len(names) == 0 {
		t.Logf("all of %d targets are recorded as passed; no engine was needed (%s)", len(units), none)
		return
	}
	const most = 20
	text := fmt.Sprintf("%d of %d targets have not passed as they are now:\n%s", len(names), len(units), strings.Join(names[:min(most, len(names))], "\n"))
	if len(names) > most {
		text += "\n…"
	}
	text += "\nThey need a Docker engine (" + none + "):\n    DOCKGEN_E2E=1 go test ./internal/e2e -timeout=100m -v\nthen commit testdata/e2e.txt."
	if must {
		t.Fatal(text)
	}
	t.Skip(text)
}

// missing names the units that the record does not have as they are now.
func missing(rec *proof.Record, units []proof.Unit, engine string) []string {
	var out []string
	for _, u := range units {
		if !rec.Proved(u, engine) {
			out = append(out, u.String())
		}
	}
	return out
}

// e2e is one run over the examples.
type e2e struct {
	prover
	begin time.Time
	bases map[string]int64 // sizes of base images
	prods []*prodRow
	devs  []*devRow
	owns  []ownRow
}

// example tries units of one example, in their order.
func (run *e2e) example(t *testing.T, e *example.Example, units []proof.Unit) {
	for len(units) > 0 {
		r, n := units[0].Runtime, 1
		for n < len(units) && units[n].Runtime == r {
			n++
		}
		t.Run(string(r), func(t *testing.T) {
			a := app{
				Example: e, runtime: r, dir: repository(t, e, r),
				tag: fmt.Sprintf("dockgen-e2e-%d-%s-%s-%s", os.Getpid(), e.Stack, strings.ToLower(e.Name), r),
			}
			t.Cleanup(func() {
				_, _ = docker(context.Background(), "", "rmi", "--force", a.tag, a.tag+"-dev", a.tag+"-again", a.tag+"-own")
			})
			for _, u := range units[:n] {
				run.prove(t, u, func(t *testing.T) { run.unit(t, a, u.Target) })
			}
		})
		units = units[n:]
	}
}

// unit tries one target.
func (run *e2e) unit(t *testing.T, a app, target string) {
	switch target {
	case proof.Check:
		run.check(t, a)
	case proof.Prod:
		run.prod(t, a)
	case proof.Rebuild:
		run.rebuild(t, a)
	case proof.Own:
		run.own(t, a)
	case proof.Test:
		run.test(t, a)
	case proof.Dev:
		run.dev(t, a)
	case proof.Watch:
		run.watch(t, a)
	default:
		run.target(t, a, strings.TrimPrefix(target, proof.TargetPrefix))
	}
}
