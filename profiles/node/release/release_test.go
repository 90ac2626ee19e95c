package release

import (
	"testing"

	"github.com/dockgen/dockgen/detect/node"
)

func TestRanges(t *testing.T) {
	for _, c := range []struct {
		rng, major string
		matches    bool // some version of the major
		newest     bool // the newest of it, whichever that is
	}{
		{">=18", "18", true, true},
		{"^20.19.0 || >=22.12.0", "20", true, true},
		{"^20.19.0 || >=22.12.0", "21", false, false},
		{"22.1.0", "22", true, false},
		{"<=22.1", "22", true, false},
		{"<22", "22", false, false},
		{">21 <22.0.1", "22", true, false},
		{"", "22", true, true},
		{"*", "22", true, true},
		{"not a range", "22", false, false},
	} {
		if got := Matches(c.rng, c.major); got != c.matches {
			t.Errorf("Matches(%q, %q): got %v, want %v", c.rng, c.major, got, c.matches)
		}
		if got := TakesNewest(c.rng, c.major); got != c.newest {
			t.Errorf("TakesNewest(%q, %q): got %v, want %v", c.rng, c.major, got, c.newest)
		}
	}
	for _, c := range []struct {
		version, rng string
		want         bool
	}{
		{"1.2.3", "<2", true},
		{"^1.2.3", ">=2", false},
		{"^1.2.3", "<1.2.3", false},
		{"^1.2.3", "<=1.2.3", true},
		{"latest", "<2", true},
		{"https://example.com/x.tgz", "<2", true},
	} {
		if got := Overlaps(c.version, c.rng); got != c.want {
			t.Errorf("Overlaps(%q, %q): got %v, want %v", c.version, c.rng, got, c.want)
		}
	}
}

func TestDepMajor(t *testing.T) {
	for _, c := range []struct {
		locked, rng string
		want        int
	}{
		{"4.17.1", "^3.0.0", 4},
		{"", "^3.0.0", 3},
		{"", "~12", 12},
		{"", ">=7.1", 7},
		{"", "latest", 1 << 20},
		{"", "", 1 << 20},
	} {
		if got := DepMajor(node.Dep{Locked: c.locked, Range: c.rng}); got != c.want {
			t.Errorf("locked %q, range %q: got %d, want %d", c.locked, c.rng, got, c.want)
		}
	}
	for version, want := range map[string]int{"v22.1.0": 22, "^4": 4, ">= 18": 18, "lts": 0, "": 0} {
		if got := Major(version); got != want {
			t.Errorf("Major(%q): got %d, want %d", version, got, want)
		}
	}
}

func TestLocked(t *testing.T) {
	lock := &node.Lockfile{Versions: map[string][]string{"a": {"12.11.1"}, "b": {"1.0.0", "2.0.0"}, "c": {"1.1.0", "1.2.0"}}}
	for _, c := range []struct {
		dep  node.Dep
		lock *node.Lockfile
		want string
	}{
		{node.Dep{Name: "a", Range: "^12.6.2"}, lock, "12.11.1"},
		{node.Dep{Name: "a", Range: "^12.6.2", Locked: "12.7.0"}, lock, "12.7.0"},
		{node.Dep{Name: "a", Range: "^11.0.0"}, lock, ""},
		{node.Dep{Name: "a", Range: "^12.6.2"}, nil, ""},
		{node.Dep{Name: "b", Range: "2"}, lock, "2.0.0"},
		{node.Dep{Name: "c", Range: "1"}, lock, ""},
		{node.Dep{Name: "d", Range: "1"}, lock, ""},
	} {
		if got := Locked(c.dep, c.lock); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.dep, got, c.want)
		}
	}
}
