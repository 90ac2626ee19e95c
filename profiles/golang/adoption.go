package golang

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// carried is a value that is right in another image too: no path within the one
// that it was set in, and one word.
var carried = lazy.MustCompile(`^[A-Za-z0-9._:,@%+=-][A-Za-z0-9._:/,@%+=-]*$`)

// presets are the variables that the repository's own Dockerfile sets and the
// program reads; from the lock if that file is no longer there.
func presets(s *source, m golang.Main) []fact.Fact[golang.Var] {
	list := s.all.DockerfileEnv
	if old, ok := image.Remembered(s.Input, "env", image.Sets); ok && len(list) == 0 {
		for word := range strings.FieldsSeq(old.Value) {
			name, value, _ := strings.Cut(word, "=")
			list = append(list, fact.New(golang.Var{Name: name, Value: value}, record.LockFile, 0))
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(v fact.Fact[golang.Var]) bool {
		_, asked := s.Settings.Env[v.Value.Name]
		_, read := slices.BinarySearch(m.EnvNames, v.Value.Name)
		return asked || !read || secret.Possible(v.Value.Name) || !carried.MatchString(v.Value.Value) || secret.Value(v.Value.Value)
	})
}

// adoptEnv returns the variables that prod and dev need: those that make the
// program reachable, then what the repository's own Dockerfile sets, but for
// variables that only repeat where the source says it listens.
func adoptEnv(s *source, m golang.Main, env []plan.Env) []plan.Env {
	out := slices.Clone(env)
	var values []string
	var at fact.Pos
	for _, v := range presets(s, m) {
		set := slices.ContainsFunc(out, func(o plan.Env) bool { return o.Name.String() == v.Value.Name })
		if slices.ContainsFunc(m.Listens, func(l effect.Listen) bool {
			return l.Addr.Port.Env == v.Value.Name || l.Addr.Host.Env == v.Value.Name
		}) && !set {
			continue
		}
		e, err := plan.NewEnv(v.Value.Name, v.Value.Value)
		if err != nil {
			continue // another image's affair
		}
		if !set {
			out = append(out, e)
		}
		values = append(values, v.Value.Name+"="+v.Value.Value)
		if at.IsZero() {
			at = v.Pos
		}
	}
	if len(values) > 0 {
		value := strings.Join(values, " ")
		evidence := image.Adopted(s.Input, at, image.Sets, value)
		if len(s.all.DockerfileEnv) == 0 {
			evidence = s.Log.Locked["env"].Evidence
		}
		s.Log.Choose(plan.Choice{Key: "env", Value: value, Rule: "set by the repository's own Dockerfile, and read by the program", Pos: record.At(at), Evidence: evidence})
	}
	return out
}

// keepOwn warns that dockgen still reads facts from the repository's own
// Dockerfile, so it must stay in the repository.
func keepOwn(s *source, at fact.Pos, what string) {
	if image.IsReplaced(at) {
		s.Log.Note(at, "says "+what+", which dockgen reads from this file", "keep the file in the repository, as Dockerfile.bak once dockgen's is in its place")
	}
}
