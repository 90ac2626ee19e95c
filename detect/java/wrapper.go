package java

import (
	"bytes"
	"path"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Wrapper is a committed mvnw: https://maven.apache.org/wrapper/
type Wrapper struct {
	Pos     fact.Pos
	URL     fact.Fact[string] // distributionUrl; not found where the properties are missing
	Version string            // of Maven, "" where the URL does not say
	CRLF    bool              // the script has Windows line endings, so that no shell runs it
	Direct  bool              // it can be run as ./mvnw: executable, with an interpreter line
}

var mavenInURL = lazy.MustCompile(`apache-maven[-/]([0-9][0-9A-Za-z.-]*?)(?:-bin\.|/|-src\.)`)

func readWrapper(t *tree.Tree, dir string) (*Wrapper, error) {
	script := path.Join(dir, "mvnw")
	if !t.Has(script) {
		return nil, nil
	}
	head, err := t.ReadHead(script, 1<<12)
	if err != nil {
		return nil, err
	}
	w := &Wrapper{Pos: fact.At(script, 0), CRLF: bytes.Contains(head, []byte("\r\n")), Direct: bytes.HasPrefix(head, []byte("#!")) && t.Executable(script)}
	file := path.Join(dir, ".mvn/wrapper/maven-wrapper.properties")
	doc, err := document.Read(t, file)
	if err != nil {
		return w, nil //nolint:nilerr // the script tells more than a file that is not there or not readable
	}
	w.URL = doc.Get("distributionUrl").Fact()
	if m := mavenInURL.FindStringSubmatch(w.URL.Value); m != nil {
		w.Version = m[1]
	}
	return w, nil
}
