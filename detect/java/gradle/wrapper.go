package gradle

import (
	"bytes"
	"path"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Wrapper is a committed gradlew: https://docs.gradle.org/current/userguide/gradle_wrapper.html
type Wrapper struct {
	Pos     fact.Pos
	Version fact.Fact[string] // of Gradle, not found where the address does not say
	URL     fact.Fact[string] // of the distribution; not found where the properties are missing
	Jar     bool              // the program that downloads it is there
	Direct  bool              // it can be run as ./gradlew: executable, with an interpreter line
	CRLF    bool              // the script has Windows line endings, so that no shell runs it
}

var gradleInURL = lazy.MustCompile(`gradle-([0-9][0-9A-Za-z.+-]*?)-(?:bin|all|src)\.`)

func readWrapper(t *tree.Tree, dir string) (*Wrapper, error) {
	script := path.Join(dir, "gradlew")
	if !t.Has(script) {
		return nil, nil
	}
	head, err := t.ReadHead(script, 1<<12)
	if err != nil {
		return nil, err
	}
	w := &Wrapper{
		Pos: fact.At(script, 0), CRLF: bytes.Contains(head, []byte("\r\n")), Direct: bytes.HasPrefix(head, []byte("#!")) && t.Executable(script),
		Jar: t.Has(path.Join(dir, "gradle/wrapper/gradle-wrapper.jar")),
	}
	doc, err := document.Read(t, path.Join(dir, "gradle/wrapper/gradle-wrapper.properties"))
	if err != nil {
		return w, nil //nolint:nilerr // the script tells more than a file that is not there or not readable
	}
	w.URL = doc.Get("distributionUrl").Fact()
	if m := gradleInURL.FindStringSubmatch(w.URL.Value); m != nil {
		w.Version = fact.Fact[string]{Value: m[1], Pos: w.URL.Pos}
	}
	return w, nil
}
