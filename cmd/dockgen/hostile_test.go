package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// manifests are what each ecosystem starts from, in a small app of its own.
func manifests() map[string]map[string]string {
	const python = "from flask import Flask\napp = Flask(__name__)\n"
	return map[string]map[string]string{
		"go.mod": {
			"go.mod":  "module example.com/x\n\ngo 1.26\n",
			"main.go": "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n",
		},
		"package.json": {
			"package.json": `{"name": "x", "scripts": {"start": "node index.js"}, "dependencies": {"express": "4.18.2"}}`,
			"index.js":     `require("express")().listen(3000)`,
		},
		"requirements.txt": {"requirements.txt": "flask\n", "main.py": python},
		"pyproject.toml":   {"pyproject.toml": "[project]\nname = \"x\"\nversion = \"1\"\ndependencies = [\"flask\"]\n", "main.py": python},
		"pom.xml": {
			"pom.xml":                "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>x</artifactId><version>1</version></project>",
			"src/main/java/App.java": "public class App { public static void main(String[] a) {} }",
		},
		"build.gradle": {
			"build.gradle":           "plugins { id 'application' }\nversion = 'x'\napplication { mainClass = 'App' }\ndependencies { implementation 'g:x:1' }\n",
			"src/main/java/App.java": "public class App { public static void main(String[] a) {} }",
		},
		"settings.gradle.kts": {
			"settings.gradle.kts":      "rootProject.name = \"x\"\ninclude(\":x\")\n",
			"x/build.gradle.kts":       "plugins { application }\napplication { mainClass = \"App\" }\n",
			"x/src/main/java/App.java": "public class App { public static void main(String[] a) {} }",
		},
	}
}

// faults are what becomes of a manifest's text.
func faults() map[string]func(text string) string {
	repeat := func(s string) func(string) string {
		return func(string) string { return strings.Repeat(s, 100_000) }
	}
	return map[string]func(string) string{
		"as it is":    func(s string) string { return s },
		"empty":       func(string) string { return "" },
		"zero bytes":  func(string) string { return "\x00\x00\x00" },
		"binary":      func(s string) string { return "\x7fELF\x01\xff\xfe" + s },
		"cut":         func(s string) string { return s[:len(s)/2] },
		"twice":       func(s string) string { return s + s },
		"latin-1":     func(s string) string { return s + "\xff\xfe\xfa" },
		"mark":        func(s string) string { return "\xef\xbb\xbf" + s },
		"crlf":        func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"escapes":     func(s string) string { return strings.ReplaceAll(s, "x", "\x1b[31m\u009b2Jx") },
		"quotes":      func(s string) string { return strings.ReplaceAll(s, "x", "'\"`$(id)\\") },
		"newlines":    func(s string) string { return strings.ReplaceAll(s, "x", "x\nRUN evil\n") },
		"deep arrays": repeat("["),
		"deep tables": repeat(`{"a":`),
		"deep tags":   repeat("<a>"),
		"utf-16": func(s string) string {
			var b strings.Builder
			b.WriteString("\xff\xfe")
			for _, u := range utf16.Encode([]rune(s)) {
				b.Write([]byte{byte(u), byte(u >> 8)})
			}
			return b.String()
		},
	}
}

// TestHostile runs init on repositories that are wrong in every way: it ends
// with an exit code that it documents, shows no control character, and either
// writes files that check agrees with or nothing at all.
func TestHostile(t *testing.T) {
	t.Parallel()
	for manifest, app := range manifests() {
		for name, fault := range faults() {
			t.Run(manifest+"/"+name, func(t *testing.T) {
				t.Parallel()
				files := maps.Clone(app)
				files[manifest] = fault(files[manifest])
				endure(t, files, nil)
			})
		}
		for name, spoil := range map[string]func(path string) error{
			"50 MB":      func(path string) error { return os.Truncate(path, 50<<20) },
			"unreadable": func(path string) error { return os.Chmod(path, 0) },
			"a link out": func(path string) error { return relink(path, "/etc/passwd") },
			"a loop":     func(path string) error { return relink(path, filepath.Base(path)) },
			"a folder":   refolder,
		} {
			t.Run(manifest+"/"+name, func(t *testing.T) {
				t.Parallel()
				endure(t, app, func(dir string) error { return spoil(filepath.Join(dir, manifest)) })
			})
		}
		t.Run(manifest+"/names", func(t *testing.T) {
			t.Parallel()
			files := maps.Clone(app)
			for _, name := range []string{
				"a\nRUN evil.py", "'\"$x `id`.go", "\x1b[31m.js", "we ird/main.go", "we ird/Dockerfile", "\xff\xfe.txt", "-rf", "*", "[", "\u202egpj.exe",
				strings.Repeat("d/", 60) + "deep.go",
			} {
				files[name] = "package main\nfunc main() {}\n"
			}
			endure(t, files, func(dir string) error { return os.Symlink(".", filepath.Join(dir, "loop")) })
		})
	}
}

func relink(path, to string) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	return os.Symlink(to, path)
}

func refolder(path string) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	return os.Mkdir(path, 0o755)
}

func endure(t *testing.T, files map[string]string, spoil func(dir string) error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if spoil != nil {
		if err := spoil(dir); err != nil {
			t.Fatal(err)
		}
	}
	before := list(t, dir)
	code, out, errs := command("init", dir)
	for _, shown := range []string{out, errs} {
		if strings.ContainsAny(shown, "\x1b\x00\u009b\u202e") {
			t.Errorf("a control character is shown: %q", shown)
		}
	}
	switch code {
	case exitDone:
		for _, name := range []string{"Dockerfile", ".dockerignore", "dockgen.lock"} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || bytes.ContainsAny(text, "\x1b\x00\u009b") || bytes.Contains(text, []byte("\nRUN evil")) {
				t.Errorf("%s: %v\n%s", name, err, text)
			}
		}
		if code, out, errs := command("check", dir); code != exitDone {
			t.Errorf("check: exit %d\n%s%s", code, out, errs)
		}
	case exitFailure, exitUnsupported:
		if !strings.HasPrefix(errs, "error: ") {
			t.Errorf("no error is said: %q", errs)
		}
		if after := list(t, dir); !slices.Equal(before, after) {
			t.Errorf("exit %d, but there is %v", code, after)
		}
	default:
		t.Errorf("exit %d: %s", code, errs)
	}
}

func command(args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(context.Background(), args, streams{out: &o, err: &e, terminal: func(io.Writer) bool { return false }})
	return code, o.String(), e.String()
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
