package docs

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// recipe is a row of cookbook.yaml; the examples are in its order.
type recipe struct {
	Page, Title, Text string
	Examples          yaml.Node
}

// cookbook are the pages of docs/cookbook: the Dockerfiles of testdata, with the choices that they come from.
func cookbook(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	var index strings.Builder
	index.WriteString("# Cookbook\n\nA page for each family of frameworks, with the Dockerfiles that dockgen writes for a small app of it. CI holds these files to what dockgen writes, and builds and runs their images.\n\n")
	for _, r := range decode[[]recipe](t, "internal/docs/cookbook.yaml") {
		var b strings.Builder
		fmt.Fprintf(&b, "# %s\n\n%s\n", r.Title, r.Text)
		for i := 0; i+1 < len(r.Examples.Content); i += 2 {
			dir := "testdata/" + r.Examples.Content[i].Value
			fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", r.Examples.Content[i+1].Value, about(t, dir))
			fmt.Fprintf(&b, "[The repository](%s/tree/main/%s/input) that this is written for.\n", repository, dir)
			if strings.HasPrefix(dir, "testdata/several/") {
				b.WriteString(severalFiles(t, dir))
				continue
			}
			b.WriteString("\n" + choiceTable(t, dir))
			b.WriteString("\n```dockerfile\n" + read(t, dockerfileOf(t, dir)) + "```\n")
		}
		out["docs/cookbook/"+r.Page+".md"] = b.String()
		fmt.Fprintf(&index, "- [%s](%s.md)\n", r.Title, r.Page)
	}
	out["docs/cookbook/index.md"] = index.String()
	return out
}

// about is the sentence of an example.
func about(t *testing.T, dir string) string {
	t.Helper()
	name := dir + "/example.yaml"
	if strings.HasPrefix(dir, "testdata/several/") {
		name = dir + "/repository.yaml"
	}
	text := decode[struct{ About string }](t, name).About
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// explained is a choice of an explain.txt.
type explained struct{ key, value, rule string }

func choicesOf(t *testing.T, dir string) []explained {
	t.Helper()
	var out []explained
	for line := range strings.Lines(read(t, dir+"/want/explain.txt")) {
		line = strings.TrimSuffix(line, "\n")
		rule, indented := strings.CutPrefix(line, "    ")
		switch {
		case indented && len(out) > 0 && out[len(out)-1].rule == "":
			out[len(out)-1].rule = rule
		case !indented:
			key, value, _ := strings.Cut(line, ": ")
			out = append(out, explained{key: key, value: value})
		}
	}
	return slices.DeleteFunc(out, func(e explained) bool { return strings.HasPrefix(e.key, "note") || strings.HasPrefix(e.key, "hint") })
}

// choiceTable shows the choices of an example, each with a link to its entry.
func choiceTable(t *testing.T, dir string) string {
	t.Helper()
	var rows [][]string
	for _, c := range choicesOf(t, dir) {
		rows = append(rows, []string{"[" + c.key + "](../choices.md#" + entryOf(t, c.key) + ")", quoted([]string{c.value}), strings.ReplaceAll(c.rule, "|", `\|`)})
	}
	return table([]string{"choice", "value", "why"}, rows)
}

// dockerfileOf is the file that dockgen writes for an example where nobody asks for another runtime.
func dockerfileOf(t *testing.T, dir string) string {
	t.Helper()
	list := choicesOf(t, dir)
	i := slices.IndexFunc(list, func(c explained) bool { return c.key == "runtime" })
	if i < 0 {
		t.Fatalf("%s has no choice runtime", dir)
	}
	return dir + "/want/" + list[i].value + "/Dockerfile"
}

// severalFiles shows what is written for a repository of several apps.
func severalFiles(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(dir), "want", "docker-bake.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(filepath.Join(root, filepath.FromSlash(dir), "want"), func(file string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() == "Dockerfile" {
			names = append(names, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range names {
		rel, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.ToSlash(rel)
		language := "dockerfile"
		if path.Ext(name) == ".hcl" {
			language = "hcl"
		}
		fmt.Fprintf(&b, "\n`%s`:\n\n```%s\n%s```\n", strings.TrimPrefix(name, dir+"/want/"), language, read(t, name))
	}
	return b.String()
}
