package knowledge

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestConsistent holds every row to what the rest of dockgen relies on.
func TestConsistent(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`^https://\S+$`)
	seen := map[string]bool{}
	once := func(kind, name string) {
		if seen[kind+name] {
			t.Errorf("%s %s has two rows", kind, name)
		}
		seen[kind+name] = true
	}
	for _, i := range b.Images {
		once("image ", i.Name)
		if !link.MatchString(i.Source) {
			t.Errorf("image %s: source %q is no link", i.Name, i.Source)
		}
		r, ok := i.Release(i.Default)
		if !ok {
			t.Errorf("image %s: the default %q is not among its releases", i.Name, i.Default)
		}
		if r.Ended {
			t.Errorf("image %s: the default %q is out of support", i.Name, i.Default)
		}
		for _, r := range i.Releases {
			once("release ", i.Name+" "+r.Version)
			if s, ok := SuiteNamed(r.Version); i.Name == "debian" && (!ok || s != Suite{"debian", number(r.Number)}) {
				t.Errorf("debian %s %s is not among the suites", r.Version, r.Number)
			}
			for _, day := range []string{r.Since, r.Fixes, r.Until} {
				if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
					t.Errorf("image %s %s: %v", i.Name, r.Version, err)
				}
			}
			if r.Ended != (r.Until != "" && r.Until <= b.Decided) {
				t.Errorf("image %s %s: ended %v, until %q, and the day is %s", i.Name, r.Version, r.Ended, r.Until, b.Decided)
			}
			variants := r.Variants
			if len(variants) == 0 {
				variants = []string{""}
			}
			for _, v := range variants {
				if !slices.Contains(r.Platforms[v], "amd64") {
					t.Errorf("image %s %s: the platforms of %q are not known: %v", i.Name, r.Version, v, r.Platforms)
				}
			}
			if len(r.Platforms) != len(variants) {
				t.Errorf("image %s %s: variants %v, and platforms of %v", i.Name, r.Version, variants, r.Platforms)
			}
		}
	}
	name := regexp.MustCompile(`^[a-z0-9][a-z0-9.+-]+$`)
	for _, p := range b.System {
		once("package "+p.Ecosystem+" ", p.Name)
		if !link.MatchString(p.Source) {
			t.Errorf("package %s: source %q is no link", p.Name, p.Source)
		}
		lists := [][]string{p.Debian.Build, p.Debian.Runtime, p.Alpine.Build, p.Alpine.Runtime}
		if p.Static != nil {
			lists = append(lists, p.Static.Packages)
			if !link.MatchString(p.Static.Source) || p.NoAlpine != "" {
				t.Errorf("package %s: static wants a link, and an Alpine to link on", p.Name)
			}
		}
		for _, list := range lists {
			for _, n := range list {
				if !name.MatchString(n) {
					t.Errorf("package %s: %q is no system package's name", p.Name, n)
				}
			}
		}
	}
	for _, x := range b.Tooling {
		once("tool ", x.Name+" for "+x.Needs)
		if !link.MatchString(x.Source) || !strings.ContainsAny(x.Version, "0123456789") {
			t.Errorf("tool %s: want an exact version and a link, got %q and %q", x.Name, x.Version, x.Source)
		}
	}
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
