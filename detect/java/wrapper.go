package java

import (
	"bytes"
	"path"
	"regexp"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Wrapper is a committed mvnw: https://maven.apache.org/wrapper/
type Wrapper struct {
	Pos     fact.Pos
	URL     fact.Fact[string] // distributionUrl; not found where the properties are missing
	Version string            // of Maven, "" where the URL does not say
	CRLF    bool              // the script has Windows line endings, so that no shell runs it
	Direct  bool              // it can be run as ./mvnw: executable, with an interpreter line
}

var mavenInURL = regexp.MustCompile(`apache-maven[-/]([0-9][0-9A-Za-z.-]*?)(?:-bin\.|/|-src\.)`)

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
	if text, err := t.ReadHead(file, 1<<16); err == nil {
		for _, s := range parseProperties(file, text) {
			if s.Key != "distributionUrl" {
				continue
			}
			w.URL = fact.Fact[string]{Value: s.Value, Pos: s.Pos}
			if m := mavenInURL.FindStringSubmatch(s.Value); m != nil {
				w.Version = m[1]
			}
		}
	}
	return w, nil
}
