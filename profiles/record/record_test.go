package record

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
)

func TestChooseKeepsTheLockedValueWhileItsEvidenceStands(t *testing.T) {
	locked := map[string]Locked{"node.version": {Value: "22", Evidence: "engines >=20"}}
	for _, tt := range []struct {
		name, input, want string
	}{
		{"same evidence", "engines >=20", "22"},
		{"other evidence", "engines >=24", "24"},
		{"read from the repository", "", "24"},
	} {
		b := &Log{Locked: locked}
		if got := b.Choose(plan.Choice{Key: "node.version", Value: "24", Evidence: tt.input}); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
		if got := b.Choices()[0].Value; got != tt.want {
			t.Errorf("%s: wrote down %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestFirst(t *testing.T) {
	a := Option{Value: "", Rule: "a"}
	b := Option{Value: "2", Pos: fact.At("f", 1), Rule: "b"}
	c := Option{Value: "3", Pos: fact.At("g", 2), Rule: "c"}
	win, rejected, ok := First(a, b, c)
	if !ok || win != b {
		t.Errorf("got %v, %v; want %v", win, ok, b)
	}
	want := []plan.Rejected{{Value: "3", Pos: &fact.Pos{File: "g", Line: 2}, Why: "b comes before c"}}
	if diff := cmp.Diff(want, rejected); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	if _, _, ok := First(a); ok {
		t.Error("an empty candidate won")
	}
}

func TestRuntime(t *testing.T) {
	noShell := errors.New("the start command needs a shell")
	can := func(r plan.Runtime) error {
		if r == plan.Scratch || r == plan.Distroless {
			return noShell
		}
		return nil
	}
	t.Run("a server that became a site", func(t *testing.T) {
		order := func() *Log {
			return &Log{Profile: "p", Preferred: []plan.Runtime{plan.Slim, plan.Alpine}, Sites: []plan.Runtime{plan.Alpine, plan.Slim}}
		}
		server := order()
		if _, err := server.Runtime(can); err != nil {
			t.Fatal(err)
		}
		was := server.Choices()[0]
		site := order()
		site.Locked = map[string]Locked{"runtime": {Value: was.Value, Evidence: was.Evidence}}
		site.ForSite()
		if got, err := site.Runtime(can); err != nil || got != plan.Alpine {
			t.Errorf("got %v, %v; want what the profile prefers for sites", got, err)
		}
	})
	t.Run("preferred", func(t *testing.T) {
		b := &Log{Profile: "p", Preferred: []plan.Runtime{plan.Distroless, plan.Slim, plan.Alpine}}
		got, err := b.Runtime(can)
		if err != nil || got != plan.Slim {
			t.Fatalf("got %s, %v; want slim", got, err)
		}
		want := []plan.Rejected{
			{Value: "distroless", Why: "the start command needs a shell"},
			{Value: "alpine", Why: "the profile prefers slim"},
		}
		if diff := cmp.Diff(want, b.Choices()[0].Rejected); diff != "" {
			t.Errorf("rejected (-want +got):\n%s", diff)
		}
	})
	t.Run("asked for and impossible", func(t *testing.T) {
		b := &Log{Asked: plan.Scratch, Preferred: []plan.Runtime{plan.Slim}}
		_, err := b.Runtime(can)
		var ie *ImpossibleError
		if !errors.As(err, &ie) || !errors.Is(err, noShell) {
			t.Fatalf("got %v, want an ImpossibleError", err)
		}
		if want := "these work: alpine, slim"; ie.Hint() != want {
			t.Errorf("hint: got %q, want %q", ie.Hint(), want)
		}
	})
	t.Run("the lock keeps it", func(t *testing.T) {
		first := &Log{Profile: "p", Preferred: []plan.Runtime{plan.Alpine}}
		if _, err := first.Runtime(can); err != nil {
			t.Fatal(err)
		}
		c := first.Choices()[0]
		b := &Log{Profile: "p", Preferred: []plan.Runtime{plan.Slim}, Locked: map[string]Locked{"runtime": {Value: c.Value, Evidence: c.Evidence}}}
		if got, err := b.Runtime(can); err != nil || got != plan.Alpine {
			t.Errorf("got %s, %v; want alpine, as locked", got, err)
		}
	})
	t.Run("none of the profile's", func(t *testing.T) {
		b := &Log{Profile: "tiny", Preferred: []plan.Runtime{plan.Scratch}}
		if _, err := b.Runtime(can); err == nil {
			t.Error("got no error")
		}
	})
}
