package buildfile

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// debianName is the name of a package of Debian.
var debianName = lazy.MustCompile(`^[a-z0-9][a-z0-9.+-]{1,60}$`)

// Listed are the packages of Debian that a file of lines lists, without the lines of other kinds:
// https://github.com/heroku/heroku-buildpack-apt#aptfile,
// https://mybinder.readthedocs.io/en/latest/using/config_files.html#apt-txt-install-packages-with-apt-get,
// https://docs.streamlit.io/deploy/streamlit-community-cloud/deploy-your-app/app-dependencies#apt-get-dependencies.
func (r *Reader) Listed(name string) []fact.Fact[string] {
	f := r.File(name)
	if f == nil {
		return nil
	}
	var out []fact.Fact[string]
	n := 0
	for l := range strings.Lines(f.Text) {
		n++
		l, _, _ = strings.Cut(l, "#")
		for word := range strings.FieldsSeq(l) {
			word, _, _ = strings.Cut(word, "=") // its version is that of another release
			if !debianName.MatchString(word) {
				break // a line for apt itself, or an address
			}
			out = listed(out, fact.New(word, f.Name, n))
		}
	}
	return out
}

// Installed are the packages of Debian that the files of hosting platforms install.
func (r *Reader) Installed() []fact.Fact[string] {
	if r == nil {
		return nil
	}
	out := slices.Concat(r.Listed("Aptfile"), r.Listed("apt.txt"))
	for _, name := range platformFiles("") {
		if f := r.file(name); f != nil {
			out = append(out, f.Installs...)
		}
	}
	return out
}
