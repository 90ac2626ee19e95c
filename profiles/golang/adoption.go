package golang

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// What the repository's own Dockerfile says stays in dockgen.lock, because
// dockgen's may take its place. Of any other Dockerfile, what is gone is gone.
const (
	ownName  = "the repository's own Dockerfile"
	exposing = " exposes "
	setting  = " sets "
)

// The evidence of locks of the first version, which does not say of which
// Dockerfile it is.
const (
	exposedV1 = "the program's configuration"
	presetV1  = "the variables of the repository's own Dockerfile"
)

// remembered reports whether a choice of the lock is of a Dockerfile whose place
// dockgen's took. verb is what it is about.
func remembered(old record.Locked, verb, v1 string) bool {
	return strings.HasPrefix(old.Evidence, ownName+verb) || old.Evidence == v1
}

// evidenceOf is the evidence of what a Dockerfile says at a place.
func evidenceOf(s *source, at fact.Pos, verb, what string) string {
	if isReplaced(at) && path.Dir(at.File) == path.Clean(s.Dir) {
		return ownName + verb + what
	}
	return at.File + verb + what
}

// carried is a value that is right in another image too: no path within the one
// that it was set in, and one word.
var carried = regexp.MustCompile(`^[A-Za-z0-9._:,@%+=-][A-Za-z0-9._:/,@%+=-]*$`)

// presets are the variables that the repository's own Dockerfile sets and the
// program reads; from the lock if that file is no longer there.
func presets(s *source, m golang.Main) []fact.Fact[golang.Var] {
	list := s.all.DockerfileEnv
	if old := s.Log.Locked["env"]; len(list) == 0 && remembered(old, setting, presetV1) {
		for word := range strings.FieldsSeq(old.Value) {
			name, value, _ := strings.Cut(word, "=")
			list = append(list, fact.New(golang.Var{Name: name, Value: value}, "dockgen.lock", 0))
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
		evidence := evidenceOf(s, at, setting, value)
		if len(s.all.DockerfileEnv) == 0 {
			evidence = s.Log.Locked["env"].Evidence
		}
		s.Log.Choose(plan.Choice{Key: "env", Value: value, Rule: "set by the repository's own Dockerfile, and read by the program", Pos: record.At(at), Evidence: evidence})
	}
	return out
}

// exposed are the ports of the repository's own Dockerfile, for a program whose
// configuration says where it listens, and the rule and evidence for them.
func exposed(s *source) (list []fact.Fact[int], rule string) {
	if list = s.all.DockerfilePorts; len(list) > 0 {
		var values []string
		for _, x := range list {
			values = append(values, strconv.Itoa(x.Value))
		}
		return list, evidenceOf(s, list[0].Pos, exposing, strings.Join(values, " "))
	}
	old := s.Log.Locked["port"]
	if !remembered(old, exposing, exposedV1) {
		return nil, ""
	}
	for word := range strings.FieldsSeq(old.Value) {
		if n, err := strconv.ParseUint(word, 10, 16); err == nil && n > 0 {
			list = append(list, fact.New(int(n), "dockgen.lock", 0))
		}
	}
	return list, old.Evidence
}

// cited is a file as a comment names it. The repository's own Dockerfile has
// another name once dockgen's has come into its place.
func cited(at fact.Pos) string {
	if isReplaced(at) {
		return ownName
	}
	return at.File
}

// isReplaced reports whether dockgen's Dockerfile takes a file's place, or took it.
func isReplaced(at fact.Pos) bool {
	base := path.Base(at.File)
	return base == "Dockerfile" || strings.HasPrefix(base, "Dockerfile.bak")
}

// keepOwn warns that dockgen still reads facts from the repository's own
// Dockerfile, so it must stay in the repository.
func keepOwn(s *source, at fact.Pos, what string) {
	if isReplaced(at) {
		s.Log.Note(at, "says "+what+", which dockgen check reads there", "keep the file in the repository, as Dockerfile.bak once dockgen's is in its place")
	}
}
