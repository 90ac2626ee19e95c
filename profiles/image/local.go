package image

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/local"
	"github.com/dockgen/dockgen/internal/ignore"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// maxLocal bounds the patterns of a kind, and the exceptions from one: nobody reads more.
const (
	maxLocal      = 30
	maxExceptions = 5
)

// credentials are patterns of the credentials that a .gitignore names, which whoever builds on a laptop has in the context, and of those that
// the repository has, by their name and their text.
func credentials(in record.Input) []plan.Pattern {
	return append(patterns(ignoredLocal(in, local.Credential)), verbatim(in, local.Credentials(in.Tree, in.Dir))...)
}

// localData is a group of the patterns by which a .gitignore keeps databases and uploads out of the repository: a clone has none,
// and the data of whoever builds is no part of an image.
func localData(in record.Input) plan.Ignore {
	list := patterns(ignoredLocal(in, local.State))
	if len(list) == 0 {
		return nil
	}
	return plan.Ignore{{Heading: plan.NewComment("Data of a local run, which Git ignores too"), Patterns: list}}
}

// Models are the patterns by which a .gitignore keeps what training made, or somebody downloaded, out of the repository: GB that a clone does not
// have.
func Models(in record.Input) []string {
	if language(in) != "python" {
		return nil // the names in the code are looked for there alone
	}
	return ignoredLocal(in, local.Model)
}

// models is the group of those patterns, but for one that hides something that is read by its name, or that the own Dockerfile copies.
func models(in record.Input, reads []Reading) plan.Ignore {
	var names []string
	for _, r := range reads {
		names = append(names, r.Path)
	}
	if own := contractOf(in).Own; own != nil {
		for _, c := range own.Image.Copies {
			if c.From == "" && c.Source != "." {
				names = append(names, c.Source)
			}
		}
	}
	var list []string
	kept := false
	for _, p := range Models(in) {
		if !strings.HasPrefix(p, "!") { // whose exceptions follow it
			one, err := ignore.Parse([]byte(p))
			kept = err != nil || slices.ContainsFunc(names, one.Hides)
		}
		if !kept {
			list = append(list, p)
		}
	}
	found := patterns(list)
	if len(found) == 0 {
		return nil
	}
	return plan.Ignore{{Heading: plan.NewComment("Models and what training leaves, which Git ignores too"), Patterns: found}}
}

// Venvs are patterns of the virtual environments of Python in the app's folder that nothing but their pyvenv.cfg or a .gitignore shows.
func Venvs(in record.Input) []plan.Pattern {
	return append(verbatim(in, in.Tree.Venvs(in.Dir)), patterns(ignoredLocal(in, local.Venv))...)
}

// verbatim are the patterns of an ignore file that are the names of files or folders of the app and of nothing else.
func verbatim(in record.Input, names []string) []plan.Pattern {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = escapePattern.Replace(in.Rel(name))
	}
	return patterns(out)
}

// patterns are the valid ones of names, each once.
func patterns(names []string) []plan.Pattern {
	var out []plan.Pattern
	for i, name := range names {
		if p, err := plan.NewPattern(name); err == nil && !slices.Contains(names[:i], name) && len(out) < maxLocal {
			out = append(out, p)
		}
	}
	return out
}

// ignoredLocal are the patterns of the .gitignore files that name what is local, of one kind, each with an exception for the few files of the
// repository that it hides. One that hides more is left out.
func ignoredLocal(in record.Input, kind local.Kind) []string {
	made, _ := in.Tree.Once(localPatterns(in.Dir), func() any { return allLocal(in) }).(map[local.Kind][]string)
	return made[kind]
}

// localPatterns is the folder whose patterns are kept: the files are held against those of all kinds at once.
type localPatterns string

func allLocal(in record.Input) map[local.Kind][]string {
	var found []local.Ignored
	var words []string
	var text strings.Builder
	count := map[local.Kind]int{}
	for _, p := range local.IgnoredIn(in.Tree, in.Dir) {
		if count[p.Kind]++; count[p.Kind] <= maxLocal {
			found, words = append(found, p), append(words, longestWord(p.Pattern))
			text.WriteString(p.Pattern + "\n")
		}
	}
	all, err := ignore.Parse([]byte(text.String()))
	if err != nil || len(found) == 0 {
		return nil
	}
	var files []string
	for _, f := range in.Tree.Files(in.Dir) {
		if f = in.Rel(f); slices.ContainsFunc(words, func(w string) bool { return strings.Contains(f, w) }) {
			files = append(files, f)
		}
	}
	files = all.Hidden(files) // few or none, so that each pattern is held against these alone
	out := map[local.Kind][]string{}
	for _, p := range found {
		one, err := ignore.Parse([]byte(p.Pattern))
		if err != nil {
			continue
		}
		if hidden := one.Hidden(files); len(hidden) <= maxExceptions {
			out[p.Kind] = append(out[p.Kind], p.Pattern)
			for _, f := range hidden {
				out[p.Kind] = append(out[p.Kind], "!"+escapePattern.Replace(f))
			}
		}
	}
	return out
}

// longestWord is a text that every path which a pattern matches has; "" where none is sure. Most files have none of those, and need not be
// held against the patterns.
func longestWord(pattern string) string {
	if strings.ContainsAny(pattern, `[\`) {
		return ""
	}
	words := strings.FieldsFunc(pattern, func(r rune) bool { return strings.ContainsRune("*?/", r) })
	return slices.MaxFunc(append(words, ""), func(a, b string) int { return len(a) - len(b) })
}
