package framework

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// condition is a condition of a mode: exactly one of its fields is set, and
// says which kind of condition it is.
type condition struct {
	Is      *isValue     `yaml:"is,omitempty"`
	Other   *otherValue  `yaml:"other,omitempty"`
	Set     isSet        `yaml:"set,omitempty"`
	Perhaps perhapsSet   `yaml:"perhaps,omitempty"`
	Surely  surelySet    `yaml:"surely,omitempty"`
	Runs    *runsCommand `yaml:"runs,omitempty"`
	Imports *importsOne  `yaml:"imports,omitempty"`
	Package *dependsOn   `yaml:"package,omitempty"`
	Hoisted hoisted      `yaml:"hoisted,omitempty"`
	Flat    flat         `yaml:"flat,omitempty"`
	Angular angularMakes `yaml:"angular,omitempty"`
}

// test is one kind of condition.
type test interface {
	holds(m matcher) (answer, error)
}

// answer is what a condition found.
type answer struct {
	ok  bool
	pos fact.Pos // where it stands, zero if that says nothing
	why string   // in words, empty if the reader need not know
}

// test returns the one test that a condition is.
func (c condition) test() (test, error) {
	var list []test
	add := func(set bool, t test) {
		if set {
			list = append(list, t)
		}
	}
	add(c.Is != nil, c.Is)
	add(c.Other != nil, c.Other)
	add(c.Set != nil, c.Set)
	add(c.Perhaps != nil, c.Perhaps)
	add(c.Surely != nil, c.Surely)
	add(c.Runs != nil, c.Runs)
	add(c.Imports != nil, c.Imports)
	add(c.Package != nil, c.Package)
	add(c.Hoisted != "", c.Hoisted)
	add(bool(c.Flat), c.Flat)
	add(c.Angular != "", c.Angular)
	if len(list) != 1 {
		return nil, fmt.Errorf("frameworks.yaml: a condition is of %d kinds, and must be of one", len(list))
	}
	return list[0], nil
}

// isValue holds if a setting has the value. It refuses a setting that is
// computed: either answer could be wrong.
type isValue struct {
	Setting setting `yaml:"setting"`
	Value   string  `yaml:"value"`
}

func (c *isValue) holds(m matcher) (answer, error) {
	v, state, err := m.literal(c.Setting)
	return answer{state == node.Literal && v.Value == c.Value, v.Pos, says(c.Setting, v.Value)}, err
}

// otherValue holds if a setting is set, and to none of the values.
type otherValue struct {
	Setting setting  `yaml:"setting"`
	Values  []string `yaml:"values"`
}

func (c *otherValue) holds(m matcher) (answer, error) {
	v, state, err := m.literal(c.Setting)
	return answer{state == node.Literal && !slices.Contains(c.Values, v.Value), v.Pos, says(c.Setting, v.Value)}, err
}

func says(s setting, value string) string {
	return "its config says " + s.key() + ": " + plan.Printable(value, 60)
}

// isSet holds if a setting is there.
type isSet setting

func (c isSet) holds(m matcher) (answer, error) {
	v, state, err := m.literal(setting(c))
	return answer{state == node.Literal, v.Pos, "its config has " + setting(c).key()}, err
}

// perhapsSet holds if a setting is there and not false, or is computed.
type perhapsSet setting

func (c perhapsSet) holds(m matcher) (answer, error) {
	v, state := setting(c).of(m.Facts)
	return answer{state == node.Computed || state == node.Literal && v.Value != "false", v.Pos, "its config has " + setting(c).key()}, nil
}

// surelySet holds if a setting is there and can be read.
type surelySet setting

func (c surelySet) holds(m matcher) (answer, error) {
	v, state := setting(c).of(m.Facts)
	return answer{state == node.Literal && v.Value != "false", v.Pos, "its config has " + setting(c).key()}, nil
}

// runsCommand holds if a script runs one of the commands.
type runsCommand struct {
	Script   string   `yaml:"script"`
	Commands []string `yaml:"commands"`
}

func (c *runsCommand) holds(m matcher) (answer, error) {
	s, _ := m.Facts.Script(c.Script)
	ok := slices.ContainsFunc(script.Commands(s.Value), func(words []string) bool { return script.Runs(words, c.Commands) })
	return answer{ok, s.Pos, "the " + c.Script + " script runs " + c.Commands[0]}, nil
}

// importsOne holds if a tool's configuration imports one of the modules.
type importsOne struct {
	Tool    string   `yaml:"tool"`
	Modules []string `yaml:"modules"`
}

func (c *importsOne) holds(m matcher) (answer, error) {
	file := m.Facts.Config.Of(c.Tool)
	i := slices.IndexFunc(c.Modules, file.Imports)
	if i < 0 {
		return answer{}, nil
	}
	return answer{true, file.Pos(), "its config imports " + c.Modules[i]}, nil
}

// dependsOn holds if a package is a dependency, of a major version from From on.
type dependsOn struct {
	Name string `yaml:"name"`
	From int    `yaml:"from,omitempty"`
}

func (c *dependsOn) holds(m matcher) (answer, error) {
	dep, found := m.Facts.Dep(c.Name)
	return answer{ok: found && dep.Kind != node.Peer && release.DepMajor(dep) >= c.From}, nil
}

// hoisted holds if the lockfile installs the package for another one.
type hoisted string

func (c hoisted) holds(m matcher) (answer, error) {
	version, found := m.Facts.Hoisted[string(c)]
	return answer{ok: found, why: "the lockfile installs " + string(c) + " " + plan.Printable(version, 20)}, nil
}

// flat holds if what packages depend on lies in node_modules itself.
type flat bool

func (flat) holds(m matcher) (answer, error) {
	return answer{ok: !slices.ContainsFunc(m.Facts.Lockfiles, func(l node.Lockfile) bool { return l.Manager == "pnpm" || l.Manager == "rush" })}, nil
}

// angularMakes holds if the build that angular.json describes makes a "server",
// or "static" pages.
type angularMakes string

func (c angularMakes) holds(m matcher) (answer, error) {
	a, err := readAngular(m.Facts)
	if err != nil {
		return answer{}, err
	}
	why := "its build renders the pages"
	if a.server {
		why = "its build makes a server"
	}
	return answer{a.makes(string(c)), a.output.Pos, why}, nil
}

// all asks every condition, and joins their answers.
func (m matcher) all(list []condition) (answer, error) {
	out := answer{ok: true}
	var whys []string
	for _, c := range list {
		t, err := c.test()
		if err != nil {
			return answer{}, err
		}
		a, err := t.holds(m)
		if err != nil || !a.ok {
			return answer{}, err
		}
		if !a.pos.IsZero() {
			out.pos = a.pos
		}
		if a.why != "" {
			whys = append(whys, a.why)
		}
	}
	out.why = strings.Join(whys, " and ")
	return out, nil
}

// literal is a setting that must not be computed.
func (m matcher) literal(s setting) (fact.Fact[string], node.State, error) {
	v, state := s.of(m.Facts)
	if state == node.Computed {
		return v, state, record.Refuse(v.Pos, "write "+s.key()+" as a plain value",
			"%s of this %s app is computed, and dockgen runs no code", s.key(), m.row.Name)
	}
	return v, state, nil
}
