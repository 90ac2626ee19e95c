package example_test

import (
	"encoding/json"
	"encoding/xml"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// textTries bounds TestHostileText for each example; in CI there are fifteen
// times as many.
const textTries = 8

// TestHostileText puts every hostile value into the files of every example, in
// the place of what a file of that kind holds as values and written as the format
// writes them: strings of JSON, TOML and YAML, text of XML, words of the others,
// names of files, keys of dockgen.yaml and choices of dockgen.lock. dockgen either
// refuses, or writes a Dockerfile that BuildKit's own parser reads and in which the
// value commands nothing.
func TestHostileText(t *testing.T) {
	tries := textTries
	if os.Getenv("CI") == "true" {
		tries *= 15
	}
	for _, e := range examples(t) {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			files := input(t, e)
			all := spoiled(files)
			step := max(len(all)/tries, 1) | 1
			written := 0
			for i := 0; i < len(all); i += step {
				if all[i].try(t, files) {
					written++
				}
			}
			if written == 0 {
				t.Error("every value was refused: the test compares nothing")
			}
			asked(t, files)
			locked(t, files)
		})
	}
}

// asked puts the hostile values into the keys of dockgen.yaml.
func asked(t *testing.T, files fstest.MapFS) {
	t.Helper()
	old, had := files[settings.File]
	for i, v := range hostile() {
		q, _ := json.Marshal(v)
		text := string(q)
		lines := []string{
			"main: " + text, "version: " + text, "start: [" + text + "]", "start: [sh, " + text + "]", "healthcheck: " + text,
			"packages: [" + text + "]", "env: {X: " + text + "}", "env: {" + text + ": x}", "targets: [" + text + "]",
		}
		files[settings.File] = &fstest.MapFile{Data: []byte(lines[i%len(lines)] + "\n")}
		dockerfile, err := write(t, files)
		if err != nil {
			continue
		}
		if err := commandsNothing(dockerfile); err != nil && !strings.HasPrefix(lines[i%len(lines)], "start") {
			t.Errorf("%s: %v\n%s", lines[i%len(lines)], err, dockerfile)
		}
	}
	if delete(files, settings.File); had {
		files[settings.File] = old
	}
}

// locked puts the hostile values into the choices of dockgen.lock, whose evidence
// is unchanged, so that they count.
func locked(t *testing.T, files fstest.MapFS) {
	t.Helper()
	x, err := scanned(t, files)
	if err != nil {
		t.Fatal(err)
	}
	p, err := x.decide(nil)
	if err != nil {
		t.Fatal(err)
	}
	keep := profiles.LockedChoices(p)
	for _, key := range slices.Sorted(maps.Keys(keep)) {
		for i, v := range hostile() {
			if (i+len(key))%5 != 0 && os.Getenv("CI") != "true" {
				continue
			}
			changed := maps.Clone(keep)
			l := changed[key]
			l.Value = v
			changed[key] = l
			dockerfile, err := x.write(changed)
			if err != nil {
				continue
			}
			if err := commandsNothing(dockerfile); err != nil {
				t.Errorf("%s: %s = %.80q: %v\n%s", lock.Name, key, v, err, dockerfile)
			}
		}
	}
}

// A spoil is one hostile value in one place of one file.
type spoil struct {
	file  string
	from  int // bytes of the file that it replaces; -1 for the name of the file
	to    int
	value string // as it is written there
}

// code are the endings of files whose text is code, which may command what it likes.
var code = regexp.MustCompile(`\.(go|[cm]?[jt]sx?|py|java|kt|html|css|sql|c|h|sh|svg|png|md|templ|proto|vue|svelte|astro|ico|txtar)$|(^|/)(Makefile|mvnw|LICENSE|go\.sum)$`)

// What a format holds as values.
var (
	jsonString = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"`)
	tomlString = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"|'[^'\n]*'`)
	yamlScalar = regexp.MustCompile(`(?m)(?:^|[:\-] +)([A-Za-z0-9_./@^~"'-]+[^\n:#]*?)(?: *#.*)?$`)
	xmlText    = regexp.MustCompile(`>([^<>\n]+)<`)
	word       = regexp.MustCompile(`[^\s=:,;()]+`)
)

// spoiled lists every value in every place.
func spoiled(files fstest.MapFS) []spoil {
	var out []spoil
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, v := range hostile() {
			if usable := strings.ReplaceAll(v, "/", "_"); fs.ValidPath(usable) && usable != "." {
				out = append(out, spoil{name, -1, -1, usable})
			}
		}
		if code.MatchString(name) {
			continue
		}
		text := string(files[name].Data)
		pattern, group, write := word, 0, func(s string) string { return s }
		quote := func(s string) string { b, _ := json.Marshal(s); return string(b) }
		switch ext := path.Ext(name); {
		case ext == ".json" || ext == ".lock" && strings.HasPrefix(text, "{"):
			pattern, write = jsonString, quote
		case ext == ".toml" || name == "Pipfile" || name == "uv.lock" || name == "poetry.lock":
			pattern, write = tomlString, quote
		case ext == ".yaml" || ext == ".yml":
			pattern, group, write = yamlScalar, 1, quote
		case ext == ".xml":
			pattern, group = xmlText, 1
			write = func(s string) string {
				var b strings.Builder
				_ = xml.EscapeText(&b, []byte(s))
				return b.String()
			}
		}
		if group == 1 {
			group = 2
		}
		places := pattern.FindAllStringSubmatchIndex(text, 300)
		for _, m := range places {
			for _, v := range hostile() {
				out = append(out, spoil{name, m[group], m[group+1], write(v)})
			}
		}
	}
	return out
}

// try generates with the value in its place, and puts the file back. It reports
// whether there was a Dockerfile to look at.
func (s spoil) try(t *testing.T, files fstest.MapFS) (written bool) {
	t.Helper()
	old := files[s.file]
	defer func() {
		files[s.file] = old
		if p := recover(); p != nil {
			t.Errorf("%s[%d:%d] = %.80q: panic: %v", s.file, s.from, s.to, s.value, p)
		}
	}()
	if s.from < 0 {
		name := path.Join(path.Dir(s.file), s.value+path.Ext(s.file))
		if files[name] != nil {
			return false
		}
		delete(files, s.file)
		files[name] = old
		defer delete(files, name)
	} else {
		text := string(old.Data)
		files[s.file] = &fstest.MapFile{Data: []byte(text[:s.from] + s.value + text[s.to:]), Mode: old.Mode}
	}
	dockerfile, err := write(t, files)
	if err != nil {
		return false
	}
	if err := commandsNothing(dockerfile); err != nil {
		t.Errorf("%s[%d:%d] = %.80q: %v\n%s", s.file, s.from, s.to, s.value, err, dockerfile)
	}
	return true
}

// write is the Dockerfile of the files.
func write(t *testing.T, files fstest.MapFS) ([]byte, error) {
	t.Helper()
	x, err := scanned(t, files)
	if err != nil {
		return nil, err
	}
	return x.write(nil)
}

// scanned reads the files, dockgen.yaml among them.
func scanned(t *testing.T, files fstest.MapFS) (x target, err error) {
	t.Helper()
	if f := files[settings.File]; f != nil {
		if x.settings, err = settings.Parse(settings.File, f.Data); err != nil {
			return x, err
		}
	}
	x.repo, err = detect.Scan(t.Context(), files, profiles.Languages())
	return x, err
}

// write is the Dockerfile of the target, decided with the choices of a lock.
func (x target) write(locked map[string]record.Locked) ([]byte, error) {
	p, err := x.decide(locked)
	if err != nil {
		return nil, err
	}
	made, err := templates.Render(p)
	if err != nil {
		return nil, err
	}
	for _, f := range made {
		if f.Name == templates.Dockerfile {
			return f.Data, nil
		}
	}
	return nil, nil
}

func (x target) decide(locked map[string]record.Locked) (*plan.App, error) {
	p, err := profiles.Decide(x.repo, profiles.Request{Name: "hostile", Settings: x.settings, Locked: locked})
	if err != nil {
		return nil, err
	}
	return p.Apps[0], nil
}
