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

// aliasLink is a link from a place of the own image to one of this image, zero for none.
type aliasLink struct {
	own, to string
	by      fact.Pos
}

// Linkable is the own working directory, if it can become a link to this image's: it holds the app's source, and no image has such a folder. "" for any other.
func Linkable(in record.Input, workdir string) string {
	if own := path.Clean(sourceWorkdir(in, contractOf(in))); canLink(own, workdir) {
		return own
	}
	return ""
}

// canLink reports whether a folder can become a link to the working directory: no image has such a folder.
func canLink(own, workdir string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(own, "/"), "/")
	top := "/" + first
	switch {
	case own == "/" || within(workdir, own) || within(own, workdir) || slices.Contains(present, own) || within("/var/run", own) || within("/var/tmp", own):
		return false
	case own == top && (slices.Contains(parents, own) && own != "/data" || slices.Contains(system, own)):
		return false
	case own != top && !slices.ContainsFunc(parents, func(p string) bool { return p != own && within(p, own) }) && slices.Contains(system, top):
		return false
	}
	p, err := plan.NewPath(own)
	return err == nil && p.Raw() == own
}

// aliasOf is the own working directory that becomes a link: the repository's files mount
// something below it that the app finds by a path from its working directory on, or a file, or start the image in it; or settings that prod
// starts with name it. Where the own image has the source in its root, it is the folder of the root that is mounted.
func aliasOf(in record.Input, c buildfile.Contract, r WritesRequest) aliasLink {
	if path.Clean(sourceWorkdir(in, c)) == "/" {
		return ofRoot(c, r)
	}
	own := Linkable(in, r.Workdir)
	switch {
	case own == "" || r.Suffix != "":
		return aliasLink{}
	case !r.Named.IsZero():
		return aliasLink{own, r.Workdir, r.Named}
	}
	below := func(p string) bool {
		rel, ok := strings.CutPrefix(path.Clean(p), own+"/")
		return ok && r.finds(rel)
	}
	for _, run := range c.Runs {
		for _, m := range run.Mounts {
			if (below(m.Value.Target) || isConfig(run, own, m.Value.Target)) && !notKept.MatchString(m.Value.Target) {
				return aliasLink{own, r.Workdir, m.Pos}
			}
		}
		if w := run.Workdir; w.Value != "" && path.Clean(w.Value) == own {
			return aliasLink{own, r.Workdir, w.Pos}
		}
	}
	if c.Own == nil {
		return aliasLink{}
	}
	for _, v := range c.Own.Image.Volumes {
		if below(v.Value) {
			return aliasLink{own, r.Workdir, v.Pos}
		}
	}
	return aliasLink{}
}

// ofRoot is the first folder of the root that is mounted and that the app finds by its name from its working directory on, where the own image copies
// the repository to the root and works there.
func ofRoot(c buildfile.Contract, r WritesRequest) aliasLink {
	if c.Own == nil || r.Suffix != "" || workdirOf(c) != "/" || !sourceInRoot(c.Own.Image) {
		return aliasLink{}
	}
	found := func(target string) bool {
		at := path.Clean(target)
		p, err := plan.NewPath(at)
		return err == nil && p.Raw() == at && at != "/" && path.Dir(at) == "/" && !slices.Contains(system, at) && !slices.Contains(parents[:len(parents)-1], at) && !slices.Contains(present, at) &&
			!within(at, r.Workdir) && !fileNames.MatchString(at) && !notKept.MatchString(at) && r.finds(at[1:])
	}
	for _, run := range c.Runs {
		for _, m := range run.Mounts {
			if found(m.Value.Target) {
				return aliasLink{path.Clean(m.Value.Target), path.Join(r.Workdir, m.Value.Target), m.Pos}
			}
		}
	}
	for _, v := range c.Own.Image.Volumes {
		if found(v.Value) {
			return aliasLink{path.Clean(v.Value), path.Join(r.Workdir, v.Value), v.Pos}
		}
	}
	return aliasLink{}
}

// sourceInRoot reports whether an image has the repository in its root.
func sourceInRoot(i *buildfile.Image) bool {
	return slices.ContainsFunc(i.Copies, func(x buildfile.Copy) bool { return x.Source == "." && x.To == "/" })
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
func (d *writes) alias(l aliasLink) ([]plan.Shell, error) {
	own := l.own
	if own == "" || slices.ContainsFunc(d.out.Dirs, func(p plan.Path) bool { return within(own, p.Raw()) }) {
		return nil, nil
	}
	link, err := plan.NewShell("ln", "-s", path.Clean(l.to), links+own)
	if err != nil {
		return nil, err
	}
	c, err := plan.NewCopy("/", links+"/")
	if err != nil {
		return nil, err
	}
	d.make(path.Join(links, path.Dir(own)))
	what, of := "paths below "+own+", the app's folder", "the image of "+OwnName(d.in)
	if l.to != d.r.Workdir {
		what = own + ", a folder of the app's"
	}
	if contractOf(d.in).Own == nil {
		of = "the image that is published"
	}
	d.out.Copies = append(d.out.Copies, plan.Artifact{
		Why:   plan.NewComment(DisplayName(d.in, l.by) + " names " + what + " in " + of + ": a link leads there."),
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
	l := aliasOf(in, contractOf(in), r)
	if l.own == "" || !within(l.own, target) {
		return "", false
	}
	return path.Join(l.to, target[len(l.own):]), true
}
