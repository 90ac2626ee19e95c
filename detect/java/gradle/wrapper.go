package gradle

import (
	"path"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/wrapper"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Wrapper is a committed gradlew: https://docs.gradle.org/current/userguide/gradle_wrapper.html
type Wrapper struct {
	wrapper.Script
	Version fact.Fact[string] // of Gradle, not found where the address does not say
	Jar     bool              // the program that downloads it is there
}

var gradleInURL = lazy.MustCompile(`gradle-([0-9][0-9A-Za-z.+-]*?)-(?:bin|all|src)\.`)

func readWrapper(t *tree.Tree, dir string) (*Wrapper, error) {
	s, ok, err := wrapper.Read(t, path.Join(dir, "gradlew"), path.Join(dir, "gradle/wrapper/gradle-wrapper.properties"))
	if err != nil || !ok {
		return nil, err
	}
	w := &Wrapper{Script: s, Jar: t.Has(path.Join(dir, "gradle/wrapper/gradle-wrapper.jar"))}
	if m := gradleInURL.FindStringSubmatch(w.URL.Value); m != nil {
		w.Version = fact.Fact[string]{Value: m[1], Pos: w.URL.Pos}
	}
	return w, nil
}
