package release

import (
	"testing"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

func TestSatisfies(t *testing.T) {
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	img, _ := know.Image("node")
	for _, c := range []struct {
		release, asked string
		want           bool
	}{
		{"24", "*", true},
		{"22", "v22.12.0", true},
		{"22", "22.x", true},
		{"21", "^20.19.0 || >=22.12.0", false},
		{"26", "lts/*", true},
		{"26", "LTS", true},
		{"24", "lts", false},
		{"20", "lts/iron", true},
		{"18", "lts/Hydrogen", true},
		{"24", "lts/-1", true},
		{"22", "lts/-1", false},
		{"12", "erbium", true},
		{"26", "node", true},
		{"26", "latest", true},
		{"24", "lts/-99", false},
		{"24", "lts/x", false},
		{"24", "nonsense here", false},
		{"24", "", false},
	} {
		if got := Satisfies(img, c.release, c.asked); got != c.want {
			t.Errorf("%s for %q: got %v, want %v", c.release, c.asked, got, c.want)
		}
	}
}
