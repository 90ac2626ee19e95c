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
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// presetInput is the evidence of variables that the lock keeps: the Dockerfile
// that set them may be gone, because dockgen's took its place.
const presetInput = "the variables of the repository's own Dockerfile"

// secret matches names of variables that no image should hold, and credential
// the values of others: a user's part of a URL, and what nobody could read.
var (
	secret     = regexp.MustCompile(`(?i)pass|pwd|secret|token|key|cred|auth|dsn|salt|database_ur[il]`)
	credential = regexp.MustCompile(`://[^/]*@|^[A-Za-z0-9+_=-]{32,}$|^eyJ`)
)

// carried is a value that is right in another image too: no path within the one
// that it was set in, and one word.
var carried = regexp.MustCompile(`^[A-Za-z0-9._:,@%+=-][A-Za-z0-9._:/,@%+=-]*$`)

// presets are the variables that the repository's own Dockerfile sets and the
// program reads; from the lock where that file is no longer there.
func presets(s *source, m golang.Main) []fact.Fact[golang.Var] {
	list := s.all.DockerfileEnv
	if old := s.Log.Locked["env"]; len(list) == 0 && old.Evidence == presetInput {
		for word := range strings.FieldsSeq(old.Value) {
			name, value, _ := strings.Cut(word, "=")
			list = append(list, fact.New(golang.Var{Name: name, Value: value}, "dockgen.lock", 0))
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(v fact.Fact[golang.Var]) bool {
		_, asked := s.Settings.Env[v.Value.Name]
		_, read := slices.BinarySearch(m.EnvNames, v.Value.Name)
		return asked || !read || secret.MatchString(v.Value.Name) || !carried.MatchString(v.Value.Value) || credential.MatchString(v.Value.Value)
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
		s.Log.Choose(plan.Choice{Key: "env", Value: strings.Join(values, " "), Rule: "set by the repository's own Dockerfile, and read by the program", Pos: record.At(at), Evidence: presetInput})
	}
	return out
}

// elsewhere is the evidence for ports that the source does not say.
const elsewhere = "the program's configuration"

// exposed are the ports of the repository's own Dockerfile, for a program whose
// configuration says where it listens. The lock remembers them, because
// dockgen's Dockerfile may take the other's place.
func exposed(s *source) []plan.Port {
	var out []plan.Port
	for _, x := range s.all.DockerfilePorts {
		if p := plan.Port(x.Value); !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	if old := s.Log.Locked["port"]; len(out) == 0 && old.Evidence == elsewhere {
		for word := range strings.FieldsSeq(old.Value) {
			if n, err := strconv.ParseUint(word, 10, 16); err == nil && n > 0 {
				out = append(out, plan.Port(n))
			}
		}
	}
	return out
}

// cited is a file as a comment names it. The repository's own Dockerfile has
// another name once dockgen's has come into its place.
func cited(at fact.Pos) string {
	if isReplaced(at) {
		return "the repository's own Dockerfile"
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
