package golang

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// private is how deps reaches modules that not everybody may read. Credentials
// come as mounts, and stay in no layer. The zero value says that all modules are
// public.
type private struct {
	what     string // the modules' patterns
	why      plan.Comment
	env      []goEnv
	netrc    bool         // a secret is mounted as the file that Go and git read
	rewrites []plan.Shell // what git is configured with, to clone over ssh
}

// found reports whether there are private modules.
func (p private) found() bool { return p.what != "" }

// decidePrivate gives the go command the variables that the repository's own
// files set for modules which go.mod requires, and deps a credential. Which
// modules are private is nowhere else to be seen: a host says nothing.
// https://go.dev/ref/mod#private-modules
func decidePrivate(s *source, mods modules) (private, error) {
	if len(mods.manifests) == 0 {
		return private{}, nil
	}
	required := s.downloads()
	patterns, at := s.covering("GOPRIVATE", required)
	names := map[string][]string{"GOPRIVATE": patterns}
	for _, name := range []string{"GONOPROXY", "GONOSUMDB", "GOINSECURE"} {
		list, pos := s.covering(name, required)
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
	proxy := s.proxy()
	if proxy.Found() && at.IsZero() {
		at = proxy.Pos
	}
	rewrites := s.rewrites(required)
	if len(rewrites) > 0 && at.IsZero() {
		at = rewrites[0].Pos
	}
	if at.IsZero() {
		return private{}, nil
	}
	keepOwn(s, at, "where private modules come from")
	slices.Sort(patterns)
	patterns = slices.Compact(patterns)
	out := private{what: strings.Join(patterns, ", ")}
	for _, name := range []string{"GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE"} {
		if len(names[name]) > 0 {
			out.env = append(out.env, goEnv{name, strings.Join(names[name], ","), "As in " + image.DisplayName(s.Input, at) + ": Go fetches these modules from their repositories, not from the public proxy."})
		}
	}
	if proxy.Found() {
		out.env = append(out.env, goEnv{"GOPROXY", proxy.Value, "As in " + image.DisplayName(s.Input, proxy.Pos) + "."})
	}
	if out.what == "" {
		if out.what = hostOf(proxy.Value); len(rewrites) > 0 {
			out.what = strings.TrimPrefix(strings.TrimPrefix(rewrites[0].Value.From, "https://"), "http://")
		}
	}
	for _, r := range rewrites {
		if r.Value.SSH == "" {
			continue
		}
		config, err := plan.NewShell("git", "config", "--global", "url."+r.Value.SSH+".insteadOf", r.Value.From)
		if err != nil {
			return private{}, err
		}
		if !slices.Contains(out.rewrites, config) {
			out.rewrites = append(out.rewrites, config)
		}
	}
	// What is not cloned over ssh takes a netrc.
	out.netrc = len(out.rewrites) == 0 || proxy.Found() || slices.ContainsFunc(required, func(m string) bool {
		return !overSSH(rewrites, m) && slices.ContainsFunc(patterns, func(p string) bool { return module.MatchPrefixPatterns(p, m) })
	})
	command, rule := passing(s.Input, out)
	out.why = plan.NewComment("Private modules (" + plan.Printable(out.what, 200) + ") need a credential: " + command)
	s.Log.Choose(plan.Choice{
		Key: "go.private", Value: out.what, Rule: "the repository's own files name private modules that go.mod requires: " + rule,
		Pos: record.At(at), Link: "https://go.dev/ref/mod#private-modules",
	})
	s.Log.Note(at, "modules of "+printable(out.what)+" may need a credential; no layer of the image keeps it", command)
	return out, nil
}

// passing is the command that passes the credential, and what it comes as.
func passing(in record.Input, p private) (command, rule string) {
	var args, rules []string
	if p.netrc {
		args = append(args, "--secret id=netrc,src=$HOME/.netrc")
		rules = append(rules, "the build gets a netrc as a secret")
	}
	if len(p.rewrites) > 0 {
		args = append(args, "--ssh default")
		rules = append(rules, "the build uses the SSH agent")
	}
	return in.DockerBuild(args...), strings.Join(rules, ", ")
}

// netrc shows go and git the credential.
func netrc() plan.Mount {
	return plan.SecretMount(plan.MustToken("netrc"), plan.MustToken("/root/.netrc"))
}

// download fetches the modules. The comment stands beside the line, so that
// BuildKit shows it if that fails.
func (p private) download(s *source) (plan.Step, error) {
	out := plan.Step{Why: p.why, Run: slices.Clone(p.rewrites)}
	if p.netrc {
		out.Mounts = append(out.Mounts, netrc())
	}
	command := s.gocmd("mod", "download")
	if len(p.rewrites) > 0 {
		out.Mounts = append(out.Mounts, plan.SSHMount())
		command = append([]string{"env", "GIT_SSH_COMMAND=ssh -o StrictHostKeyChecking=accept-new"}, command...)
	}
	get, err := plan.NewShell(command...)
	out.Run = append(out.Run, get)
	return out, err
}

// clones are the packages that golang:alpine lacks for cloning.
func (p private) clones(t toolchain) []plan.System {
	if !p.found() || !t.alpine() {
		return nil
	}
	tools := []plan.Token{plan.MustToken("git")}
	if len(p.rewrites) > 0 {
		tools = append(tools, plan.MustToken("openssh-client"))
	}
	return []plan.System{{For: plan.NewComment("Private modules are cloned from their repositories."), Packages: tools}}
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
func (s *source) downloads() []string {
	var out []string
	for _, m := range s.f.Modules {
		for _, r := range m.Requires {
			if !s.isLocal(r.Value) && !slices.Contains(out, r.Value) {
				out = append(out, r.Value)
			}
		}
	}
	return out
}

// covering lists the patterns of a variable that match one of the modules.
func (s *source) covering(name string, modules []string) (out []string, at fact.Pos) {
	for _, v := range s.f.Env {
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
func (s *source) proxy() fact.Fact[string] {
	for _, v := range s.f.Env {
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
		if h := u.Hostname(); h != "" && !slices.Contains(mirrors, h) && !image.Loopback(h) {
			return h
		}
	}
	return ""
}

// rewrites are those of git's configuration that lead to a required module.
func (s *source) rewrites(modules []string) []fact.Fact[golang.Rewrite] {
	var out []fact.Fact[golang.Rewrite]
	for _, r := range s.f.Rewrites {
		if slices.ContainsFunc(modules, func(m string) bool { return leads(r.Value, m) }) {
			out = append(out, r)
		}
	}
	return out
}
