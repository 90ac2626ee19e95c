package java

import (
	"bytes"
	"path"

	"github.com/dockgen/dockgen/detect/java/wrapper"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Wrapper is a committed mvnw: https://maven.apache.org/wrapper/
type Wrapper struct {
	wrapper.Script
	Version string // of Maven, "" where the URL does not say
	// Unzip says that it fails where no unzip is: it takes another archive then, whose sum is not that of the properties
	// (https://github.com/apache/maven-wrapper/issues/425).
	Unzip bool
}

// maxScript bounds how much of mvnw is read.
const maxScript = 1 << 16

var mavenInURL = lazy.MustCompile(`apache-maven[-/]([0-9][0-9A-Za-z.-]*?)(?:-bin\.|/|-src\.)`)

func readWrapper(t *tree.Tree, dir string) (*Wrapper, error) {
	s, ok, err := wrapper.Read(t, path.Join(dir, "mvnw"), path.Join(dir, ".mvn/wrapper/maven-wrapper.properties"))
	if err != nil || !ok {
		return nil, err
	}
	w := &Wrapper{Script: s}
	if m := mavenInURL.FindStringSubmatch(w.URL.Value); m != nil {
		w.Version = m[1]
	}
	if w.Sum.Found() {
		text, err := t.ReadHead(path.Join(dir, "mvnw"), maxScript)
		w.Unzip = err == nil && bytes.Contains(text, []byte("command -v unzip"))
	}
	return w, nil
}
