package image

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"

	"github.com/dockgen/dockgen/detect/backing"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/keyfile"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Reading is a file, or a folder with all that is below it, that the app needs. The
// app's folder itself is none.
type Reading struct {
	Path string // relative to the app's folder
	Pos  fact.Pos
	Use  ReadingUse
}

// ReadingUse is when the app needs a file.
type ReadingUse string

// The uses.
const (
	AtRun   ReadingUse = ""      // the app opens it when it runs
	InBuild ReadingUse = "build" // the build puts it into the program, and fails without it
	InTests ReadingUse = "tests" // only the tests open it
	InSite  ReadingUse = "site"  // the build writes what it holds into pages, where everybody can read it
)

// ignored are the groups that hold in every language.
func ignored(in record.Input) plan.Ignore {
	docker := plan.MustPatterns("Dockerfile*", ".dockerignore", "compose*.y*ml", "docker-compose*.y*ml", "dockgen.yaml", "dockgen.lock")
	if file := in.Dockerfile(); file != "" { // one of several apps, whose files lie in its folder
		docker = append(docker, plan.MustPatterns("docker-bake.hcl")...)
		for _, name := range []string{file + "*", path.Join(path.Dir(file), "dockgen.yaml")} {
			if p, err := plan.NewPattern(name); err == nil && !strings.ContainsAny(path.Dir(name), `*?[\`) {
				docker = append(docker, p)
			}
		}
	}
	secrets := plan.MustPatterns("**/.env", "**/.env.*", "!**/.env.example", "**/*.pem", "**/*.key")
	if in.Settings.Compose != nil && *in.Settings.Compose && (in.Dir == "." || in.Dir == in.Above) {
		if p, err := plan.NewPattern(backing.SecretsFolder(in.Tree)); err == nil {
			secrets = append(secrets, p)
		}
	}
	secrets = append(secrets, credentials(in)...)
	whole := in.Above != ""
	return append(plan.Ignore{
		{Whole: whole, Heading: plan.NewComment("Version control, editors and CI"), Patterns: plan.MustPatterns(".git", ".gitignore", ".github", ".gitlab-ci.yml", ".idea", ".vscode", "**/.DS_Store")},
		{Whole: whole, Heading: plan.NewComment("Secrets never enter an image, not even a build stage"), Patterns: secrets},
		{Whole: whole, Heading: plan.NewComment("Docker's own files: editing them must not invalidate a layer"), Patterns: docker},
	}, localData(in)...)
}

// IgnoreFile decides the .dockerignore: the groups of every language, then the
// language's own, then an exception for each file that the app reads and that
// these would hide. A private key or an .env file that the app reads when it runs stays hidden,
// because a secret in an image belongs to whoever has the image: a note says so, and how to
// mount it. What the build or a test cannot do without is let in; if that is a private key that gets
// into the program, a note says that.
func IgnoreFile(in record.Input, own []plan.IgnoreGroup, reads ...Reading) plan.Ignore {
	out := slices.Concat(ignored(in), models(in, reads), own)
	return admit(in, out, reads, true)
}

// neededHeading is above the exceptions of a .dockerignore.
const neededHeading = "Needed by the build, the tests or the program"

// admit is an ignore file with an exception for each file that is read and that it would hide, and which may enter
// the build context. If say is set, a note tells of secrets.
func admit(in record.Input, out plan.Ignore, reads []Reading, say bool) plan.Ignore {
	var patterns []string
	for _, g := range out {
		for _, p := range g.Patterns {
			patterns = append(patterns, p.String())
		}
	}
	m, err := patternmatcher.New(patterns)
	if err != nil || len(reads) == 0 {
		return out
	}
	reads = slices.Clone(reads)
	for i := range reads {
		reads[i].Path = path.Clean(reads[i].Path)
	}
	// The use that needs a file most comes first.
	order := []ReadingUse{InSite, InBuild, AtRun, InTests}
	slices.SortStableFunc(reads, func(a, b Reading) int { return slices.Index(order, a.Use) - slices.Index(order, b.Use) })
	first := map[string]int{} // the reading that counts for a path
	for i, r := range reads {
		// Who reads the whole folder means the app, and nothing that is hidden in it.
		if _, ok := first[r.Path]; !ok && r.Path != "." {
			first[r.Path] = i
		}
	}
	var keep []plan.Pattern
	var secrets int
	for _, f := range in.Tree.Files(in.Dir) {
		name := in.Rel(f)
		i := len(reads)
		for above := name; ; above = path.Dir(above) {
			if j, ok := first[above]; ok {
				i = min(i, j)
			}
			if above == "." || above == "/" {
				break
			}
		}
		if i == len(reads) {
			continue
		}
		if hidden, err := m.MatchesOrParentMatches(name); err != nil || !hidden {
			continue
		}
		if kind := keyfile.Of(in.Tree, f); kind.Secret() {
			let := lets(reads[i].Use, kind)
			secrets++
			if say && secrets <= maxSecretNotes && reads[i].Use != InTests && reads[i].Use != InSite {
				sayOfSecret(in, reads[i], name, kind, let)
			}
			if !let {
				continue
			}
		}
		if p, err := plan.NewPattern("!" + escapePattern.Replace(name)); err == nil {
			keep = append(keep, p)
		}
	}
	if len(keep) == 0 {
		return out
	}
	if last := len(out) - 1; out[last].Heading.String() == neededHeading {
		out = slices.Clone(out)
		out[last].Patterns = append(slices.Clip(out[last].Patterns), keep...)
		return out
	}
	return append(slices.Clip(out), plan.IgnoreGroup{Heading: plan.NewComment(neededHeading), Patterns: keep})
}

// maxSecretNotes is how many secrets are said: nobody reads more notes of a kind.
const maxSecretNotes = 5

// lets reports whether a secret gets into the build context all the same.
func lets(use ReadingUse, kind keyfile.Kind) bool {
	switch use {
	case InBuild, InSite:
		return true
	case InTests:
		return kind != keyfile.Environment
	case AtRun:
	}
	return false
}

func sayOfSecret(in record.Input, r Reading, name string, kind keyfile.Kind, let bool) {
	what := plan.Printable(name, 80)
	if let {
		in.Log.Note(r.Pos, fmt.Sprintf("the build puts %s, a %s, into the program: anyone who has the image can read it", what, kind), "take its path from a variable, and mount it at run time")
		return
	}
	hint := "mount it at run time: docker run -v " + Bind(what, "…:ro")
	if kind == keyfile.Environment {
		hint = "pass its variables at run time: docker run --env-file " + what
	}
	in.Log.Note(r.Pos, fmt.Sprintf("the app reads %s, a %s, which stays out of the image", what, kind), hint)
}

// Withheld reports whether a file, named from the app's folder on, is a secret that IgnoreFile keeps out of prod, so that no COPY may name it.
func Withheld(in record.Input, name string) bool {
	return keyfile.Of(in.Tree, path.Join(in.Dir, name)).Secret()
}

// escapePattern makes a name a pattern that is that name alone.
var escapePattern = strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`) //nolint:gochecknoglobals // a constant table
