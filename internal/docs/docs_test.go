// Package docs makes what README.md and docs/ have from the tables and from testdata, and holds the rest of them to
// what is there: links and anchors lead somewhere, and each key of a choice has its entry.
package docs

import (
	"bytes"
	"errors"
	"flag"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

const root = "../.."

var update = flag.Bool("update", false, "write the generated parts of README.md and docs/ again") //nolint:gochecknoglobals // a test flag

// TestGenerated holds each generated page, and each part between two comments, to what the tables and testdata make of it.
func TestGenerated(t *testing.T) {
	pages, generated := cookbook(t), generatedParts(t)
	for name, parts := range generated {
		text := read(t, name)
		for part, content := range parts {
			text = replaced(t, name, text, part, content)
		}
		pages[name] = text
	}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		file := filepath.Join(root, filepath.FromSlash(name))
		if *update {
			if err := os.WriteFile(file, []byte(pages[name]), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(pages[name], read(t, name)); diff != "" {
			t.Errorf("%s: go test ./internal/docs -update writes it (-); it has (+):\n%s", name, diff)
		}
	}
	for _, name := range documents(t) {
		if strings.HasPrefix(name, "docs/cookbook/") && pages[name] == "" {
			t.Errorf("%s: internal/docs/cookbook.yaml has no such page", name)
		}
		for _, m := range marks.FindAllStringSubmatch(read(t, name), -1) {
			if generated[name][m[1]] == "" {
				t.Errorf("%s: nothing makes the part %s", name, m[1])
			}
		}
	}
}

var marks = regexp.MustCompile(`(?m)^<!-- begin (\S+) -->$`)

// replaced is a text with a new part between the comments of that name.
func replaced(t *testing.T, file, text, part, content string) string {
	t.Helper()
	begin, end := "<!-- begin "+part+" -->\n", "<!-- end "+part+" -->\n"
	head, rest, ok := strings.Cut(text, begin)
	_, tail, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("%s has no part %s", file, part)
	}
	return head + begin + "\n" + strings.TrimSpace(content) + "\n\n" + end + tail
}

// documents are the texts of README.md, CONTRIBUTING.md, docs/ and .github/.
func documents(t *testing.T) []string {
	t.Helper()
	out := []string{"README.md", "CONTRIBUTING.md"}
	for _, dir := range []string{"docs", ".github"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(file) != ".md" {
				return err
			}
			rel, err := filepath.Rel(root, file)
			out = append(out, filepath.ToSlash(rel))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil && !*update {
		t.Fatal(err)
	}
	return string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
}

// decode reads a table, of which the type has the fields that are shown.
func decode[T any](t *testing.T, name string) T {
	t.Helper()
	var out T
	if err := yaml.Unmarshal([]byte(read(t, name)), &out); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#{1,6} (.+)$`)
	fence   = regexp.MustCompile("(?ms)^```.*?^```$")
	noSlug  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// slug is the anchor of a heading, as GitHub and MkDocs make it of one.
func slug(title string) string {
	return strings.ReplaceAll(strings.TrimSpace(noSlug.ReplaceAllString(strings.ToLower(title), "")), " ", "-")
}

// anchors are those of a text's headings.
func anchors(text string) []string {
	var out []string
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		out = append(out, slug(m[1]))
	}
	return out
}

// TestLinks: each relative link leads to a file, and to a heading of it. A page of docs/ names what is outside of it by its address, because
// the site has docs/ alone.
func TestLinks(t *testing.T) {
	for _, name := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(read(t, name), ""), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				if m := onMain.FindStringSubmatch(target); m != nil {
					if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(m[1]))); err != nil {
						t.Errorf("%s: %s: %v", name, target, err)
					}
				}
				continue
			}
			to := name
			if target != "" {
				to = path.Join(path.Dir(name), target)
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(to))); err != nil {
				t.Errorf("%s: there is no %s", name, to)
				continue
			}
			if strings.HasPrefix(name, "docs/") && !strings.HasPrefix(to, "docs/") {
				t.Errorf("%s: %s is outside of docs/, which is all that the site has", name, to)
			}
			if anchor != "" && !slices.Contains(anchors(read(t, to)), anchor) {
				t.Errorf("%s: %s has no heading #%s", name, to, anchor)
			}
		}
	}
}

// repository is where the project's files are read on the web.
const repository = "https://github.com/dockgen/dockgen"

// onMain is the address there of a file or a folder, and its path.
var onMain = regexp.MustCompile(`^` + regexp.QuoteMeta(repository) + `/(?:blob|tree)/main/(.+)$`)

// TestIndex: each page of docs/ can be reached from docs/index.md, and is in the site's menu.
func TestIndex(t *testing.T) {
	reached := map[string]bool{"docs/index.md": true}
	for todo := []string{"docs/index.md"}; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if to := path.Join(path.Dir(name), target); target != "" && !strings.Contains(target, "://") && path.Ext(to) == ".md" && !reached[to] {
				reached[to] = true
				todo = append(todo, to)
			}
		}
	}
	menu := read(t, ".ci/site/mkdocs.yml")
	for _, name := range documents(t) {
		inside, ok := strings.CutPrefix(name, "docs/")
		if ok && !reached[name] {
			t.Errorf("%s is linked from nowhere", name)
		}
		if ok && !strings.Contains(menu, "- "+inside+"\n") {
			t.Errorf("%s is not in the menu of .ci/site/mkdocs.yml", name)
		}
	}
}

// TestNoNetwork holds the README's promise: no package of the command imports what makes connections or runs programs.
func TestNoNetwork(t *testing.T) {
	tools := []string{"internal/docs", "internal/e2e", "internal/example", "internal/knowledge", "internal/proof", "internal/refusals", "internal/several"}
	seen := 0
	for _, dir := range []string{"cmd", "detect", "internal", "profiles", "templates"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(file string, d fs.DirEntry, err error) error {
			rel, bad := filepath.Rel(root, file)
			switch {
			case err != nil || bad != nil:
				return errors.Join(err, bad)
			case d.IsDir() && slices.Contains(tools, filepath.ToSlash(rel)):
				return fs.SkipDir
			case d.IsDir() || filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go"):
				return nil
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			seen++
			for _, i := range parsed.Imports {
				if slices.Contains([]string{`"net/http"`, `"os/exec"`, `"crypto/tls"`, `"net/smtp"`, `"net/rpc"`, `"plugin"`}, i.Path.Value) {
					t.Errorf("%s imports %s", rel, i.Path.Value)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 300 {
		t.Fatalf("only %d files were read", seen)
	}
}
