package manager

import (
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
)

// PrivateRegistry is the first registry that is not one that anybody may read.
func PrivateRegistry(f *node.Facts) (fact.Fact[string], bool) {
	table, err := managers()
	if err != nil {
		return fact.Fact[string]{}, false
	}
	for _, host := range f.Registries {
		if !slices.ContainsFunc(table.Registries, func(r registry) bool { return r.Host == host.Value }) {
			return host, true
		}
	}
	return fact.Fact[string]{}, false
}
