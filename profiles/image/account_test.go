package image

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/profiles/plan"
)

// TestAccount: the user has an entry where something asks for it and the image has none.
func TestAccount(t *testing.T) {
	const slim = "groupadd --gid 65532 nonroot && useradd --uid 65532 --gid nonroot --create-home nonroot"
	const alpine = "addgroup -g 65532 nonroot && adduser -D -u 65532 -G nonroot nonroot"
	asks := []effect.Account{{Call: "os.userInfo"}, {Call: "ssh"}}
	home := []Write{{Dir: ".cache/app", Home: true, Quiet: true}}
	for _, tt := range []struct {
		name    string
		asks    []effect.Account
		writes  []Write
		runtime plan.Runtime
		run     string
		env     string
		copies  int
	}{
		{"nobody asks", nil, nil, plan.Slim, "", "", 0},
		{"slim", asks, nil, plan.Slim, slim, "", 0},
		{"alpine", asks, nil, plan.Alpine, alpine, "", 0},
		{"distroless has one", asks, nil, plan.Distroless, "", "", 0},
		{"scratch has one", asks, nil, plan.Scratch, "", "", 0},
		{"its home is the app's", asks, home, plan.Slim, slim, "", 1},
		{"without it a home is made", nil, home, plan.Slim, "", "HOME=/home/nonroot", 1},
	} {
		in := input(t, "")
		got, err := Writes(in, WritesRequest{Workdir: "/app", Writes: tt.writes, Accounts: tt.asks}, tt.runtime)
		if err != nil {
			t.Fatal(err)
		}
		run := plan.Run{}
		got.Apply(&run)
		var lines []string
		for _, s := range run.Prepare {
			for _, c := range s.Run {
				lines = append(lines, c.String())
			}
			if !strings.HasPrefix(s.Why.String(), "os.userInfo fails ") {
				t.Errorf("%s: says %q", tt.name, s.Why)
			}
		}
		if s := strings.Join(lines, " && "); s != tt.run {
			t.Errorf("%s: runs %q, want %q", tt.name, s, tt.run)
		}
		if s := words(run.Env); s != tt.env || len(run.Copies) != tt.copies {
			t.Errorf("%s: env %q and %v, want %q and %d rows", tt.name, s, run.Copies, tt.env, tt.copies)
		}
	}
}
