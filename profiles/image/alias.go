package image

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// An alias is a link from the working directory of the repository's own image to this image's: what
// the repository's people mount, read or call by a path below the one is there in the other, whatever runs it.
// A runtime resolves the links of a mount's path within the image:
// https://github.com/opencontainers/runtime-spec/blob/main/config.md#mounts.

// parents are the folders below which an own working directory may lie, beside a folder of its own at the root;
// present are folders that images have, which no link may take the place of.
var (
	parents = []string{"/opt", "/srv", "/usr/src", "/usr/app", "/home", "/var", "/mnt", "/data"}                                                                                        //nolint:gochecknoglobals // a constant table
	present = []string{"/home/node", "/home/nonroot", "/home/bun", "/var/lib", "/var/log", "/var/cache", "/var/opt", "/var/spool", "/var/mail", "/var/local", "/var/backups", "/media"} //nolint:gochecknoglobals // a constant table
)

// aliasOf is the own working directory that becomes a link, "" for none: the repository's files mount
// something below it that the app finds by a path from its working directory on, or a file, or start the image in it.
func aliasOf(in record.Input, c buildfile.Contract, r WritesRequest) (own string, by fact.Pos) {
	own = path.Clean(sourceWorkdir(in, c))
	first, _, _ := strings.Cut(strings.TrimPrefix(own, "/"), "/")
	top := "/" + first
	switch {
	case own == "/" || within(r.Workdir, own) || within(own, r.Workdir) || r.Suffix != "" || slices.Contains(present, own) || within("/var/run", own) || within("/var/tmp", own):
		return "", fact.Pos{}
	case own == top && (slices.Contains(parents, own) && own != "/data" || slices.Contains(system, own)):
		return "", fact.Pos{}
	case own != top && !slices.ContainsFunc(parents, func(p string) bool { return p != own && within(p, own) }) && slices.Contains(system, top):
		return "", fact.Pos{}
	}
	if p, err := plan.NewPath(own); err != nil || p.Raw() != own {
		return "", fact.Pos{}
	}
	below := func(p string) bool {
		rel, ok := strings.CutPrefix(path.Clean(p), own+"/")
		return ok && r.finds(rel)
	}
	for _, run := range c.Runs {
		for _, m := range run.Mounts {
			if (below(m.Value.Target) || isConfig(run, own, m.Value.Target)) && !notKept.MatchString(m.Value.Target) {
				return own, m.Pos
			}
		}
		if w := run.Workdir; w.Value != "" && path.Clean(w.Value) == own {
			return own, w.Pos
		}
	}
	if c.Own == nil {
		return "", fact.Pos{}
	}
	for _, v := range c.Own.Image.Volumes {
		if below(v.Value) {
			return own, v.Pos
		}
	}
	return "", fact.Pos{}
}

// isConfig reports whether what is mounted is a file below the own working directory that nothing names by that path: the app reads it by
// one from its working directory on.
func isConfig(run buildfile.Container, own, target string) bool {
	if p := path.Clean(target); p == own || !within(own, p) || !fileNames.MatchString(p) || strings.Contains(p, buildfile.Unknown) {
		return false
	}
	return !slices.ContainsFunc(run.Env, func(v fact.Fact[buildfile.Var]) bool { return strings.Contains(v.Value.Value, target) }) &&
		!slices.ContainsFunc(run.Args, func(w string) bool { return strings.Contains(w, target) })
}

// links is where the stage "folders" makes links.
const links = Made + "/links"

// alias adds the link, unless something of this image lies there, and returns the command that makes it.
func (d *writes) alias(own string, by fact.Pos) ([]plan.Shell, error) {
	if own == "" || slices.ContainsFunc(d.out.Dirs, func(p plan.Path) bool { return within(own, p.Raw()) }) {
		return nil, nil
	}
	link, err := plan.NewShell("ln", "-s", path.Clean(d.r.Workdir), links+own)
	if err != nil {
		return nil, err
	}
	c, err := plan.NewCopy("/", links+"/")
	if err != nil {
		return nil, err
	}
	d.make(path.Join(links, path.Dir(own)))
	d.out.Copies = append(d.out.Copies, plan.Artifact{
		Why:   plan.NewComment(DisplayName(d.in, by) + " names paths below " + own + ", the app's folder in the image of " + OwnName(d.in) + ": a link leads there."),
		Stage: d.stage().Name, NoLink: true, Copy: c,
	})
	return []plan.Shell{link}, nil
}

// isAliased reports whether a run has a link from an own working directory already.
func isAliased(run *plan.Run) bool {
	return slices.ContainsFunc(run.Copies, func(a plan.Artifact) bool {
		return len(a.Copy.From) == 1 && path.Clean(a.Copy.From[0].Raw()) == links
	})
}

// placedBy is where a path below the own working directory is in this image that has the alias.
func placedBy(in record.Input, r WritesRequest, target string) (dir string, ok bool) {
	own, _ := aliasOf(in, contractOf(in), r)
	if own == "" || !within(own, target) {
		return "", false
	}
	return path.Join(r.Workdir, target[len(own):]), true
}
