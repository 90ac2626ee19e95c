package knowledge

import (
	"regexp"
	"strings"
	"testing"
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
			if r.Until != "" && !regexp.MustCompile(`^20\d\d-(0[1-9]|1[0-2])$`).MatchString(r.Until) {
				t.Errorf("image %s %s: until %q is no month", i.Name, r.Version, r.Until)
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
