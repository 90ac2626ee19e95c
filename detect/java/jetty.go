package java

import (
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// JettyProperties are the system properties that a file which configures Jetty sets, as "name=value": none of a file that does not.
// https://jetty.org/docs/jetty/12/operations-guide/xml/index.html#syntax
func JettyProperties(t *tree.Tree, name string) []fact.Fact[string] {
	doc, err := document.Read(t, name)
	if err != nil {
		return nil
	}
	configured := doc.Get("Configure")
	if !strings.HasPrefix(configured.Get("@class").Text, "org.eclipse.jetty.") {
		return nil
	}
	var out []fact.Fact[string]
	for _, c := range configured.All("Call") {
		if args := c.All("Arg"); c.Get("@class").Text == "java.lang.System" && c.Get("@name").Text == "setProperty" && len(args) == 2 && len(args[0].Members)+len(args[1].Members) == 0 {
			out = append(out, fact.Fact[string]{Value: args[0].Text + "=" + args[1].Text, Pos: args[0].Pos()})
		}
	}
	return out
}
