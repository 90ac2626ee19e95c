package python

import (
	_ "embed"
	"slices"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed indexes.table
var indexesCompiled string

// publicRow is a row of indexes.yaml.
type publicRow struct {
	Source string   `yaml:"source"`
	Hosts  []string `yaml:"hosts"`
}

var publicIndexes = table.Lazy[[]publicRow]("indexes.yaml", indexesCompiled) //nolint:gochecknoglobals // decoded once

// public reports whether anybody may read an index.
func public(host string) bool {
	rows, err := publicIndexes()
	return err != nil || slices.ContainsFunc(rows, func(r publicRow) bool {
		return slices.ContainsFunc(r.Hosts, func(h string) bool { return h == host || h[0] == '.' && strings.HasSuffix(host, h) })
	})
}

// logins are the secrets of the installation: the variables that addresses of indexes are written with, and the logins of those
// that are not for everybody. None is required: a build without them says itself what it could not fetch.
func (p project) logins() ([]plan.Mount, error) {
	var mounts []plan.Mount
	var ask []string
	at, host := fact.Pos{}, ""
	env := func(name string, pos fact.Pos) error {
		if !plan.IsEnvName(name) || slices.Contains(ask, "--secret id="+name) {
			return nil
		}
		id, err := plan.NewToken(name)
		if err != nil {
			return err
		}
		mounts, ask = append(mounts, plan.SecretEnvMount(id)), append(ask, "--secret id="+name)
		if at.IsZero() {
			at = pos
		}
		return nil
	}
	for _, v := range p.m.Variables {
		if err := env(v.Value, v.Pos); err != nil {
			return nil, err
		}
	}
	for _, x := range p.m.Indexes {
		if x.Login || !x.Always && public(x.Host) || x.Explicit && !p.takesFrom(x.Name) {
			continue
		}
		if host == "" {
			host, at = x.Host, x.Pos
		}
		names := p.loginNames(x)
		for _, n := range names {
			if err := env(n, x.Pos); err != nil {
				return nil, err
			}
		}
		if names == nil && !slices.Contains(ask, netrcSecret) {
			mounts, ask = append(mounts, plan.SecretMount(plan.MustToken("netrc"), plan.MustToken("/root/.netrc"))), append(ask, netrcSecret)
		}
	}
	switch {
	case len(ask) == 0:
	case host != "":
		p.in.Log.Note(at, "packages come from "+plan.Printable(host, 60)+", which may require a login: the build takes it as a secret", p.in.DockerBuild(ask...))
	default:
		p.in.Log.Note(at, "takes variables from the environment: the build takes them as secrets, which stay out of the image", p.in.DockerBuild(ask...))
	}
	return mounts, nil
}

// takesFrom reports whether something that is installed comes from an index by name.
func (p project) takesFrom(index string) bool {
	from := func(r facts.Requirement) bool { return r.Index == index }
	return slices.ContainsFunc(p.m.List, from) || slices.ContainsFunc(p.m.Picked, func(g facts.Group) bool { return slices.ContainsFunc(g.List, from) })
}

// netrcSecret is the file of logins that pip and uv read: https://pip.pypa.io/en/stable/topics/authentication/#netrc-support.
const netrcSecret = "--secret id=netrc,src=$HOME/.netrc"

var notInName = lazy.MustCompile(`[^A-Z0-9]`)

// loginNames are the variables of the manager for the login of an index that has a name; nil where it takes that from ~/.netrc:
// https://docs.astral.sh/uv/concepts/indexes/#providing-credentials-directly,
// https://python-poetry.org/docs/repositories/#configuring-credentials. What Poetry exports is installed by pip.
func (p project) loginNames(x facts.PackageIndex) []string {
	before := ""
	switch tool := p.man.program(); {
	case x.Name == "":
		return nil
	case tool == "uv":
		before = "UV_INDEX_"
	case tool == "poetry" && p.m.Lock == "":
		before = "POETRY_HTTP_BASIC_"
	default:
		return nil
	}
	name := before + notInName.ReplaceAllString(strings.ToUpper(x.Name), "_")
	return []string{name + "_USERNAME", name + "_PASSWORD"}
}

// askedTool is the version of a tool that is in the range that the project asks for; ok is false where it asks for none, or where no
// release that is known is in it.
func (p project) askedTool(name string, rows []knowledge.Tool) (c plan.Choice, ok bool) {
	want := p.m.Requires
	if !want.Found() || name != p.man.program() {
		return plan.Choice{}, false
	}
	c = plan.Choice{Key: "python.tool." + name, Rule: "the project asks for " + plan.Printable(want.Value, 40), Pos: record.At(want.Pos), Evidence: name + " " + want.Value}
	fits := func(v string) bool { return inToolRange(v, want.Value) }
	for _, t := range rows {
		if !p.suits(t) {
			continue
		}
		if fits(t.Version) {
			return preferredTool(name, t), true
		}
		if i := slices.IndexFunc(t.Older, fits); i >= 0 {
			c.Value, c.Link = t.Older[i], t.Source
			return c, true
		}
	}
	named := versionsIn.FindAllString(want.Value, maxVersions)
	if i := slices.IndexFunc(named, fits); i >= 0 {
		c.Value = named[i]
		return c, true
	}
	return plan.Choice{}, false
}

// inToolRange reports whether a version is in a range of PEP 440, or of Poetry's carets and tildes.
func inToolRange(version, want string) bool {
	if versionsIn.FindString(want) == want {
		want = "==" + want
	}
	for _, system := range []semver.System{semver.PyPI, semver.NPM} {
		if c, err := system.ParseConstraint(want); err == nil {
			return c.Match(version)
		}
	}
	return false
}

// versionsIn finds whole versions in a range, of which the bounds are known to exist.
var versionsIn = lazy.MustCompile(`[0-9]+\.[0-9]+\.[0-9]+`)

const maxVersions = 10

// checkTool refuses a range of versions of the manager in which none is known: the manager would refuse the build.
func (p project) checkTool() error {
	name := p.man.program()
	if !p.m.Requires.Found() || name == "" {
		return nil
	}
	if asked, ok := p.askedTool(name, p.in.Know.Tools(name)); ok {
		if name == "uv" {
			p.in.Log.Bound(plan.Bound{Prefix: p.in.Prefix, Image: image.UVImage, Release: asked.Value, Against: func(release string) (plan.Objection, bool) {
				return plan.Objection{Text: "the project asks for uv " + plan.Printable(p.m.Requires.Value, 40), Pos: p.m.Requires.Pos}, !inToolRange(release, p.m.Requires.Value)
			}})
		}
		return nil
	}
	return record.Refuse(p.m.Requires.Pos, "widen the range, or name one release as its bound", "asks for %s %s, and dockgen knows no such release", name, plan.Printable(p.m.Requires.Value, 40))
}
