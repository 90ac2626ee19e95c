package example_test

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// What holds for every example, whatever its language.

// input is an example's repository in memory.
func input(t *testing.T, e *example.Example) fstest.MapFS {
	t.Helper()
	r, err := e.Repository()
	if err != nil {
		t.Fatal(err)
	}
	return r.Files
}

// wishes are the example's settings, and the same with each runtime asked for.
func (x target) wishes() []settings.Settings {
	out := []settings.Settings{x.settings}
	for _, r := range plan.Runtimes() {
		s := x.settings
		s.Runtime = r
		out = append(out, s)
	}
	return out
}

// decided is what is written for a repository.
type decided struct {
	app   *plan.App
	files map[string]string
	err   error
}

func decide(repo *detect.Repo, req profiles.Request) decided {
	project, err := profiles.Decide(repo, req)
	if err != nil {
		return decided{err: err}
	}
	out := decided{app: project.Apps[0], files: map[string]string{}}
	files, err := templates.Render(out.app)
	for _, f := range files {
		out.files[f.Name] = string(f.Data)
	}
	out.err = err
	return out
}

// differs says what of b is not as in a, "" for nothing.
func differs(a, b decided) string {
	text := func(err error) string {
		if err == nil {
			return ""
		}
		return err.Error()
	}
	if (a.err == nil) != (b.err == nil) {
		return fmt.Sprintf("the error was %q, and is %q", text(a.err), text(b.err))
	}
	return cmp.Diff(a.files, b.files)
}

// TestSubfolder: an app in a folder of a repository becomes what it becomes as
// a repository of its own. Every path of a plan is relative to the app. From above, only what names its folder differs.
func TestSubfolder(t *testing.T) {
	for _, e := range examples(t) {
		files := input(t, e)
		x, err := scanned(t, files)
		if err != nil {
			t.Fatal(err)
		}
		sub := inFolder(t, files)
		for _, s := range x.wishes() {
			req := profiles.Request{Name: e.Name, Settings: s}
			whole := decide(x.repo, req)
			if fault := differs(whole, decide(sub, req)); fault != "" {
				t.Errorf("%v on %q: %s", e, s.Runtime, fault)
			}
			req.Context, req.AtTop = ".", true
			if fault := differs(fromAbove(whole, ""), fromAbove(decide(sub, req), folder+"/")); fault != "" {
				t.Errorf("%v on %q, from above: %s", e, s.Runtime, fault)
			}
		}
	}
}

// folder is where an app lies in a repository of several.
const folder = "services/api"

// inFolder is the repository that has the files in that folder.
func inFolder(t *testing.T, files fstest.MapFS) *detect.Repo {
	t.Helper()
	moved := fstest.MapFS{}
	for name, f := range files {
		moved[path.Join(folder, name)] = f
	}
	below, err := tree.Scan(t.Context(), moved, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	sub := &detect.Repo{Tree: below}
	for _, l := range profiles.Languages() {
		facts, err := l.Find(below, folder)
		if err != nil {
			t.Fatal(err)
		}
		if facts != nil {
			sub.Apps = append(sub.Apps, detect.App{Dir: folder, Facts: facts, Builds: buildfile.Of(below, folder)})
		}
	}
	return sub
}

// wholeFolder is the source of a COPY that takes all of the build context.
var wholeFolder = regexp.MustCompile(`(?m)^(COPY(?: --\S+)*) (?:\.|\["\.",) (\S+)$`)

// fromAbove takes the app's folder out of files whose build context lies above it, and what else differs there.
func fromAbove(d decided, prefix string) decided {
	out := decided{err: d.err, files: map[string]string{}}
	for name, text := range d.files {
		if prefix == "" {
			text = regexp.MustCompile(`(?m)^/`).ReplaceAllString(text, "")
			text = wholeFolder.ReplaceAllStringFunc(text, func(s string) string {
				m := wholeFolder.FindStringSubmatch(s)
				if m[2] == "." {
					m[2] = "./"
				}
				return m[1] + "  " + m[2]
			})
		} else {
			text = strings.ReplaceAll(text, prefix+"./", prefix)
			text = strings.ReplaceAll(text, `"$(pwd)/`+strings.TrimSuffix(prefix, "/")+":", `"$(pwd):`)
			text = strings.ReplaceAll(text, prefix, "")
		}
		out.files[name] = text
	}
	return out
}

// TestDecideChangesNothing: deciding changes neither the facts nor the tables. After every runtime was
// asked for, a repository becomes what it became at first.
func TestDecideChangesNothing(t *testing.T) {
	for _, e := range examples(t) {
		x, err := scanned(t, input(t, e))
		if err != nil {
			t.Fatal(err)
		}
		req := profiles.Request{Name: e.Name, Settings: x.settings}
		first := decide(x.repo, req)
		if first.err != nil {
			t.Fatal(first.err)
		}
		for _, s := range x.wishes() {
			decide(x.repo, profiles.Request{Name: e.Name, Settings: s})
		}
		again := decide(x.repo, req)
		fault := differs(first, again)
		if fault == "" {
			fault = cmp.Diff(first.app.Choices, again.app.Choices)
		}
		if fault != "" {
			t.Errorf("%v: %s", e, fault)
		}
	}
}

// trials has a value for every key of the settings.
func trials() map[string][]string {
	return map[string][]string{
		"profile":     {"default"},
		"runtime":     {"scratch", "distroless", "alpine", "slim"},
		"language":    {"go", "java", "node", "python", "html"},
		"main":        {".", "./cmd/api", "server.js", "main.py", "web"},
		"targets":     {"all", "[]"},
		"version":     {"1.26", "24", "3.13", "21"},
		"port":        {"9000", "80"},
		"start":       {"[]", "[/bin/x, '--flag=1 2']"},
		"healthcheck": {"/ready", "none"},
		"packages":    {"[]", "[curl]", "[curl, git]"},
		"env":         {"{}", "{A_B: 'c d', PORT: '9000'}"},
		"reloader":    {"none"},
		"debug":       {"true", "false"},
		"startup":     {"cache", "native"},
		"jlink":       {"true", "false", "[jdk.localedata]"},
		"compose":     {"true", "false"},
		"syntax":      {"true", "false"},
		"link":        {"true", "false"},
	}
}

// TestSettled: what init --set writes, check agrees with. A flag that a lock
// remembers means the same as it did when it was given.
func TestSettled(t *testing.T) {
	values := trials()
	for _, key := range settings.Keys() {
		if len(values[key]) == 0 {
			t.Errorf("no value of the key %s is tried", key)
		}
	}
	for _, e := range examples(t) {
		x, err := scanned(t, input(t, e))
		if err != nil {
			t.Fatal(err)
		}
		config := x.settings
		for key, list := range values {
			for _, value := range list {
				flags, err := settings.Settings{}.Set(key + "=" + value)
				if err != nil {
					t.Fatal(err)
				}
				first := decide(x.repo, profiles.Request{Name: e.Name, Settings: config.Override(flags)})
				if first.err != nil {
					continue // init writes nothing
				}
				remembered := relock(t, flags, profiles.LockedChoices(first.app))
				again := decide(x.repo, profiles.Request{Name: e.Name, Settings: config.Override(remembered.Settings), Locked: remembered.Choices})
				fault := differs(first, again)
				if fault == "" {
					fault = cmp.Diff(profiles.LockedChoices(first.app), profiles.LockedChoices(again.app))
				}
				if fault != "" {
					t.Errorf("%v %s=%s: %s", e, key, value, fault)
				}
			}
		}
	}
}

// relock is what a lock has of these flags and choices when it is read again.
func relock(t *testing.T, flags settings.Settings, choices map[string]record.Locked) lock.App {
	t.Helper()
	text, err := (&lock.File{Apps: map[string]lock.App{".": {Settings: flags, Choices: choices}}}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	back, err := lock.Parse(lock.Name, text)
	if err != nil {
		t.Fatal(err)
	}
	return back.Apps["."]
}

// TestShift: a line put at the top of each file changes nothing that is
// written. No position is in the bytes, or in the evidence of the lock.
func TestShift(t *testing.T) {
	for _, e := range examples(t) {
		files := input(t, e)
		x, err := scanned(t, files)
		if err != nil {
			t.Fatal(err)
		}
		shifted := fstest.MapFS{}
		for name, f := range files {
			shifted[name] = &fstest.MapFile{Data: shift(name, f.Data), Mode: f.Mode}
		}
		later, err := detect.Scan(t.Context(), shifted, profiles.Languages())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range x.wishes() {
			first := decide(x.repo, profiles.Request{Name: e.Name, Settings: s})
			req := profiles.Request{Name: e.Name, Settings: s}
			if first.err == nil {
				req.Locked = profiles.LockedChoices(first.app)
			}
			again := decide(later, req)
			fault := differs(first, again)
			if fault == "" && first.err == nil {
				fault = cmp.Diff(profiles.LockedChoices(first.app), profiles.LockedChoices(again.app))
			}
			if fault != "" {
				t.Errorf("%v on %q: %s", e, s.Runtime, fault)
			}
		}
	}
}

// shift puts a line at the top of a text in which that means nothing.
func shift(name string, text []byte) []byte {
	line, after := "\n", 0
	switch path.Ext(name) {
	case ".go", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".jsx", ".java":
		line = "// A comment.\n\n"
	case ".toml", ".yaml", ".yml", ".py", ".properties":
		line = "# A comment.\n\n"
	case ".json", ".mod":
	case ".xml":
		if bytes.HasPrefix(text, []byte("<?xml")) {
			after = bytes.IndexByte(text, '>') + 1
		}
		line = "\n<!-- A comment. -->\n"
	default:
		switch path.Base(name) {
		case "requirements.txt", "Makefile", "Procfile", "Dockerfile":
			line = "# A comment.\n\n"
		default:
			return text
		}
	}
	if strings.Contains(name, "node_modules/") || strings.Contains(name, "vendor/") || path.Base(name) == "package-lock.json" || bytes.HasPrefix(text, []byte("#!")) {
		return text
	}
	return slices.Concat(text[:after], []byte(line), text[after:])
}

// TestOtherRelease: a lock of another release, which knew fewer runtimes to
// work or preferred another, moves nothing: the runtime is the lock's for as
// long as it can run the app.
func TestOtherRelease(t *testing.T) {
	for _, e := range examples(t) {
		x, err := scanned(t, input(t, e))
		if err != nil {
			t.Fatal(err)
		}
		config := x.settings
		now := decide(x.repo, profiles.Request{Name: e.Name, Settings: config})
		if now.err != nil {
			t.Fatal(now.err)
		}
		if !config.Pos("runtime").IsZero() {
			continue
		}
		chosen := profiles.LockedChoices(now.app)["runtime"]
		for _, r := range plan.Runtimes() {
			s := config
			s.Runtime = r
			then := decide(x.repo, profiles.Request{Name: e.Name, Settings: s})
			impossible := (*record.ImpossibleError)(nil)
			if errors.As(then.err, &impossible) {
				continue
			}
			if then.err != nil {
				t.Fatal(then.err)
			}
			site := ""
			if strings.Contains(chosen.Evidence, " for a static site") {
				site = " for a static site"
			}
			for name, evidence := range map[string]string{
				"as this release has it": chosen.Evidence,
				"of version 1":           "profile default" + site + ", of [" + string(r) + "]",
			} {
				locked := profiles.LockedChoices(then.app)
				locked["runtime"] = record.Locked{Value: string(r), Evidence: evidence}
				again := decide(x.repo, profiles.Request{Name: e.Name, Settings: config, Locked: locked})
				if fault := differs(then, again); fault != "" {
					t.Errorf("%v on %s, %s: %s", e, r, name, fault)
				}
			}
		}
	}
}
