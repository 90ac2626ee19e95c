package golang

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/mod/modfile"

	"github.com/dockgen/dockgen/detect/fact"
)

// Module is one go.mod: https://go.dev/ref/mod#go-mod-file.
type Module struct {
	Dir      string            // relative to Facts.Dir
	Main     bool              // a main module: ./... are its packages, not those of a module that is replaced
	Path     fact.Fact[string] // the module line
	Sum      bool              // go.sum exists and names a module
	Requires []fact.Fact[string]
	Replaces []fact.Fact[Replace]
}

// Replace is a replace line that leads to a folder.
type Replace struct {
	Path string // of the module that is replaced
	Dir  string // as written
	Into string // relative to Facts.Dir; starts with ".." where it lies outside
	Mod  bool   // a go.mod is there
}

// Work is go.work: https://go.dev/ref/mod#workspaces.
type Work struct {
	Pos fact.Pos
	Sum bool                // go.work.sum exists
	Use []fact.Fact[string] // folders, relative to Facts.Dir
}

// modules reads go.mod or go.work and every local module that they lead to.
func (r *reader) modules(f *Facts) error {
	var queue []string
	if r.has(path.Join(r.home, "go.work")) {
		if err := r.work(f); err != nil {
			return err
		}
		for _, u := range f.Work.Use {
			queue = append(queue, u.Value)
		}
	} else if r.has(path.Join(r.home, "go.mod")) {
		queue = append(queue, r.home)
	}
	mains := len(queue)
	for seen := map[string]bool{}; len(queue) > 0; queue, mains = queue[1:], mains-1 {
		dir := queue[0]
		if seen[dir] || !r.has(path.Join(dir, "go.mod")) {
			continue
		}
		seen[dir] = true
		m, err := r.mod(f, dir)
		if err != nil {
			return err
		}
		m.Main = mains > 0
		f.Modules = append(f.Modules, m)
		for _, rep := range m.Replaces {
			if rep.Value.Mod {
				queue = append(queue, rep.Value.Into)
			}
		}
	}
	if name := r.at(path.Join(r.home, "vendor/modules.txt")); r.t.Has(name) && len(f.Modules) > 0 {
		f.Vendor = fact.New(true, name, 0)
	}
	return nil
}

func (r *reader) mod(f *Facts, dir string) (Module, error) {
	m := Module{Dir: dir}
	name := r.at(path.Join(dir, "go.mod"))
	text, err := r.t.Read(name)
	if err != nil {
		return m, err
	}
	mod, err := modfile.Parse(name, text, nil)
	if err != nil {
		return m, parseError(name, err)
	}
	if mod.Module != nil {
		m.Path = fact.New(mod.Module.Mod.Path, name, lineOf(mod.Module.Syntax))
	}
	for _, q := range mod.Require {
		m.Requires = append(m.Requires, fact.New(q.Mod.Path, name, lineOf(q.Syntax)))
	}
	for _, q := range mod.Replace {
		if q.New.Version != "" {
			continue
		}
		into := path.Clean(path.Join(dir, strings.ReplaceAll(q.New.Path, `\`, "/")))
		if path.IsAbs(q.New.Path) {
			into = "../" + strings.TrimPrefix(q.New.Path, "/")
		}
		m.Replaces = append(m.Replaces, fact.New(Replace{
			Path: q.Old.Path, Dir: q.New.Path, Into: into, Mod: !outside(into) && r.has(path.Join(into, "go.mod")),
		}, name, lineOf(q.Syntax)))
	}
	if mod.Go != nil {
		f.Version = append(f.Version, fact.New(Pin{mod.Go.Version, GoLine}, name, lineOf(mod.Go.Syntax)))
	}
	if mod.Toolchain != nil && mod.Toolchain.Name != "default" {
		f.Version = append(f.Version, fact.New(Pin{strings.TrimPrefix(mod.Toolchain.Name, "go"), ToolchainLine}, name, lineOf(mod.Toolchain.Syntax)))
	}
	sum, err := r.t.ReadHead(r.at(path.Join(dir, "go.sum")), 4096)
	m.Sum = err == nil && strings.TrimSpace(string(sum)) != ""
	return m, nil
}

func (r *reader) work(f *Facts) error {
	name := r.at(path.Join(r.home, "go.work"))
	text, err := r.t.Read(name)
	if err != nil {
		return err
	}
	work, err := modfile.ParseWork(name, text, nil)
	if err != nil {
		return parseError(name, err)
	}
	f.Work = &Work{Pos: fact.At(name, 0), Sum: r.has(path.Join(r.home, "go.work.sum"))}
	for _, u := range work.Use {
		f.Work.Use = append(f.Work.Use, fact.New(path.Join(r.home, u.Path), name, lineOf(u.Syntax)))
	}
	if work.Go != nil {
		f.Version = append(f.Version, fact.New(Pin{work.Go.Version, GoLine}, name, lineOf(work.Go.Syntax)))
	}
	if work.Toolchain != nil && work.Toolchain.Name != "default" {
		f.Version = append(f.Version, fact.New(Pin{strings.TrimPrefix(work.Toolchain.Name, "go"), ToolchainLine}, name, lineOf(work.Toolchain.Syntax)))
	}
	return nil
}

// outside reports whether a clean path leads out of the folder.
func outside(p string) bool { return p == ".." || strings.HasPrefix(p, "../") || path.IsAbs(p) }

func lineOf(l *modfile.Line) int {
	if l == nil {
		return 0
	}
	return l.Start.Line
}

// parseError gives modfile's errors, which name the file themselves, the form
// of every other error.
func parseError(name string, err error) error {
	line, msg := 0, err.Error()
	if list := (modfile.ErrorList)(nil); errors.As(err, &list) && len(list) > 0 {
		line, msg = list[0].Pos.Line, list[0].Err.Error()
		if list[0].Verb != "" {
			msg = list[0].Verb + " " + list[0].ModPath + ": " + msg
		}
	}
	return fact.Errorf(fact.At(name, line), "%s", clip(msg)).WithHint("go mod edit -fmt %s shows what Go makes of it", path.Base(name))
}

// clip keeps an error that quotes the user's file on one short line.
func clip(msg string) string {
	msg = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, msg)
	if len(msg) > 200 {
		msg = strings.ToValidUTF8(msg[:200], "") + "…"
	}
	return msg
}

var versionPattern = regexp.MustCompile(`^(?:go)?([0-9]+(?:\.[0-9]+){0,2}(?:(?:rc|beta)[0-9]+)?)$`)

// versions reads the files of version managers.
func (r *reader) versions(f *Facts) error {
	add := func(version, name string, line int, source Source) {
		if m := versionPattern.FindStringSubmatch(strings.TrimSpace(version)); m != nil {
			f.Version = append(f.Version, fact.New(Pin{m[1], source}, name, line))
		}
	}
	for _, file := range []struct {
		name  string
		parse func(string) []versionLine
		kind  Source
	}{
		{".go-version", goVersion, GoVersionFile},
		{".tool-versions", toolVersions, ToolVersions},
	} {
		for _, near := range r.near(file.name) {
			name := r.at(near)
			if !r.t.Has(name) {
				continue
			}
			text, err := r.t.Read(name)
			if err != nil {
				return err
			}
			for _, v := range file.parse(string(text)) {
				add(v.version, name, v.line, file.kind)
			}
		}
	}
	for _, base := range r.near("mise.toml", ".mise.toml", ".config/mise.toml", "mise/config.toml") {
		name := r.at(base)
		if !r.t.Has(name) {
			continue
		}
		text, err := r.t.Read(name)
		if err != nil {
			return err
		}
		v, err := mise(name, text)
		if err != nil {
			return err
		}
		add(v.version, name, v.line, Mise)
	}
	return nil
}

type versionLine struct {
	version string
	line    int
}

// goVersion reads goenv's .go-version: the first line that is no comment.
// https://github.com/go-nv/goenv/blob/master/COMMANDS.md#goenv-local
func goVersion(text string) []versionLine {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return []versionLine{{line, n}}
		}
	}
	return nil
}

// toolVersions reads asdf's .tool-versions: "golang 1.26.5 [fallbacks]".
// https://asdf-vm.com/manage/configuration.html#tool-versions
func toolVersions(text string) []versionLine {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(line, "#")
		if w := strings.Fields(line); len(w) >= 2 && (w[0] == "golang" || w[0] == "go") {
			return []versionLine{{w[1], n}}
		}
	}
	return nil
}

// mise reads the go tool of a mise.toml: a string, a list or a table.
// https://mise.jdx.dev/configuration.html#tools-dev-tools
func mise(name string, text []byte) (versionLine, error) {
	var doc struct {
		Tools map[string]any `toml:"tools"`
	}
	if err := toml.Unmarshal(text, &doc); err != nil {
		line := 0
		if de := (*toml.DecodeError)(nil); errors.As(err, &de) {
			line, _ = de.Position()
		}
		return versionLine{}, fact.Errorf(fact.At(name, line), "%s", clip(strings.TrimPrefix(err.Error(), "toml: ")))
	}
	for _, key := range []string{"go", "golang", "core:go"} {
		v := doc.Tools[key]
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[0]
		}
		if table, ok := v.(map[string]any); ok {
			v = table["version"]
		}
		if s, ok := v.(string); ok {
			return versionLine{s, lineWith(string(text), key, s)}, nil
		}
	}
	return versionLine{}, nil
}

// lineWith is the first line that holds every one of words, or 0.
func lineWith(text string, words ...string) int {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) }) {
			return n
		}
	}
	return 0
}
