package release

import (
	"testing"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

func TestResolve(t *testing.T) {
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	img, _ := know.Image("node")
	for _, c := range []struct{ asked, minimum, want string }{
		{"*", "", "24"},
		{">=18", "", "24"},
		{"^20.19.0 || >=22.12.0", "", "24"},
		{"22", "", "22"},
		{"v22.12.0", "", "22"},
		{"22.x", "", "22"},
		{"~20.1", "", "20"},
		{">=20 <22", "", "20"},
		{"<23", "", "22"},
		{">=18 <21", "", "20"},
		{"18 || 20", "", "20"},
		{">24", "", "26"},
		{"lts/*", "", "24"},
		{"lts", "", "24"},
		{"lts/iron", "", "20"},
		{"lts/Hydrogen", "", "18"},
		{"lts/-1", "", "22"},
		{"erbium", "", "12"},
		{"10.x", "", ""},
		{"lts/-99", "", ""},
		{"lts/x", "", ""},
		{"node", "", "26"},
		{"latest", "", "26"},
		{"14.18.1", "", "14"},
		{"nonsense here", "", ""},
		{"", "", ""},
		{"99", "", ""},
		{">=18", ">=22.13", "24"},
		{"20", ">=22.13", "20"},
		{"22.1.0", ">=22.13", "22"},
	} {
		r, _ := Resolve(img, c.asked, c.minimum)
		if r.Version != c.want {
			t.Errorf("%q with %q: got %q, want %q", c.asked, c.minimum, r.Version, c.want)
		}
	}
}

// TestNext holds versions that have no image to the next one that has.
func TestNext(t *testing.T) {
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	img, _ := know.Image("node")
	for asked, want := range map[string]string{"8.x": "12", "0.10": "12", "lts/dubnium": "12", "^13.2.0": "14", "17": "18", "system": "", "lts/x": "", "99": ""} {
		r, _ := Next(img, asked, "")
		if r.Version != want {
			t.Errorf("%q: got %q, want %q", asked, r.Version, want)
		}
	}
	if r, _ := Next(img, "8", ">=18.12"); r.Version != "18" {
		t.Errorf("with a minimum: got %q, want 18", r.Version)
	}
	for rng, want := range map[string]bool{"99": true, ">=99": true, "24": false, "<99": false, "x y": false} {
		if got := Newer(img, rng); got != want {
			t.Errorf("Newer(%q): got %v, want %v", rng, got, want)
		}
	}
}
