package image

import (
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/record"
)

// Listed are the packages of Debian that a file of the repository installs where it is hosted, by the names that they have now: compilers
// and headers where the app is built, with the library of each, if a library of a language is known to need it.
func Listed(in record.Input, list []fact.Fact[string]) []Need {
	var out []Need
	for _, p := range list[:min(len(list), maxKept)] {
		name := in.Know.Debian.Now(p.Value)
		need := knowledge.Need{Runtime: []string{name}}
		if forCompiling.MatchString(name) {
			if need = headersOf(in.Know, name); slices.Contains(noPackages, name) {
				continue
			}
		}
		out = append(out, Need{
			Name: name, Pos: p.Pos, Why: in.Rel(p.Pos.File) + " names {}",
			Row: knowledge.Package{Debian: need, NoAlpine: "its packages are those of Debian"},
		})
	}
	return out
}

// headersOf is what a compiler or the headers of a library need: the library, too, which the headers bring where no row says what it is called.
func headersOf(know *knowledge.Base, name string) knowledge.Need {
	out := knowledge.Need{Build: []string{name}}
	if !isHeaders(name) {
		return out
	}
	for _, p := range know.System {
		if slices.Contains(p.Debian.Build, name) && len(p.Debian.Runtime) > 0 {
			out.Runtime = p.Debian.Runtime
			return out
		}
	}
	return knowledge.Need{Runtime: []string{name}}
}

// isHeaders reports whether a package is the headers of a library that a program may be linked against.
func isHeaders(name string) bool {
	return len(name) > len("-dev") && name[len(name)-len("-dev"):] == "-dev" && !slices.Contains([]string{"python3-dev", "libpython3-dev", "libc6-dev", "linux-libc-dev"}, name)
}
