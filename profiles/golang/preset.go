package golang

import (
	"regexp"
	"slices"
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
func (d *decider) presets() []fact.Fact[golang.Var] {
	list := d.all.DockerfileEnv
	if old := d.Log.Locked["env"]; len(list) == 0 && old.Evidence == presetInput {
		for s := range strings.FieldsSeq(old.Value) {
			name, value, _ := strings.Cut(s, "=")
			list = append(list, fact.New(golang.Var{Name: name, Value: value}, "dockgen.lock", 0))
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(v fact.Fact[golang.Var]) bool {
		_, asked := d.Settings.Env[v.Value.Name]
		_, read := slices.BinarySearch(d.main.EnvNames, v.Value.Name)
		return asked || !read || secret.MatchString(v.Value.Name) || !carried.MatchString(v.Value.Value) || credential.MatchString(v.Value.Value)
	})
}

// preset carries them over, but for those that only repeat where the source
// says it listens.
func (d *decider) preset() error {
	var values []string
	var at fact.Pos
	for _, v := range d.presets() {
		set := slices.ContainsFunc(d.env, func(o plan.Env) bool { return o.Name.String() == v.Value.Name })
		if slices.ContainsFunc(d.main.Listens, func(l effect.Listen) bool {
			return l.Addr.Port.Env == v.Value.Name || l.Addr.Host.Env == v.Value.Name
		}) && !set {
			continue
		}
		e, err := plan.NewEnv(v.Value.Name, v.Value.Value)
		if err != nil {
			continue // another image's affair
		}
		if !set {
			d.env = append(d.env, e)
		}
		values = append(values, v.Value.Name+"="+v.Value.Value)
		if at.IsZero() {
			at = v.Pos
		}
	}
	if len(values) > 0 {
		d.Log.Choose(plan.Choice{Key: "env", Value: strings.Join(values, " "), Rule: "set by the repository's own Dockerfile, and read by the program", Pos: record.At(at), Evidence: presetInput})
	}
	return nil
}
