package node

import (
	"strings"
	"testing"
)

// Lists in parentheses are read as npm, pnpm and Yarn read them; Bun takes them as they
// stand. https://github.com/isaacs/minimatch, https://github.com/micromatch/picomatch.
func TestExtendedGlobs(t *testing.T) {
	for pattern, c := range map[string]struct{ yes, no string }{
		"packages/@(api|web)":      {"packages/api packages/web", "packages/docs packages packages/api/x"},
		"packages/!(docs)":         {"packages/api packages/docs2", "packages/docs packages/a/b"},
		"packages/!(docs|e2e-*)/x": {"packages/api/x", "packages/docs/x packages/e2e-a/x"},
		"packages/+(a|b)":          {"packages/a packages/abba", "packages/c packages"},
		"libs/?(big-)a":            {"libs/a libs/big-a", "libs/small-a"},
		"libs/*(a)":                {"libs/a libs/aa", "libs/b"},
		"**/@(app|lib)":            {"app x/lib x/y/app", "apps"},
		"@(apps|packages)/**":      {"apps apps/a packages/a/b", "libs/a"},
		"{apps,libs}/@(a|b)":       {"apps/a libs/b", "x/a apps/c"},
		"packages/@(a|b{1,2})":     {"packages/a packages/b1 packages/b2", "packages/b"},
	} {
		g, ok := newGlob(pattern, true)
		if !ok {
			t.Errorf("%s: is no pattern", pattern)
			continue
		}
		for dir := range strings.FieldsSeq(c.yes) {
			if !g.match(dir) {
				t.Errorf("%s does not match %s", pattern, dir)
			}
		}
		for dir := range strings.FieldsSeq(c.no) {
			if g.match(dir) {
				t.Errorf("%s matches %s", pattern, dir)
			}
		}
	}
	if g, _ := newGlob("packages/@(a|b)", false); g.match("packages/a") {
		t.Error("Bun knows no list in parentheses")
	}
}

// What is no pattern, or would be too deep or long, matches nothing and takes no time.
func TestHostileGlobs(t *testing.T) {
	for _, pattern := range []string{
		"@(a", "@(a|b", "!(a!(b))", "@(" + strings.Repeat("@(", 40) + strings.Repeat(")", 41), "+(" + strings.Repeat("a|", 400) + "a)", "@(a|{b)",
	} {
		if g, ok := newGlob(pattern, true); ok {
			t.Errorf("%.40s: got %v", pattern, g)
		}
	}
	g, ok := newGlob("+(a|aa|aaa)+(a|aa)x", true)
	if !ok || g.match(strings.Repeat("a", 5000)) {
		t.Error("an expression that would take forever elsewhere")
	}
}

// A package.json with a trailing comma is an error in every member too, as npm has it.
func TestStrictMembers(t *testing.T) {
	files := map[string]string{"package.json": `{"workspaces": ["a/*"]}`, "a/b/package.json": `{"name": "b",}`}
	if _, err := read(t, files); err == nil || !strings.HasPrefix(err.Error(), "a/b/package.json:1: is not valid JSON") {
		t.Errorf("got %v", err)
	}
	files["bun.lock"] = "{}"
	if _, err := read(t, files); err != nil {
		t.Errorf("Bun reads it: %v", err)
	}
}

// Optional dependencies that the lockfile has no entry of, those for Linux first.
func TestMissingOptional(t *testing.T) {
	const head = `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, `
	for name, c := range map[string]struct {
		lock, missing, asker string
		native               bool
	}{
		"of a Mac":                {head + `"node_modules/a": {"version": "1.0.0", "optionalDependencies": {"@a/darwin-arm64": "1", "@a/linux-x64-gnu": "1"}}, "node_modules/@a/darwin-arm64": {"version": "1.0.0"}}}`, "@a/linux-x64-gnu", "a", true},
		"of Linux":                {head + `"node_modules/a": {"version": "1.0.0", "optionalDependencies": {"@a/darwin-arm64": "1", "@a/linux-x64": "1"}}, "node_modules/@a/linux-x64": {"version": "1.0.0"}}}`, "@a/darwin-arm64", "a", false},
		"without arm64":           {head + `"node_modules/a": {"version": "1.0.0", "optionalDependencies": {"a-linux-64": "1", "a-linux-arm64": "1"}}, "node_modules/a-linux-64": {"version": "1.0.0"}}}`, "a-linux-arm64", "a", true},
		"fsevents, then Linux":    {head + `"node_modules/a": {"version": "1.0.0", "optionalDependencies": {"fsevents": "2"}}, "node_modules/a/node_modules/@b/c": {"version": "1.0.0", "optionalDependencies": {"@b/c-linux-x64-musl": "1"}}}}`, "@b/c-linux-x64-musl", "@b/c", true},
		"of another architecture": {head + `"node_modules/a": {"version": "1.0.0", "optionalDependencies": {"a-linux-s390x": "1"}}}}`, "a-linux-s390x", "a", false},
		"found further up":        {head + `"node_modules/a": {"version": "1.0.0"}, "node_modules/a/node_modules/b": {"version": "1.0.0", "optionalDependencies": {"c": "1", "d": "1"}}, "node_modules/c": {"version": "1.0.0"}, "node_modules/a/node_modules/d": {"version": "1.0.0"}}}`, "", "", false},
		"found beside a member":   {`{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "p/x": {"optionalDependencies": {"b": "1"}}, "p/x/node_modules/b": {"version": "1.0.0"}, "node_modules/a": {"version": "1.0.0"}}}`, "", "", false},
		"version 1":               {`{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0", "requires": {"@a/linux-x64": "1", "b": "1"}, "dependencies": {"b": {"version": "1.0.0"}}}}}`, "@a/linux-x64", "a", true},
		"version 1, all there":    {`{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0", "requires": {"b": "1"}, "dependencies": {"b": {"version": "1.0.0"}}}}}`, "", "", false},
		"no object":               {`{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"optionalDependencies": 1}}}`, "", "", false},
	} {
		f, err := read(t, map[string]string{"package.json": `{"dependencies": {"a": "1"}}`, "package-lock.json": c.lock})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if l := f.Lockfiles[0]; l.Missing != c.missing || l.Asker != c.asker || l.Native != c.native {
			t.Errorf("%s: got %q of %q, native %v", name, l.Missing, l.Asker, l.Native)
		}
	}
}
