package python

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Requirement is one dependency that a manifest names.
type Requirement struct {
	Name       string // normalised (https://packaging.python.org/en/latest/specifications/name-normalization/); "" where a URL hides it
	Extras     []string
	Constraint string // "==3.1.0", as written
	Marker     string // PEP 508, as written
	Source     Source
	URL        string // as written; of a local one its path
	Index      string // the name of the index that it comes from, "" for any
	Member     bool   // of uv's workspace
	Editable   bool   // a local one is run from where its source lies
	Pos        fact.Pos
}

// Source is where a requirement comes from.
type Source string

// The sources; the zero value is a package index.
const (
	Index Source = ""
	Git   Source = "git"
	Other Source = "other" // another version control system
	URL   Source = "url"
	Local Source = "local" // a path in the repository
)

// Requirements is what a requirements file and those that it includes say.
// https://pip.pypa.io/en/stable/reference/requirements-file-format/
type Requirements struct {
	dir string // in which pip runs

	Files  []string // the file, then what it includes with -r and -c, in order
	List   []Requirement
	Hashes bool // --hash is used, so that pip checks all
	// Variables are taken from the environment: ${X}.
	Variables []fact.Fact[string]
	// Sources are the addresses of indexes, and of pages of links.
	Sources []fact.Fact[string]
	Self    fact.Pos // the repository itself is required: -e . or .[web]
	Extras  []string // extras of the repository itself
	// Constrained are the packages whose version a constraints file fixes.
	Constrained []string

	lines int // that were read
}

// Bounds of a requirements file: how many files it includes, and the lines of
// all. The largest that pip-compile writes have some 1,000.
const (
	maxIncluded     = 64
	maxRequirements = 50_000
)

// readRequirements reads file and what it includes; pip runs in dir. A line
// that pip would refuse, there or in an image, is a *fact.Error.
func readRequirements(t *tree.Tree, dir, file string) (*Requirements, error) {
	r := &Requirements{dir: dir}
	if err := r.read(t, file, false, fact.Pos{}); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Requirements) read(t *tree.Tree, file string, constraints bool, from fact.Pos) error {
	if slices.Contains(r.Files, file) {
		return nil
	}
	if len(r.Files) >= maxIncluded {
		return fact.Errorf(from, "includes more than %d files", maxIncluded)
	}
	text, err := t.Read(file)
	if errors.Is(err, fs.ErrNotExist) && !from.IsZero() {
		return fact.Errorf(from, "includes %s, which is not in the repository", file).WithHint("add the file, or take the line out")
	}
	if err != nil {
		return err
	}
	r.Files = append(r.Files, file)
	return r.parse(file, string(text), func(include string, constraint bool, at fact.Pos) error {
		if strings.Contains(include, "://") {
			return nil
		}
		p := path.Join(path.Dir(file), include)
		if strings.HasPrefix(p, "..") || strings.HasPrefix(include, "/") {
			return fact.Errorf(at, "includes %s, which is outside of the repository", include)
		}
		return r.read(t, p, constraint || constraints, at)
	}, constraints)
}

var (
	comment   = lazy.MustCompile(`(^|\s+)#.*$`)
	variable  = lazy.MustCompile(`\$\{[A-Z0-9_]+\}`)
	direct    = lazy.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?\s*@\s*(\S+)\s*(?:;\s*(.*))?$`)
	eggName   = lazy.MustCompile(`[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)`)
	localOne  = lazy.MustCompile(`^(\.{1,2}([/\\].*)?|/.*|[A-Za-z]:[/\\].*|file:.*|.*\.(whl|tar\.gz|zip))(\[[^\]]*\])?$`)
	bracketed = lazy.MustCompile(`^(.*?)\s*\[([^\[\]]*)\]$`)
	// The path of a file URL is absolute if a slash follows: https://www.rfc-editor.org/rfc/rfc8089#section-2.
	absolute = lazy.MustCompile(`^(file:/|/|[A-Za-z]:[/\\])`)
	// The parser behind is lenient where pip is not.
	startsName = lazy.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*\s*($|[\[(<>=!~;])`)
	vcs        = lazy.MustCompile(`^(git|hg|svn|bzr)\+`)
)

// parse reads the text of one file; include is called for -r and -c.
func (r *Requirements) parse(file, text string, include func(string, bool, fact.Pos) error, constraints bool) error {
	line := 0
	lines := strings.Split(text, "\n")
	for line < len(lines) {
		start := line + 1
		var b strings.Builder
		for line < len(lines) {
			l := strings.TrimRight(lines[line], "\r")
			line++
			if strings.HasSuffix(l, `\`) && !strings.HasPrefix(strings.TrimSpace(l), "#") {
				b.WriteString(strings.TrimSuffix(l, `\`))
				b.WriteByte(' ')
				continue
			}
			b.WriteString(l)
			break
		}
		l := strings.TrimSpace(comment.ReplaceAllString(b.String(), ""))
		if l == "" {
			continue
		}
		if r.lines++; r.lines > maxRequirements {
			return fact.Errorf(fact.At(file, start), "has more than %d requirements, the most that dockgen reads", maxRequirements)
		}
		if err := r.line(l, fact.At(file, start), include, constraints); err != nil {
			return err
		}
	}
	return nil
}

func (r *Requirements) line(l string, at fact.Pos, include func(string, bool, fact.Pos) error, constraints bool) error {
	r.Variables = addVariables(r.Variables, l, at)
	editable := false
	if strings.HasPrefix(l, "-") {
		option, value := cutOption(l)
		switch option {
		case "-r", "--requirement":
			return include(value, false, at)
		case "-c", "--constraint":
			return include(value, true, at)
		case "-e", "--editable":
			l, editable = value, true
		case "-i", "--index-url", "--extra-index-url", "-f", "--find-links":
			if len(r.Sources) < maxIndexes {
				r.Sources = append(r.Sources, fact.Fact[string]{Value: value, Pos: at})
			}
			return nil
		default:
			return nil // an option of pip's own, which pip checks
		}
	}
	// Options of the one requirement follow it: --hash=sha256:…
	if i := strings.Index(l, " --"); i >= 0 {
		r.Hashes = r.Hashes || strings.Contains(l[i:], "--hash")
		l = strings.TrimSpace(l[:i])
	}
	req, err := parseRequirement(l, at)
	if err != nil {
		return err
	}
	req.Editable = editable
	// pip takes a relative path from the folder where it runs, whatever file names it.
	if p := path.Join(r.dir, req.Path()); req.Source == Local && (p == ".." || strings.HasPrefix(p, "../")) {
		return outside(at, req.URL)
	}
	if constraints {
		if strings.HasPrefix(strings.TrimSpace(req.Constraint), "==") && !strings.ContainsAny(req.Constraint, ",*") {
			r.Constrained = append(r.Constrained, req.Name)
		}
		return nil
	}
	if req.Source == Local && req.Path() == "." {
		r.Self = at
		for _, e := range req.Extras {
			if !slices.Contains(r.Extras, e) {
				r.Extras = append(r.Extras, e)
			}
		}
		return nil
	}
	r.List = append(r.List, req)
	return nil
}

// cutOption splits "-r x", "-rx", "--requirement=x" and "--requirement x".
func cutOption(l string) (option, value string) {
	if !strings.HasPrefix(l, "--") && len(l) > 2 {
		return l[:2], strings.TrimSpace(strings.TrimPrefix(l[2:], "="))
	}
	if i := strings.IndexAny(l, "= \t"); i >= 0 {
		return l[:i], strings.TrimSpace(l[i+1:])
	}
	return l, ""
}

// parseRequirement reads one PEP 508 requirement, or what pip takes in its
// place: a URL, a path, a version control address.
func parseRequirement(l string, at fact.Pos) (Requirement, error) {
	req := Requirement{Pos: at}
	if m := direct.FindStringSubmatch(l); m != nil {
		req.Name, req.Extras, req.URL, req.Marker = pypi.CanonPackageName(m[1]), extras(m[2]), m[3], m[4]
		req.Source = sourceOf(req.URL)
		if req.Source == Index {
			req.Source = Local // a path
		}
		if req.Source == Local && isAbsolute(req.URL) {
			return req, outside(at, req.URL)
		}
		return req, nil
	}
	if s := sourceOf(l); s != Index || localOne.MatchString(l) {
		if s == Index {
			s = Local
		}
		req.Source, req.URL = s, l
		if m := bracketed.FindStringSubmatch(l); s == Local && m != nil {
			req.URL, req.Extras = m[1], extras(m[2])
		}
		if s == Local && isAbsolute(req.URL) {
			return req, outside(at, req.URL)
		}
		if m := eggName.FindStringSubmatch(l); m != nil {
			req.Name = pypi.CanonPackageName(m[1])
		}
		return req, nil
	}
	d, err := pypi.ParseDependency(l)
	if err != nil || d.Name == "" || !startsName.MatchString(l) {
		return req, fact.Errorf(at, "not a valid pip requirement: %q", fact.Clip(l)).
			WithHint("the format is that of https://packaging.python.org/en/latest/specifications/dependency-specifiers/")
	}
	req.Name, req.Constraint, req.Marker = pypi.CanonPackageName(d.Name), d.Constraint, d.Environment
	req.Extras = extras(d.Extras)
	return req, nil
}

// isAbsolute reports whether a local requirement names an absolute path. One
// with ${X}, which pip expands, may begin anywhere.
func isAbsolute(url string) bool { return absolute.MatchString(url) && !variable.MatchString(url) }

// outside is the error for a path on the machine of whoever wrote the file:
// it is in no image. pip freeze writes such paths for what conda installed.
func outside(at fact.Pos, url string) *fact.Error {
	return fact.Errorf(at, "installs %q, which is outside of the repository", fact.Clip(url)).
		WithHint("name a release: pip list --format=freeze writes names and versions alone")
}

// SSH reports whether it is fetched with SSH.
func (r Requirement) SSH() bool {
	return r.Source == Git && (strings.Contains(r.URL, "ssh://") || strings.HasPrefix(r.URL, "git@"))
}

// Path is the path of a local requirement, relative to the folder of the project, where pip runs, too; "." for that.
func (r Requirement) Path() string {
	p := strings.ReplaceAll(strings.TrimPrefix(r.URL, "file:"), `\`, "/")
	if i := strings.IndexByte(p, '#'); i >= 0 {
		p = p[:i] // #egg=name
	}
	return path.Clean(projectRoot.ReplaceAllString(p, "./"))
}

// projectRoot is how PDM and Hatch write the folder of the project:
// https://pdm-project.org/en/latest/usage/dependency/#local-dependencies,
// https://hatch.pypa.io/latest/config/context/#paths.
var projectRoot = lazy.MustCompile(`^(?:/*\$\{PROJECT_ROOT\}|\{root(?::uri)?\})/`)

func extras(s string) []string {
	var out []string
	for e := range strings.SplitSeq(strings.Trim(s, "[]"), ",") {
		if e = pypi.CanonPackageName(strings.TrimSpace(e)); e != "" {
			out = append(out, e)
		}
	}
	return out
}

func sourceOf(url string) Source {
	switch m := vcs.FindStringSubmatch(url); {
	case m != nil && m[1] == "git":
		return Git
	case m != nil:
		return Other
	case strings.HasPrefix(url, "file:"), strings.HasPrefix(url, "./"), strings.HasPrefix(url, "../"):
		return Local
	case strings.Contains(url, "://"):
		return URL
	}
	return Index
}
