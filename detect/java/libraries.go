package java

import (
	"slices"

	"github.com/dockgen/dockgen/detect/backing"
)

// Libraries are those that a module of a build of Gradle runs with, and those of the modules that it takes; nil where Maven builds
// it, whose POMs say them.
func (f *Facts) Libraries(module string) []backing.Library {
	if f.Gradle == nil {
		return nil
	}
	if module == "" {
		module = "."
	}
	out := []backing.Library{}
	queue := []string{module}
	for i := 0; i < len(queue); i++ {
		for _, p := range f.Projects {
			if p.Dir != queue[i] {
				continue
			}
			for _, d := range p.Dependencies() {
				switch {
				case !d.AtRuntime():
				case d.Dir != "":
					if !slices.Contains(queue, d.Dir) {
						queue = append(queue, d.Dir)
					}
				case d.Group != "":
					out = append(out, backing.Library{Name: d.Name(), Range: d.Version, Pos: d.Pos})
				}
			}
		}
	}
	return out
}
