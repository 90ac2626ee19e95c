package golang

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Private is how deps reaches modules that not everybody may read. Credentials
// come as mounts, and stay in no layer.
type Private struct {
	What     plan.Comment
	How      plan.Comment // the command that passes the credential
	Netrc    bool         // a secret is mounted as the file that Go and git read
	Rewrites []plan.Shell // what git is configured with, to clone over ssh; none without
}

// private gives the go command the variables that the repository's own files
// set for modules which go.mod requires, and deps a credential. Which modules
// are private is nowhere else to be seen: a host says nothing.
// https://go.dev/ref/mod#private-modules
func (d *decider) private() error {
	if len(d.p.Manifests) == 0 {
		return nil
	}
	required := d.downloads()
	patterns, at := d.covering("GOPRIVATE", required)
	names := map[string][]string{"GOPRIVATE": patterns}
	for _, name := range []string{"GONOPROXY", "GONOSUMDB", "GOINSECURE"} {
		list, pos := d.covering(name, required)
		if name != "GOINSECURE" { // GOPRIVATE is the default of the others
			list = slices.DeleteFunc(list, func(p string) bool { return slices.Contains(names["GOPRIVATE"], p) })
			if len(list) > 0 {
				list = append(slices.Clone(names["GOPRIVATE"]), list...)
			}
		}
		if names[name] = list; at.IsZero() && len(list) > 0 {
			at = pos
		}
		patterns = append(patterns, list...)
	}
	proxy := d.proxy()
	if proxy.Found() && at.IsZero() {
		at = proxy.Pos
	}
	rewrites := d.rewrites(required)
	if len(rewrites) > 0 && at.IsZero() {
		at = rewrites[0].Pos
	}
	if at.IsZero() {
		return nil
	}
	d.keep(at, "where private modules come from")
	slices.Sort(patterns)
	return d.access(slices.Compact(patterns), names, proxy, rewrites, at)
}

// access fills in the plan, and tells how to build.
func (d *decider) access(patterns []string, names map[string][]string, proxy fact.Fact[string], rewrites []fact.Fact[golang.Rewrite], at fact.Pos) error {
	why := "As in " + cited(at) + ": these modules come from their repositories, past the public proxy and sums."
	for _, name := range []string{"GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE"} {
		if len(names[name]) > 0 {
			if err := d.goenv(name, strings.Join(names[name], ","), why); err != nil {
				return err
			}
		}
	}
	if proxy.Found() {
		if err := d.goenv("GOPROXY", proxy.Value, "As in "+cited(proxy.Pos)+"."); err != nil {
			return err
		}
	}
	what := strings.Join(patterns, ", ")
	if what == "" {
		if what = hostOf(proxy.Value); len(rewrites) > 0 {
			what = strings.TrimPrefix(strings.TrimPrefix(rewrites[0].Value.From, "https://"), "http://")
		}
	}
	p := &Private{What: plan.NewComment(what)}
	for _, r := range rewrites {
		if r.Value.SSH == "" {
			continue
		}
		s, err := plan.NewShell("git", "config", "--global", "url."+r.Value.SSH+".insteadOf", r.Value.From)
		if err != nil {
			return err
		}
		if !slices.Contains(p.Rewrites, s) {
			p.Rewrites = append(p.Rewrites, s)
		}
	}
	// What is not cloned over ssh takes a netrc.
	p.Netrc = len(p.Rewrites) == 0 || proxy.Found() || slices.ContainsFunc(d.downloads(), func(m string) bool {
		return !overSSH(rewrites, m) && slices.ContainsFunc(patterns, func(p string) bool { return module.MatchPrefixPatterns(p, m) })
	})
	d.credential(p, what, at)
	d.p.Private = []*Private{p}
	return d.clones(p)
}

// credential says how the credential comes into the build.
func (d *decider) credential(p *Private, what string, at fact.Pos) {
	how := "docker build"
	var rules []string
	if p.Netrc {
		how += " --secret id=netrc,src=$HOME/.netrc"
		rules = append(rules, "a netrc comes as a secret")
	}
	if len(p.Rewrites) > 0 {
		how += " --ssh default"
		rules = append(rules, "the ssh agent comes as a mount")
	}
	p.How = plan.NewComment(how + " .")
	d.Log.Choose(plan.Choice{
		Key: "go.private", Value: what, Rule: "the repository's own files set it for modules that go.mod requires: " + strings.Join(rules, ", "),
		Pos: record.At(at), Link: "https://go.dev/ref/mod#private-modules",
	})
	d.Log.Note(at, "modules of "+printable(what)+" may take a credential, which stays in no layer of the image", how+" .")
}

// clones brings what golang:alpine lacks for cloning.
func (d *decider) clones(p *Private) error {
	if d.p.Variant.String() != "alpine" {
		return nil
	}
	tools := []string{"git"}
	if len(p.Rewrites) > 0 {
		tools = append(tools, "openssh-client")
	}
	words, err := plan.Tokens(tools...)
	d.p.Toolkit = append(d.p.Toolkit, plan.System{For: plan.NewComment("Private modules are cloned from their repositories."), Packages: words})
	return err
}

// overSSH reports whether git is told to clone a module over ssh.
func overSSH(rewrites []fact.Fact[golang.Rewrite], mod string) bool {
	return slices.ContainsFunc(rewrites, func(r fact.Fact[golang.Rewrite]) bool { return r.Value.SSH != "" && leads(r.Value, mod) })
}

// leads reports whether a rewrite is for the repository of a module.
func leads(r golang.Rewrite, mod string) bool {
	u, err := url.Parse(r.From)
	if err != nil {
		return false
	}
	prefix := strings.TrimSuffix(u.Hostname()+u.Path, "/")
	return mod == prefix || strings.HasPrefix(mod, prefix+"/")
}

// downloads are the modules that the build fetches.
func (d *decider) downloads() []string {
	var out []string
	for _, m := range d.f.Modules {
		for _, r := range m.Requires {
			if !d.local(r.Value) && !slices.Contains(out, r.Value) {
				out = append(out, r.Value)
			}
		}
	}
	return out
}

// covering lists the patterns of a variable that match one of the modules.
func (d *decider) covering(name string, modules []string) (out []string, at fact.Pos) {
	for _, v := range d.f.Env {
		if v.Value.Name != name {
			continue
		}
		for p := range strings.SplitSeq(v.Value.Value, ",") {
			p = strings.TrimSuffix(strings.TrimSpace(p), "/")
			if _, err := path.Match(p, "x"); err != nil || p == "" || slices.Contains(out, p) {
				continue
			}
			if slices.ContainsFunc(modules, func(m string) bool { return module.MatchPrefixPatterns(p, m) }) {
				if out = append(out, p); at.IsZero() {
					at = v.Pos
				}
			}
		}
	}
	return out, at
}

// mirrors serve what proxy.golang.org does, to whoever is nearer to them.
var mirrors = []string{ //nolint:gochecknoglobals // a constant table
	"proxy.golang.org", "goproxy.io", "goproxy.cn", "athens.azurefd.net", "gocenter.io",
	"mirrors.aliyun.com", "mirrors.cloud.tencent.com", "mirrors.tencent.com", "repo.huaweicloud.com", "mirrors.huaweicloud.com",
}

// proxy is the GOPROXY of an organisation. The public ones are everybody's
// default, or a matter of where one is; loopback is not that of a build.
func (d *decider) proxy() fact.Fact[string] {
	for _, v := range d.f.Env {
		if v.Value.Name == "GOPROXY" && hostOf(v.Value.Value) != "" {
			return fact.Fact[string]{Value: v.Value.Value, Pos: v.Pos}
		}
	}
	return fact.Fact[string]{}
}

// hostOf is the first host of a GOPROXY that only some may reach, or "".
func hostOf(goproxy string) string {
	for p := range strings.FieldsFuncSeq(goproxy, func(r rune) bool { return r == ',' || r == '|' }) {
		u, err := url.Parse(strings.TrimSpace(p))
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
			continue
		}
		if h := u.Hostname(); h != "" && !slices.Contains(mirrors, h) && !inside(h) {
			return h
		}
	}
	return ""
}

// rewrites are those of git's configuration that lead to a required module.
func (d *decider) rewrites(modules []string) []fact.Fact[golang.Rewrite] {
	var out []fact.Fact[golang.Rewrite]
	for _, r := range d.f.Rewrites {
		if slices.ContainsFunc(modules, func(m string) bool { return leads(r.Value, m) }) {
			out = append(out, r)
		}
	}
	return out
}
