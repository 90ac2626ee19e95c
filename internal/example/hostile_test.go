package example_test

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/command"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"mvdan.cc/sh/v3/syntax"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// hostile are values that a repository could hold to get an instruction, a
// command or another path into the Dockerfile. Each that works would run evil.
func hostile() []string {
	return []string{
		"evil", "a b", "", " ", "..", "../../evil", "/etc/evil", "*", "[evil]", "[[]", "?", "!evil", "-evil", "--from=evil", "--mount=evil",
		"a'; evil; '", `a"; evil; "`, "a; evil", "a && evil", "a | evil", "a & evil", "a > evil", "$(evil)", "`evil`", "${EVIL}", "$EVIL", `\$EVIL`, `\\$EVIL`, "a$",
		"\nRUN evil\n", "a\nRUN evil", "a\r\nRUN evil", "a\rRUN evil", "a\\", "a\\\nRUN evil", "# evil", "#", "\n# syntax=evil\n", "# escape=`",
		"<<EVIL", "<<EVIL\nevil\nEVIL\n", "a <<-EVIL", `["evil"]`, `", "evil`, `{{template "evil"}}`, "{{.}}",
		"\x00evil", "\x1b[31mevil\x1b[0m", "\u2028RUN evil", "\u0085RUN evil", "\u202eevil", "\xff\xfeevil", "é", "\v", "\t",
		"99999999999999999999", "-1", "1e9", "0", strings.Repeat("evil/", 2000),
	}
}

// A target is an example's repository, scanned.
type target struct {
	name     string
	repo     *detect.Repo
	settings settings.Settings
}

func targets(tb testing.TB) []target {
	tb.Helper()
	var out []target
	for _, e := range examples(tb) {
		repo, s, err := scan(tb.Context(), e.Input())
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, target{e.String(), repo, s})
	}
	return out
}

// A slot is one string within a value; set changes it and returns how to
// change it back.
type slot struct {
	path string
	old  string
	set  func(string) (undo func())
}

// slots finds every string that can be set from outside of v's package.
func slots(v reflect.Value, path string, seen map[uintptr]bool) []slot {
	switch v.Kind() {
	case reflect.String:
		if !v.CanSet() {
			return nil
		}
		old := v.String()
		return []slot{{path, old, func(s string) func() {
			v.SetString(s)
			return func() { v.SetString(old) }
		}}}
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return nil
		}
		seen[v.Pointer()] = true
		return slots(v.Elem(), path, seen)
	case reflect.Interface:
		if v.IsNil() || v.Elem().Kind() != reflect.Pointer {
			return nil
		}
		return slots(v.Elem(), path, seen)
	case reflect.Struct:
		var out []slot
		for f, x := range v.Fields() {
			if f.IsExported() {
				out = append(out, slots(x, path+"."+f.Name, seen)...)
			}
		}
		return out
	case reflect.Slice, reflect.Array:
		var out []slot
		for i := range v.Len() {
			out = append(out, slots(v.Index(i), fmt.Sprintf("%s[%d]", path, i), seen)...)
		}
		return out
	case reflect.Map:
		return mapSlots(v, path)
	}
	return nil
}

// mapSlots finds the strings within the entries of a map: keys, and what the
// values hold, which have to be put back whole.
func mapSlots(m reflect.Value, path string) []slot {
	if m.Type().Key().Kind() != reflect.String {
		return nil
	}
	var out []slot
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, k := range keys {
		old := m.MapIndex(k)
		at := path + "[" + k.String() + "]"
		out = append(out, slot{at + " (key)", k.String(), func(s string) func() {
			other := reflect.ValueOf(s).Convert(m.Type().Key())
			if m.MapIndex(other).IsValid() {
				return func() {}
			}
			m.SetMapIndex(k, reflect.Value{})
			m.SetMapIndex(other, old)
			return func() {
				m.SetMapIndex(other, reflect.Value{})
				m.SetMapIndex(k, old)
			}
		}})
		held := reflect.New(old.Type()).Elem()
		held.Set(old)
		for _, in := range slots(held, at, map[uintptr]bool{}) {
			out = append(out, slot{in.path, in.old, func(s string) func() {
				undo := in.set(s)
				m.SetMapIndex(k, held)
				return func() {
					undo()
					m.SetMapIndex(k, old)
				}
			}})
		}
	}
	return out
}

// tries bounds TestHostileFacts for each example; in CI there are sixteen times
// as many.
const tries = 100

// TestHostileFacts puts every hostile value into every string of every
// example's facts, alone and behind the value that was there: dockgen either
// refuses, or writes a Dockerfile in which the value commands nothing.
func TestHostileFacts(t *testing.T) {
	for _, x := range targets(t) {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			type try struct {
				slot
				value string
			}
			var all []try
			for _, app := range x.repo.Apps {
				for _, s := range slots(reflect.ValueOf(app.Facts), app.Facts.Language(), map[uintptr]bool{}) {
					for _, v := range hostile() {
						all = append(all, try{s, v})
						if s.old != "" {
							all = append(all, try{s, s.old + v})
						}
					}
				}
			}
			step := len(all) / tries
			if os.Getenv("CI") == "true" {
				step /= 16
			}
			step |= 1 // odd, so that it meets values alone and behind others
			for i := 0; i < len(all); i += step {
				harmless(t, x, all[i].slot, all[i].value)
			}
		})
	}
}

// FuzzFacts is TestHostileFacts with values and places of the fuzzer's.
func FuzzFacts(f *testing.F) {
	all := targets(f)
	for i, v := range hostile() {
		f.Add(uint16(i), uint16(i*7), v)
	}
	f.Fuzz(func(t *testing.T, example, place uint16, value string) {
		if len(all) == 0 {
			t.Skip("no examples below testdata")
		}
		x := all[int(example)%len(all)]
		for _, app := range x.repo.Apps {
			if list := slots(reflect.ValueOf(app.Facts), app.Facts.Language(), map[uintptr]bool{}); len(list) > 0 {
				harmless(t, x, list[int(place)%len(list)], value)
			}
		}
	})
}

func harmless(t *testing.T, x target, s slot, value string) {
	t.Helper()
	undo := s.set(value)
	defer undo()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s = %.80q: panic: %v", s.path, value, p)
		}
	}()
	project, err := profiles.Decide(x.repo, profiles.Request{Name: "hostile", Settings: x.settings})
	if err != nil {
		return
	}
	p := project.Apps[0]
	files, err := templates.Render(p)
	if err != nil {
		return
	}
	for _, f := range files {
		if f.Name == templates.Dockerfile {
			if err := commandsNothing(f.Data); err != nil {
				t.Errorf("%s = %.80q: %v\n%s", s.path, value, err, f.Data)
			}
		}
	}
}

// commandsNothing looks for an effect of the hostile values.
func commandsNothing(dockerfile []byte) error {
	result, err := parser.Parse(bytes.NewReader(dockerfile))
	if err != nil {
		return err
	}
	for _, n := range result.AST.Children {
		for _, h := range n.Heredocs {
			if h.Expand {
				return fmt.Errorf("line %d: the here-document is expanded", n.StartLine)
			}
			if _, err := outlineOf(h.Content); err != nil {
				return fmt.Errorf("line %d: %w", n.StartLine, err)
			}
		}
		switch keyword := strings.ToLower(n.Value); keyword {
		case command.Run:
			if n.Attributes["json"] {
				continue
			}
			if len(n.Heredocs) > 0 {
				return fmt.Errorf("line %d opens a here-document", n.StartLine)
			}
			if _, err := shape(runLine(n)); err != nil {
				return fmt.Errorf("line %d: %w", n.StartLine, err)
			}
		case command.Cmd, command.Entrypoint, command.Healthcheck:
			if !n.Attributes["json"] && (n.Next == nil || n.Next.Next == nil || keyword != command.Healthcheck) {
				return fmt.Errorf("line %d is not in exec form", n.StartLine)
			}
		case command.Arg, command.Copy, command.Env, command.Expose, command.From, command.Label, command.User, command.Volume, command.Workdir:
			for arg := n.Next; arg != nil; arg = arg.Next {
				word, _, err := shell.NewLex('\\').ProcessWord(arg.Value, shell.EnvsFromSlice([]string{"EVIL=expanded by the builder"}))
				if err == nil && strings.Contains(word, "expanded by the builder") {
					return fmt.Errorf("line %d expands a variable that the value names", n.StartLine)
				}
			}
			if slices.ContainsFunc(n.Flags, func(f string) bool { return strings.Contains(f, "evil") }) {
				return fmt.Errorf("line %d has a flag of the value's", n.StartLine)
			}
		case command.StopSignal:
		default:
			return fmt.Errorf("line %d is %s, which no template writes", n.StartLine, keyword)
		}
	}
	return nil
}

// runLine is what a RUN gives to the shell.
func runLine(n *parser.Node) string {
	line := strings.TrimLeft(n.Original[len("RUN "):], " ")
	for strings.HasPrefix(line, "--") {
		_, line, _ = strings.Cut(line, " ")
		line = strings.TrimLeft(line, " ")
	}
	return line
}

// directive is where a directive of a configuration file begins.
var directive = regexp.MustCompile(`(?m)(?:^|[;{}])\s*(\w*)`)

// outlineOf is the shape of a file within a here-document: a script, or
// configuration in the way of nginx.
func outlineOf(text string) (count int, err error) {
	if strings.HasPrefix(text, "#!/bin/sh\n") {
		return shape(text)
	}
	for _, m := range directive.FindAllStringSubmatch(text, -1) {
		count++
		if m[1] == "evil" {
			err = fmt.Errorf("holds the directive evil:\n%s", text)
		}
	}
	return count, err
}

// shape counts the commands, substitutions and redirections of a shell script,
// and fails where evil is one of them.
func shape(script string) (count int, err error) {
	f, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX), syntax.KeepComments(true)).Parse(strings.NewReader(script), "")
	if err != nil {
		return 0, err
	}
	syntax.Walk(f, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.CallExpr:
			count++
			if len(node.Args) > 0 && strings.Contains(node.Args[0].Lit(), "evil") {
				err = fmt.Errorf("runs evil: %s", script)
			}
		case *syntax.CmdSubst, *syntax.Redirect, *syntax.Comment:
			count++
		case *syntax.ParamExp:
			count++
			if node.Param != nil && node.Param.Value == "EVIL" {
				err = fmt.Errorf("expands EVIL: %s", script)
			}
		}
		return true
	})
	return count, err
}

// FuzzRender puts a value into every place of a plan whose type takes it: the
// instructions, and the commands within each RUN, must stay what they are.
func FuzzRender(f *testing.F) {
	var plans []*plan.App
	for _, x := range targets(f) {
		for _, r := range plan.Runtimes() {
			s := x.settings
			s.Runtime = r
			if p, err := profiles.Decide(x.repo, profiles.Request{Name: "hostile", Settings: s}); err == nil {
				plans = append(plans, p.Apps...)
			}
		}
	}
	for i, v := range hostile() {
		f.Add(uint16(i), v)
	}
	for i := range plans {
		f.Add(uint16(i), "it's \"$EVIL\" `evil`; # <<EVIL \\")
	}
	f.Fuzz(func(t *testing.T, which uint16, value string) {
		if len(plans) == 0 {
			t.Skip("no examples below testdata")
		}
		p := plans[int(which)%len(plans)]
		before := outline(t, p)
		var undo []func()
		for _, s := range p.Image.Stages {
			data := any(s.Data)
			poison(reflect.ValueOf(data), value, &undo)
		}
		poison(reflect.ValueOf(&p.Ignore), value, &undo)
		defer func() {
			for _, u := range slices.Backward(undo) {
				u()
			}
		}()
		if diff := cmp.Diff(before, outline(t, p)); diff != "" {
			t.Errorf("with %.80q the outline changed:\n%s", value, diff)
		}
	})
}

// outline is the instructions of a plan's Dockerfile with the shape of what
// they run, and the number of lines of its .dockerignore.
func outline(t *testing.T, p *plan.App) []string {
	t.Helper()
	files, err := templates.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		if f.Name != templates.Dockerfile {
			out = append(out, fmt.Sprintf("%s: %d lines", f.Name, bytes.Count(f.Data, []byte("\n"))))
			continue
		}
		result, err := parser.Parse(bytes.NewReader(f.Data))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range result.AST.Children {
			var line strings.Builder
			fmt.Fprintf(&line, "%s flags=%d", strings.ToLower(n.Value), len(n.Flags))
			switch strings.ToLower(n.Value) {
			case command.Run:
				if n.Attributes["json"] { // no shell reads it
					fmt.Fprint(&line, " json=true")
					break
				}
				count, err := shape(runLine(n))
				if err != nil {
					t.Fatalf("%v\n%s", err, f.Data)
				}
				fmt.Fprintf(&line, " commands=%d", count)
			case command.Cmd, command.Entrypoint, command.Healthcheck:
				fmt.Fprintf(&line, " json=%v", n.Attributes["json"])
			}
			for _, h := range n.Heredocs {
				count, err := outlineOf(h.Content)
				if err != nil {
					t.Fatalf("%v\n%s", err, f.Data)
				}
				fmt.Fprintf(&line, " %s=%d", h.Name, count)
			}
			out = append(out, line.String())
		}
	}
	return out
}

// poison sets every value of a type of profiles/plan that takes text to one
// made of text, where its constructor does not refuse it.
func poison(v reflect.Value, text string, undo *[]func()) {
	set := func(x any, err error) {
		if err == nil && v.CanSet() {
			old := reflect.New(v.Type()).Elem()
			old.Set(v)
			*undo = append(*undo, func() { v.Set(old) })
			v.Set(reflect.ValueOf(x))
		}
	}
	switch old := v.Interface().(type) {
	case plan.Token:
		if old.String() != "" {
			set(plan.NewToken(text))
		}
	case plan.Path:
		if old.Raw() != "" {
			set(plan.NewPath(text))
		}
	case plan.Copy:
		if len(old.From) > 0 {
			set(plan.NewCopy(text+"/", text, text))
		}
	case plan.Exec:
		if old != nil {
			set(append(slices.Clone(old), text), nil)
		}
	case plan.Shell:
		if !old.IsZero() {
			set(plan.NewShell("true", text))
		}
	case plan.Text:
		if old.Raw() != "" {
			set(plan.NewText(text))
		}
	case plan.Env:
		set(plan.NewEnv(old.Name.String(), text))
	case plan.Comment:
		if old.String() != "" {
			set(plan.NewComment(text), nil)
		}
	case plan.Pattern:
		set(plan.NewPattern(text))
	case plan.Port, plan.User:
	default:
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				poison(v.Elem(), text, undo)
			}
		case reflect.Struct:
			for f, x := range v.Fields() {
				if f.IsExported() {
					poison(x, text, undo)
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				poison(v.Index(i), text, undo)
			}
		}
	}
}
