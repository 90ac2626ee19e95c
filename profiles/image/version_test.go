package image

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// exactly is a scheme of languages in which a version names one release and ">=X" is a range.
func exactly(parts int) (satisfies func(release, want string) bool, lowest func(string) (string, bool)) {
	lowest = func(want string) (string, bool) {
		v := strings.Split(strings.TrimPrefix(strings.TrimPrefix(want, ">="), "v"), ".")
		v = v[:min(parts, len(v))]
		s := strings.Join(v, ".")
		return s, isRelease(s)
	}
	return func(release, want string) bool {
		low, ok := lowest(want)
		if strings.HasPrefix(want, ">=") {
			return ok && compareReleases(release, low) >= 0
		}
		return ok && release == low
	}, lowest
}

func TestVersion(t *testing.T) {
	nodeSatisfies, nodeLowest := exactly(1)
	node := VersionRequest{Key: "node.version", Images: ImagesOf("node"), Satisfies: nodeSatisfies, Lowest: nodeLowest}
	pySatisfies, pyLowest := exactly(2)
	python := VersionRequest{Key: "python.version", Images: ImagesOf("python"), Satisfies: pySatisfies, Lowest: pyLowest, Strict: true}
	atLeast := func(parts int) func(release, want string) bool {
		_, low := exactly(parts)
		return func(release, want string) bool {
			v, ok := low(want)
			return ok && compareReleases(release, v) >= 0
		}
	}
	golang := VersionRequest{
		Key: "go.version", Images: ImagesOf("go"), Satisfies: atLeast(2), Lowest: pyLowest, Raise: true,
		Evidence: func(record.Option) string { return "the go lines" },
	}
	java := VersionRequest{Key: "java.version", Images: ImagesOf("java"), Satisfies: atLeast(1), Lowest: nodeLowest, Raise: true}
	pnpm := Limit{Fits: func(r string) bool { return compareReleases(r, "22") >= 0 }, Text: "pnpm 11 needs Node >=22", Pos: fact.At("package.json", 9), Must: true, Refuse: true}
	requires := Limit{Fits: func(r string) bool { return compareReleases(r, "3.11") >= 0 }, Text: "requires-python is >=3.11", Pos: fact.At("pyproject.toml", 3), Must: true}
	webpack := Limit{Fits: func(r string) bool { return compareReleases(r, "22") <= 0 }, Text: "webpack 4 runs on Node <=22", Pos: fact.At("package.json", 4)}

	for _, tt := range []struct {
		name   string
		q      VersionRequest
		asked  string
		wants  []string // values of .tool-versions, engines, …
		limits []Limit
		locked record.Locked
		want   string // the value, or the error
		note   string // of the first note, "" for none
	}{
		{"node default", node, "", nil, nil, record.Locked{}, "26", ""},
		{"node exact", node, "", []string{"22.1.0", ">=18"}, nil, record.Locked{}, "22", ""},
		{"node range", node, "", []string{">=18"}, nil, record.Locked{}, "26", ""},
		{"node ended", node, "", []string{"18"}, nil, record.Locked{}, "18", "Node 18 is out of support: its image gets no security fixes"},
		{"node without an image", node, "", []string{"10"}, nil, record.Locked{}, "12", "Node 10 has no image that dockgen can use: Node 12 is taken"},
		{"node of tomorrow", node, "", []string{"99"}, nil, record.Locked{}, "there is no image of Node 99", ""},
		{"node nonsense", node, "", []string{"x", "22"}, nil, record.Locked{}, "22", `"x" names no version of Node that has an image`},
		{"node asked", node, "20", []string{"22"}, nil, record.Locked{}, "20", "Node 20 is out of support: its image gets no security fixes"},
		{"node asked without an image that can be used", node, "10", nil, nil, record.Locked{}, "the image of Node 10 is none that dockgen can use", ""},
		{"node asked without an image", node, "5", nil, nil, record.Locked{}, "there is no image of Node 5", ""},
		{"node too old for its manager", node, "", []string{"20"}, []Limit{pnpm}, record.Locked{}, "pnpm 11 needs Node >=22, and .tool-versions asks for 20", ""},
		{"node range and its manager", node, "", []string{">=18"}, []Limit{pnpm}, record.Locked{}, "26", ""},
		{"node default and a dependency", node, "", nil, []Limit{webpack}, record.Locked{}, "22", ""},
		{"node pinned and a dependency", node, "", []string{"24"}, []Limit{webpack}, record.Locked{}, "24", "webpack 4 runs on Node <=22, and the image has Node 24"},
		{"node locked", node, "", []string{">=18"}, nil, record.Locked{Value: "22", Evidence: ">=18"}, "22", ""},
		{"node range and a dependency", node, "", []string{">=18"}, []Limit{webpack}, record.Locked{}, "22", ""},
		{"node locked by a dependency", node, "", []string{">=18"}, []Limit{webpack}, record.Locked{Value: "18", Evidence: ">=18; " + webpack.Text}, "18", "Node 18 is out of support: its image gets no security fixes"},
		{"node locked by a dependency that is gone", node, "", []string{">=18"}, nil, record.Locked{Value: "22", Evidence: ">=18; " + webpack.Text}, "26", ""},
		{"node locked by hand", node, "", []string{">=18"}, nil, record.Locked{Value: "17", Evidence: ">=18"}, "dockgen.lock holds Node 17, which has no image that dockgen can use", ""},
		{"node locked to text", node, "", nil, nil, record.Locked{Value: "24.x; rm", Evidence: "none"}, "dockgen.lock holds Node 24.x; rm, which has no image that dockgen can use", ""},
		{"node locked outside", node, "", nil, []Limit{pnpm}, record.Locked{Value: "20", Evidence: "none; " + pnpm.Text}, "dockgen.lock holds Node 20, and pnpm 11 needs Node >=22", ""},

		{"python pin", python, "", []string{"3.12.4"}, nil, record.Locked{}, "3.12", ""},
		{"python ended", python, "", []string{"3.9"}, nil, record.Locked{}, "3.9", "Python 3.9 is out of support: its image gets no security fixes"},
		{"python older than all images", python, "", []string{"3.6"}, nil, record.Locked{}, "3.7", "Python 3.6 has no image that dockgen can use: Python 3.7 is taken"},
		{"python that is early, asked for", python, "", []string{"3.15"}, nil, record.Locked{}, "3.15", ""},
		{"python range that an early one is in", python, "", []string{">=3.14"}, nil, record.Locked{}, "3.14", ""},
		{"python range that only an early one is in", python, "", []string{">=3.15"}, nil, record.Locked{}, "3.15", ""},
		{"python without an image", python, "", []string{"3.99"}, nil, record.Locked{}, "there is no image of Python 3.99", ""},
		{"python pin outside of its range", python, "", []string{"3.9"}, []Limit{requires}, record.Locked{}, "3.13", ".tool-versions says 3.9, and requires-python is >=3.11"},

		{"python pin without an image and outside of its range", python, "", []string{"3.7"}, []Limit{requires}, record.Locked{}, "3.13", ".tool-versions says 3.7, and requires-python is >=3.11"},
		{"python asked outside of its range", python, "3.9", nil, []Limit{requires}, record.Locked{}, "requires-python is >=3.11, and 3.9 is asked for", ""},

		{"go default", golang, "", nil, nil, record.Locked{}, "1.27", ""},
		{"go supported", golang, "", []string{"1.26"}, nil, record.Locked{}, "1.26", ""},
		{"go patch", golang, "", []string{"1.26.2"}, nil, record.Locked{}, "1.26", ""},
		{"go ended", golang, "", []string{"1.22"}, nil, record.Locked{}, "1.26", "Go 1.22 is out of support: Go 1.26 is taken"},
		{"go without an image", golang, "", []string{"1.13"}, nil, record.Locked{}, "1.26", "Go 1.13 has no image that dockgen can use: Go 1.26 is taken"},
		{"go asked", golang, "1.25", []string{"1.22"}, nil, record.Locked{}, "1.25", "Go 1.25 is out of support: its image gets no security fixes"},
		{"go asked without an image", golang, "1.13", nil, nil, record.Locked{}, "the image of Go 1.13 is none that dockgen can use", ""},
		{"go of tomorrow", golang, "", []string{"1.40"}, nil, record.Locked{}, "there is no image of Go 1.40", ""},
		{"go locked", golang, "", []string{"1.26"}, nil, record.Locked{Value: "1.27", Evidence: "the go lines"}, "1.27", ""},

		{"java long-term", java, "", []string{"17"}, nil, record.Locked{}, "17", ""},
		{"java 18", java, "", []string{"18"}, nil, record.Locked{}, "21", "Java 18 has no image that dockgen can use: Java 21 is taken"},
		{"java out of support", java, "", []string{"26"}, nil, record.Locked{}, "27", "Java 26 is out of support: Java 27 is taken"},
		{"java asked", java, "8", []string{"17"}, nil, record.Locked{}, "8", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := lockedInput(t, map[string]record.Locked{})
			in.Settings = settings.Settings{Version: tt.asked}
			if tt.locked.Value != "" {
				in.Log.Locked[tt.q.Key] = tt.locked
			}
			q := tt.q
			q.Limits = tt.limits
			for i, w := range tt.wants {
				q.Candidates = append(q.Candidates, record.Option{Value: w, Pos: fact.At("file", i+1), Rule: []string{".tool-versions", "engines"}[i]})
			}
			v, err := Version(in, q)
			got, times := value(in.Log, q.Key)
			if err != nil {
				got, times = err.Error(), 1
				if _, after, ok := strings.Cut(got, ": "); ok {
					got = after
				}
			}
			if got != tt.want || times != 1 {
				t.Fatalf("got %q (recorded %d times), want %q", got, times, tt.want)
			}
			if err == nil && (v.Tag != got || v.Version == "") {
				t.Errorf("got %+v", v)
			}
			note := ""
			if n := in.Log.Notes(); len(n) > 0 {
				note = n[0].Text
			}
			if note != tt.note {
				t.Errorf("got the note %q, want %q", note, tt.note)
			}
			if err == nil {
				if _, err := q.Images.Ref(in.Know, v.Tag, plan.Slim, q.Images.Prod); err != nil {
					t.Errorf("no image of what was chosen: %v", err)
				}
			}
		})
	}
}

// TestPublished asks for each release that the sources of the images have: one that the table names is taken, and of no other is it said
// that it has no image.
func TestPublished(t *testing.T) {
	for language, parts := range map[string]int{"go": 2, "node": 1, "python": 2, "java": 1} {
		satisfies, lowest := exactly(parts)
		q := VersionRequest{Key: language + ".version", Images: ImagesOf(language), Satisfies: satisfies, Lowest: lowest}
		ask := func(version string) error {
			in := lockedInput(t, map[string]record.Locked{})
			in.Settings = settings.Settings{Version: version}
			v, err := Version(in, q)
			if err == nil && v.Version != version {
				t.Errorf("%s %s: got %s", language, version, v.Version)
			}
			return err
		}
		img, _ := lockedInput(t, nil).Know.Image(q.Images.System)
		for _, r := range img.Releases {
			if err := ask(r.Version); err != nil {
				t.Errorf("%s %s: %v", language, r.Version, err)
			}
		}
		if len(img.Unused) < 5 {
			t.Errorf("%s: only %v are not used", language, img.Unused)
		}
		for _, version := range img.Unused {
			if err := ask(version); err == nil || !strings.HasSuffix(err.Error(), "is none that dockgen can use") {
				t.Errorf("%s %s: got %v", language, version, err)
			}
		}
	}
}

func FuzzVersion(f *testing.F) {
	for _, s := range []string{"24", ">=18", "lts/*", "", "1.27rc1", "\x00", "99999999999999999999"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, want, locked string) {
		satisfies, lowest := exactly(1)
		in := lockedInput(t, map[string]record.Locked{"node.version": {Value: locked, Evidence: want}})
		v, err := Version(in, VersionRequest{
			Key: "node.version", Images: ImagesOf("node"), Satisfies: satisfies, Lowest: lowest,
			Candidates: []record.Option{{Value: want, Rule: "engines"}},
		})
		if err != nil {
			return
		}
		if _, err := ImagesOf("node").Ref(in.Know, v.Tag, plan.Slim, ""); err != nil {
			t.Errorf("%q, locked %q: %v", want, locked, err)
		}
	})
}
