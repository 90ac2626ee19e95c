package e2e_test

import "testing"

// dev runs the dev target with the source mounted over its working directory,
// and wants an edit to show without a rebuild. A job's is built alone.
func (run *e2e) dev(t *testing.T, a app) {
	row := run.devRow(a)
	if a.Dev == nil {
		_, took, err := build(t.Context(), a.dir, "dev", "")
		if err != nil {
			t.Fatal(err)
		}
		row.build = took
		return
	}
	var d devImage
	d, row.build = buildDev(t, a)
	c := start(t.Context(), t, d.tag, a.Prod.Env, "--volume", a.dir+":"+d.workdir)
	row.answer, row.reload = reload(t, a.Example, a.dir, d.port, c, func() {})
}
