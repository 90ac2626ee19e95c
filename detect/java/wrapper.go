package java

import (
	"path"

	"github.com/dockgen/dockgen/detect/java/wrapper"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Wrapper is a committed mvnw: https://maven.apache.org/wrapper/
type Wrapper struct {
	wrapper.Script
	Version string // of Maven, "" where the URL does not say
}

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
	return w, nil
}
