package analysis

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/internal/table"
)

// TestRows holds calls.yaml to its form: strict, sourced, and each row with
// something to find and something that it means.
func TestRows(t *testing.T) {
	rows, err := table.Read[[]row]("calls.yaml", callsCompiled)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("%s: no source", r.Package)
		}
		if len(r.Func)+len(r.Method) == 0 && r.Field == "" {
			t.Errorf("%s: nothing to find", r.Package)
		}
		if r.Listen == nil && r.Read == nil && r.Write == nil && r.Run == nil && r.Route == nil && r.Database == nil && r.Config == "" && !r.EnvFile && r.Signal == nil && !r.Account && !r.Virtual && r.Keeps == "" {
			t.Errorf("%s %v: it means nothing", r.Package, append(r.Func, r.Method...))
		}
	}
}
