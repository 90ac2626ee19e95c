package image

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

func TestRequire(t *testing.T) {
	many := []string{"A"}
	for i := range 12 {
		many = append(many, fmt.Sprintf("B%d", i))
	}
	for _, c := range []struct {
		names, want string
	}{
		{"", ""},
		{"A", "needs the variable A to start | docker run -e A=…"},
		{"A B", "needs the variables A and B to start | docker run -e A=… -e B=…"},
		{"A B C", "needs the variables A, B and C to start | docker run -e A=… -e B=… -e C=…"},
		{"A A", "needs the variable A to start | docker run -e A=…"},
		{"PORT", ""},
		{"HOSTNAME HOME", ""}, // Docker sets them
		{"a.b", ""},
		{strings.Join(many, " "), "needs the variables A, B0, B1, B2, B3, B4, B5, B6 and more to start | docker run -e A=… -e B0=… -e B1=… -e B2=… -e B3=… -e B4=… -e B5=… -e B6=…"},
	} {
		var list []effect.Env
		for name := range strings.FieldsSeq(c.names) {
			list = append(list, effect.Env{Name: name, Required: true, Pos: fact.At("a.js", 1)})
		}
		list = append(list, effect.Env{Name: "OTHER"})
		log := &record.Log{}
		Require(record.Input{Log: log}, list, []plan.Env{plan.MustEnv("PORT", "1")})
		var got []string
		for _, n := range log.Notes() {
			got = append(got, n.Text+" | "+n.Hint)
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: got %v, want %s", c.names, got, c.want)
		}
	}
}
