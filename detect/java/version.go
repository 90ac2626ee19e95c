package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/toolversion"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// readVersions reads the files that name a JDK for version managers, in the
// order in which they count.
func readVersions(t *tree.Tree, dir string) ([]fact.Fact[string], error) {
	jenv, err := toolversion.Single(t, dir, ".java-version")
	if err != nil {
		return nil, err
	}
	sdkman, err := property(t, path.Join(dir, ".sdkmanrc"), sdkmanLine)
	if err != nil {
		return nil, err
	}
	asdf, err := toolversion.ToolVersions(t, dir)
	if err != nil {
		return nil, err
	}
	heroku, err := property(t, path.Join(dir, "system.properties"), herokuLine)
	if err != nil {
		return nil, err
	}
	mise, err := toolversion.ReadMise(t, dir)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(
		slices.Concat([]fact.Fact[string]{jenv, sdkman}, tool(asdf), []fact.Fact[string]{heroku}, tool(mise.Tools)),
		func(v fact.Fact[string]) bool { return !v.Found() },
	), nil
}

// tool is what the files of version managers say of the JDK.
func tool(list []toolversion.Version) []fact.Fact[string] {
	var out []fact.Fact[string]
	for _, v := range toolversion.Pick(list, "java") {
		out = append(out, fact.Fact[string]{Value: v.Value, Pos: v.Pos})
	}
	return out
}

var (
	// https://sdkman.io/usage/#env-command
	sdkmanLine = lazy.MustCompile(`^\s*java\s*=\s*(\S+)`)
	// https://devcenter.heroku.com/articles/customizing-the-jdk
	herokuLine = lazy.MustCompile(`^\s*java\.runtime\.version\s*[=:]\s*(\S+)`)
)

// property is the value in the first line of a file that matches.
func property(t *tree.Tree, file string, line *lazy.Regexp) (fact.Fact[string], error) {
	lines, err := t.Lines(file)
	if err != nil {
		return fact.Fact[string]{}, err
	}
	for n, text := range lines {
		if m := line.FindStringSubmatch(text); m != nil {
			return fact.New(m[1], file, n), nil
		}
	}
	return fact.Fact[string]{}, nil
}

// based matches a release of GraalVM, or of what is made of it, that says of which Java it is: 22.3.r17-grl, graalvm-22.3.1+java17.
// https://sdkman.io/jdks/, https://github.com/halcyon/asdf-java
var based = lazy.MustCompile(`(?:[0-9]\.r|\+java)([0-9]{1,2})(?:[^0-9]|$)`)

var major = lazy.MustCompile(`(?:^|[^0-9.])(?:1\.)?([0-9]{1,2})(?:[^0-9]|$)`)

// Major is the feature release that a version names: "1.8" and
// "zulu-8.86.0.25" are 8, "temurin-21.0.1+12" is 21, "[17,)" and "22.3.r17-grl" are 17. "" is none.
func Major(version string) string {
	m := based.FindStringSubmatch(version)
	if m == nil {
		m = major.FindStringSubmatch(version)
	}
	if m == nil {
		return ""
	}
	return strings.TrimLeft(m[1], "0")
}
