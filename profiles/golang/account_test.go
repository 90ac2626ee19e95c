package golang_test

import (
	"strings"
	"testing"
)

// TestAccount: user.Current finds prod's user.
func TestAccount(t *testing.T) {
	const asks = "-- main.go --\npackage main\nimport \"os/user\"\nfunc main() { user.Current() }\n"
	for _, tt := range []struct {
		name, code, runtime, want string
	}{
		{"slim", asks, "slim", "useradd --uid 65532 --gid nonroot --create-home nonroot"},
		{"alpine", asks, "alpine", "adduser -D -u 65532 -G nonroot nonroot"},
		{"scratch has its own", asks, "scratch", ""},
		{"another user", strings.Replace(asks, "Current()", "Lookup(\"x\")", 1), "slim", ""},
	} {
		p, err := decide(t, mod("go 1.26")+tt.code, "runtime="+tt.runtime)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range p.Run.Prepare {
			for _, c := range s.Run {
				got = append(got, c.String())
			}
		}
		if s := strings.Join(got, " && "); !strings.Contains(s, tt.want) || tt.want == "" && s != "" {
			t.Errorf("%s: %q, want %q", tt.name, s, tt.want)
		}
	}
}
