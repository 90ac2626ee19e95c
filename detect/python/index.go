package python

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// PackageIndex is where packages come from, beside PyPI or in its place.
type PackageIndex struct {
	Name   string // "" if the manager gives it none
	Host   string
	Always bool // its manager is told that it needs a login
	Login  bool // the address has one
	// Explicit says that it serves only what names it, as Requirement's Index.
	Explicit bool
	Pos      fact.Pos
}

// maxIndexes bounds how many of them, and of the variables in their addresses, a manifest has.
const maxIndexes = 10

// indexed adds an index by its address, and the variables that the address takes from the environment, where expands says that the
// manager does so.
func (m *Manifest) indexed(x PackageIndex, address string, expands bool) {
	if expands {
		m.Variables = addVariables(m.Variables, address, x.Pos)
	}
	rest := variable.ReplaceAllString(address, "x")
	u, err := url.Parse(rest)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || len(m.Indexes) >= maxIndexes {
		return
	}
	x.Host, x.Login = strings.ToLower(u.Hostname()), u.User != nil
	if strings.Contains(address, "$") && !expands || x.Host == "" {
		return
	}
	m.Indexes = append(m.Indexes, x)
}

// addVariables adds the variables that a text takes from the environment.
func addVariables(list []fact.Fact[string], text string, at fact.Pos) []fact.Fact[string] {
	for _, v := range variable.FindAllString(text, maxIndexes) {
		list = addVariable(list, fact.Fact[string]{Value: strings.Trim(v, "${}"), Pos: at})
	}
	return list
}

// addVariable adds a variable that is not there yet.
func addVariable(list []fact.Fact[string], v fact.Fact[string]) []fact.Fact[string] {
	if len(list) >= maxIndexes || slices.ContainsFunc(list, func(o fact.Fact[string]) bool { return o.Value == v.Value }) {
		return list
	}
	return append(list, v)
}

// uvSettings reads what [tool.uv] says of indexes and of uv itself. A uv.toml beside it counts alone:
// https://docs.astral.sh/uv/concepts/configuration-files/
func (m *Manifest) uvSettings(t *tree.Tree, uv document.Value) error {
	if file := path.Join(path.Dir(m.File), "uv.toml"); t.Has(file) {
		var err error
		if uv, err = document.Read(t, file); err != nil {
			return err
		}
		m.Files = append(m.Files, file)
	}
	m.Requires = uv.Get("required-version").Fact()
	for _, key := range []string{"index-url", "extra-index-url", "find-links"} {
		for _, s := range uv.Get(key).Strings() {
			m.indexed(PackageIndex{Pos: s.Pos}, s.Value, false)
		}
	}
	for _, x := range uv.Get("index").Items {
		m.indexed(PackageIndex{
			Name: x.Get("name").Text, Always: x.Get("authenticate").Text == "always", Explicit: x.Get("explicit").IsTrue(), Pos: x.Pos(),
		}, x.Get("url").Text, false)
	}
	return nil
}

// sources adds the indexes of Poetry, PDM and Pipenv, which are tables of one shape.
func (m *Manifest) sources(list document.Value, expands bool) {
	for _, x := range list.Items {
		m.indexed(PackageIndex{Name: x.Get("name").Text, Explicit: x.Get("priority").Text == "explicit", Pos: x.Pos()}, x.Get("url").Text, expands)
	}
}

// served says from which index a package comes, wherever it is required.
func (m *Manifest) served(name, index string) {
	set := func(list []Requirement) {
		for i := range list {
			if list[i].Name == name {
				list[i].Index = index
			}
		}
	}
	set(m.List)
	for _, g := range m.Groups {
		set(g.List)
	}
}
