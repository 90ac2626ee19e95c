package e2e_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/dockgen/dockgen/profiles/plan"
)

// prodRow is what was measured of an image of prod.
type prodRow struct {
	example             string
	runtime             plan.Runtime
	build, answer, stop time.Duration
	size, added, uid    int64
	rebuild             time.Duration
}

// devRow is what was measured of images of dev and test.
type devRow struct {
	example               string
	runtime               plan.Runtime
	build, answer, reload time.Duration
	watch                 time.Duration
	test                  time.Duration
}

// ownRow is what a Dockerfile that was written by hand gives for an example,
// beside what dockgen's gives.
type ownRow struct {
	example      string
	ours         *prodRow
	size, added  int64
	build, again time.Duration
}

// prodRow is the app's row.
func (run *e2e) prodRow(a app) *prodRow {
	for _, p := range run.prods {
		if p.example == a.String() && p.runtime == a.runtime {
			return p
		}
	}
	row := &prodRow{example: a.String(), runtime: a.runtime}
	run.prods = append(run.prods, row)
	return row
}

// devRow is the app's row.
func (run *e2e) devRow(a app) *devRow {
	for _, d := range run.devs {
		if d.example == a.String() && d.runtime == a.runtime {
			return d
		}
	}
	row := &devRow{example: a.String(), runtime: a.runtime}
	run.devs = append(run.devs, row)
	return row
}

func mb(n int64) string { return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) }

func seconds(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64)
}

// report prints what was measured.
func (run *e2e) report(t *testing.T) {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "prod\truntime\tuid\tadded MB\timage MB\tbuild s\tanswer s\tstop s\trebuild s\t")
	for _, p := range run.prods {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t\n", p.example, p.runtime, p.uid, mb(p.added), mb(p.size),
			seconds(p.build), seconds(p.answer), seconds(p.stop), seconds(p.rebuild))
	}
	_ = w.Flush()
	fmt.Fprintln(w)
	fmt.Fprintln(w, "dev, test\truntime\ttest s\tdev build s\tanswer s\treload s\tunder watch s\t")
	for _, d := range run.devs {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", d.example, d.runtime,
			seconds(d.test), seconds(d.build), seconds(d.answer), seconds(d.reload), seconds(d.watch))
	}
	_ = w.Flush()
	run.reportOwn(w)
	fmt.Fprintf(&b, "\n%d images of prod, %d of dev and test, in %v: %d of %d targets were tried, the others are in the record or left out by -run\n",
		len(run.prods), len(run.devs), time.Since(run.begin).Round(time.Second), run.tried, len(run.units))
	if run.changed {
		fmt.Fprintln(&b, "testdata/e2e.txt is another now: commit it")
	}
	file := os.Getenv("DOCKGEN_E2E_REPORT")
	if file == "" {
		t.Log("\n" + b.String())
		return
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Error(err)
	}
}

// reportOwn prints the comparison.
func (run *e2e) reportOwn(w *tabwriter.Writer) {
	if len(run.owns) == 0 {
		return
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w, "by hand\tadded MB\tours\timage MB\tours\tbuild s\tours\trebuild s\tours\t")
	for _, o := range run.owns {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", o.example, mb(o.added), mb(o.ours.added), mb(o.size), mb(o.ours.size),
			seconds(o.build), seconds(o.ours.build), seconds(o.again), seconds(o.ours.rebuild))
	}
	_ = w.Flush()
}
