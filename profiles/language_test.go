package profiles

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestLanguages wants the list and the table of manifests to name the same
// languages, and each language to be found by one of its manifests. A site of HTML has none.
func TestLanguages(t *testing.T) {
	t.Parallel()
	all := Languages()
	var listed []string
	for _, l := range all {
		if slices.Contains(listed, l.Name) {
			t.Errorf("%s stands twice", l.Name)
		}
		listed = append(listed, l.Name)
		if len(l.Manifests()) == 0 && l.Name != "html" {
			t.Errorf("asides.yaml has no manifest of %s", l.Name)
		}
	}
	if n := len(manifests()); n != len(aside.Manifests("")) {
		t.Errorf("asides.yaml has %d manifests of languages that the list does not have", len(aside.Manifests(""))-n)
	}
	for _, name := range listed {
		if !strings.Contains((&Nothing{}).Error(), manifests()[0]) {
			t.Errorf("the error names no manifest of %s", name)
		}
	}
}

// TestCheckLanguage: a name that is not in the list is an error with a place.
func TestCheckLanguage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"language: cobol\n":       `dockgen.yaml:1: language: "cobol" is not one of go, java, node, python, html`,
		"port: 1\nlanguage: Go\n": `dockgen.yaml:2: language: "Go" is not one of go, java, node, python, html`,
		"language: go\n":          "",
		"port: 1\n":               "",
	} {
		s, err := settings.Parse(settings.File, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		err = CheckLanguage(s)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
		if _, ok := err.(*fact.Error); want != "" && !ok { //nolint:errorlint // the type itself is the contract
			t.Errorf("%q: %T", text, err)
		}
	}
}
