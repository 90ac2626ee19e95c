package analysis

import (
	"go/ast"
	"testing"
)

// Structs that hold one another have more ways to a field than can be counted.
func TestWaysInCircles(t *testing.T) {
	c := &configs{parent: map[*ast.StructType][]*configField{}}
	structs := make([]*ast.StructType, 40)
	for i := range structs {
		structs[i] = &ast.StructType{}
	}
	for _, inner := range structs {
		for _, outer := range structs {
			c.parent[inner] = append(c.parent[inner], &configField{in: outer, embedded: true})
		}
	}
	left := maxWays
	if got := c.paths(&configField{name: "Port", in: structs[0]}, "json", 0, &left); len(got) > maxAlternatives {
		t.Errorf("got %d ways", len(got))
	}
	if left < 0 {
		t.Errorf("looked at %d fields, which is more than %d", maxWays-left, maxWays)
	}
}
