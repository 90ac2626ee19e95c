// Package wrapper reads the script by which a repository gets its build tool, mvnw or gradlew, with the properties that name the release.
package wrapper

import (
	"bytes"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Script is a committed wrapper.
type Script struct {
	Pos    fact.Pos
	URL    fact.Fact[string] // distributionUrl; not found where the properties are missing
	Sum    fact.Fact[string] // distributionSha256Sum
	CRLF   bool              // the script has Windows line endings, so that no shell runs it
	Direct bool              // it can be run as it is: executable, with an interpreter line
}

// Read reads the script and its properties; ok is false where there is no script. One without readable properties is a wrapper all the same.
func Read(t *tree.Tree, script, properties string) (s Script, ok bool, err error) {
	if !t.Has(script) {
		return Script{}, false, nil
	}
	head, err := t.ReadHead(script, 1<<12)
	if err != nil {
		return Script{}, false, err
	}
	s = Script{Pos: fact.At(script, 0), CRLF: bytes.Contains(head, []byte("\r\n")), Direct: bytes.HasPrefix(head, []byte("#!")) && t.Executable(script)}
	if doc, err := document.Read(t, properties); err == nil {
		s.URL, s.Sum = doc.Get("distributionUrl").Fact(), doc.Get("distributionSha256Sum").Fact()
	}
	return s, true, nil
}
