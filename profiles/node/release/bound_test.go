package release

import (
	"slices"
	"strings"
	"testing"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
)

func TestReleaseRows(t *testing.T) {
	all, err := rows()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Bounds {
		versions, err := semver.NPM.ParseConstraint(r.Versions)
		if err != nil || r.Versions != "*" && versions == nil || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("bounds: %+v is not whole: %v", r, err)
		}
		if !slices.ContainsFunc([]string{"12", "14", "16", "18", "20", "22", "24", "26"}, func(v string) bool { return Matches(r.Node, v) }) || strings.Contains(r.Node, "||") {
			t.Errorf("bounds: Node %s of %s is no range of versions that have images", r.Node, r.Package)
		}
	}
	for _, r := range all.Flags {
		if !strings.HasPrefix(r.Flag, "--") || !Matches(r.Node, "24") && !Matches(r.Node, "22") || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("flags: %+v is not whole", r)
		}
	}
	for _, r := range all.Engines {
		if r.Package == "" || r.Major == 0 || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("engines: %+v is not whole", r)
		}
	}
}

// TestBounds: what a package needs of Node counts in the version that is installed, also where another package brings it.
func TestBounds(t *testing.T) {
	dep := func(name, rng, locked string) []node.Dep {
		return []node.Dep{{Name: name, Range: rng, Locked: locked, Kind: node.Prod}}
	}
	for name, c := range map[string]struct {
		deps   []node.Dep
		locked map[string][]string
		want   string
	}{
		"nothing":                      {},
		"locked":                       {dep("jwa", "^1.0.0", "1.4.1"), nil, "jwa <25"},
		"locked, mended":               {dep("jwa", "^1.0.0", "1.4.2"), nil, ""},
		"the newest of a range":        {dep("jwa", "^1.0.0", ""), nil, ""},
		"the newest of a tilde":        {dep("jwa", "~1.3.0", ""), nil, "jwa <25"},
		"an exact range":               {dep("jwa", "2.0.0", ""), nil, "jwa <25"},
		"an exact range, mended":       {dep("jwa", "2.0.1", ""), nil, ""},
		"a tag":                        {dep("jwa", "latest", ""), nil, ""},
		"brought":                      {dep("jsonwebtoken", "^9.0.0", "9.0.2"), map[string][]string{"jwa": {"1.4.1"}}, "jwa <25"},
		"brought twice":                {nil, map[string][]string{"jwa": {"2.0.1", "1.4.1"}}, "jwa <25"},
		"brought, by several rows":     {nil, map[string][]string{"isolated-vm": {"7.0.0", "5.0.4"}}, "isolated-vm <24"},
		"brought, mended":              {nil, map[string][]string{"jwa": {"2.0.1", "1.4.2"}}, ""},
		"the app's own before another": {dep("jwa", "^2.0.0", "2.0.1"), map[string][]string{"jwa": {"2.0.1"}}, ""},
		"several":                      {nil, map[string][]string{"nan": {"2.26.2"}, "jwa": {"2.0.0"}, "restify": {"11.1.0"}}, "restify <24; jwa <25; nan <26"},
		"native, before":               {dep("better-sqlite3", "^12.0.0", "12.6.2"), nil, "better-sqlite3 <26"},
		"native":                       {dep("better-sqlite3", "^12.0.0", "12.8.0"), nil, ""},
		"native, the newest":           {dep("better-sqlite3", "^11.0.0", ""), nil, "better-sqlite3 <26"},
		"for some Nodes":               {dep("isolated-vm", "^6.0.0", "6.1.2"), nil, "isolated-vm >=22 <26"},
		"for newer Nodes":              {dep("isolated-vm", "^7.0.0", ""), nil, "isolated-vm >=24"},
		"of the parser of HTTP":        {dep("restify", "^11.1.0", ""), nil, "restify <24"},
		"from Git at a tag":            {dep("uWebSockets.js", "uNetworking/uWebSockets.js#v20.52.0", ""), nil, "uWebSockets.js >=20 <26"},
		"from Git, locked":             {dep("uWebSockets.js", "github:uNetworking/uWebSockets.js", "20.67.0"), nil, "uWebSockets.js >=22"},
		"a binary for each":            {nil, map[string][]string{"@sentry/profiling-node": {"8.55.0"}, "@sentry-internal/node-cpu-profiler": {"2.3.0"}, "duckdb": {"1.3.1"}}, "duckdb <26; @sentry/profiling-node <24; @sentry-internal/node-cpu-profiler <26"},
		"with one that asks for it":    {dep("mocha", "^10.0.0", "10.2.0"), map[string][]string{"mocha": {"10.2.0"}, "yargs": {"16.2.0", "17.7.2"}}, "yargs <26"},
		"with one beneath it":          {nil, map[string][]string{"c8": {"8.0.1"}, "yargs": {"17.7.2"}}, "yargs <26"},
		"with one that does not":       {dep("mocha", "^11.0.0", "11.1.0"), map[string][]string{"mocha": {"11.1.0"}, "yargs": {"17.7.2"}}, ""},
		"with one, mended":             {dep("mocha", "^10.0.0", "10.2.0"), map[string][]string{"mocha": {"10.2.0"}, "yargs": {"16.2.2"}}, ""},
		"without one":                  {nil, map[string][]string{"jest": {"29.7.0"}, "yargs": {"17.7.2"}}, ""},
		"it pins what is too old":      {dep("libxmljs2", "0.37.0", ""), nil, "libxmljs2 <26"},
		"of a stream":                  {nil, map[string][]string{"browserify-zlib": {"0.1.4"}}, "browserify-zlib <26"},
		"of a stream, mended":          {nil, map[string][]string{"browserify-zlib": {"0.2.0"}}, ""},
	} {
		all, err := Bounds(&node.Facts{Deps: c.deps}, &node.Lockfile{Versions: c.locked})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range all {
			got = append(got, b.By.Name+" "+b.Node)
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if all, err := Bounds(&node.Facts{Deps: dep("jwa", "^1.0.0", "1.4.1")}, nil); len(all) != 1 || err != nil {
		t.Errorf("without a lockfile: got %v, %v", all, err)
	}
}

// TestFlagBounds: a flag of a script that not every Node knows.
func TestFlagBounds(t *testing.T) {
	script := func(text string) map[string]fact.Fact[string] {
		return map[string]fact.Fact[string]{"start": fact.New(text, "package.json", 3)}
	}
	for text, want := range map[string]string{
		"node --experimental-transform-types src/index.ts":                           "--experimental-transform-types >=22.7.0 <26",
		"NODE_OPTIONS='--experimental-transform-types --no-warnings' node index.mts": "--experimental-transform-types >=22.7.0 <26",
		"node --experimental-strip-types src/index.ts":                               "",
		"node x --experimental-transform-types-2":                                    "",
	} {
		for _, f := range []*node.Facts{{Scripts: script(text)}, {Packages: []node.WorkspaceUnit{{Scripts: script(text)}}}} {
			all, err := FlagBounds(f)
			got := ""
			if len(all) == 1 {
				got = all[0].Flag + " " + all[0].Node
			}
			if err != nil || len(all) > 1 || got != want {
				t.Errorf("%s: got %v, %v, want %q", text, all, err, want)
			}
		}
	}
}
