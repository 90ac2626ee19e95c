package project_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/project"
)

// TestRounds: a user edits what dockgen wrote, the repository changes, update
// runs, over and over. If the user only added lines, the rest is what a fresh
// init writes, and nothing is in conflict but a stage that they added to and
// dockgen writes no more. Whatever they did, a second update changes nothing.
func TestRounds(t *testing.T) {
	t.Parallel()
	all, err := example.All(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	lives := 1 // of each example; CI goes over some 3,000 rounds
	if os.Getenv("CI") == "true" {
		lives = 10
	}
	for i, e := range all {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(lives) {
				rnd := rand.New(rand.NewPCG(uint64(i), seed))
				other, err := all[rnd.IntN(len(all))].Repository()
				if err != nil {
					t.Fatal(err)
				}
				live(t, e, other, rnd, seed%3 != 2)
			}
		})
	}
}

// live is the life of one repository.
func live(t *testing.T, e *example.Example, other example.Repository, rnd *rand.Rand, additions bool) {
	t.Helper()
	first, err := e.Repository()
	if err != nil {
		t.Fatal(err)
	}
	now := first.Clone()
	folder, dir := initialized(t, now)
	u := &user{rnd: rnd, dir: dir, additions: additions, added: map[string]bool{}}
	for range 7 {
		for range rnd.IntN(3) {
			u.edit(t)
		}
		next := now.Clone()
		switch rnd.IntN(5) {
		case 0: // the app becomes another, which has another name
			if m := other.Files["go.mod"]; m != nil && first.Files["go.mod"] != nil && bytes.Equal(firstLine(m.Data), firstLine(first.Files["go.mod"].Data)) {
				continue
			}
			if other.Stack == first.Stack && (replaced(first) || replaced(other)) {
				continue // what a user's Dockerfile said stays with an app of its language, whose code may only have moved
			}
			next.Files, next.Stack = maps.Clone(other.Files), other.Stack
		case 1: // and is again what it was
			next.Files, next.Stack = maps.Clone(first.Files), first.Stack
		default:
			for range 1 + rnd.IntN(2) {
				next.Change(rnd)
			}
		}
		fresh, ok := initFresh(t, next)
		if !ok {
			continue // refused: update is, too, and changes nothing
		}
		fill(t, dir, next)
		was := read(t, dir, "Dockerfile")
		c, err := folder.Update(t.Context(), request(t, now, next))
		if err != nil {
			t.Fatalf("update: %v (%v)", err, next.Set)
		}
		if err := folder.Write(c); err != nil {
			t.Fatal(err)
		}
		fault := u.look(t, c, fresh)
		if again := unsettled(t, folder, c.Conflicts...); again != "" {
			fault = again
		}
		if fault != "" {
			t.Fatalf("%s with %v\n%s\n--- was\n%s\n--- is\n%s\n--- fresh\n%s", next.Name, next.Set, fault, was, read(t, dir, "Dockerfile"), fresh["Dockerfile"])
		}
		now = next
	}
}

// replaced reports whether dockgen's Dockerfile took the place of a user's.
func replaced(r example.Repository) bool {
	for name := range r.Files {
		if strings.HasPrefix(name, detect.KeptAs) {
			return true
		}
	}
	return false
}

// firstLine is the first line of a file.
func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}

// request asks for what is asked for now and was not before, and forgets the
// rest.
func request(t *testing.T, was, now example.Repository) project.Request {
	t.Helper()
	key := func(s string) string {
		k, _, _ := strings.Cut(s, "=")
		return k
	}
	var req project.Request
	for _, s := range was.Set {
		if !slices.Contains(now.Set, s) {
			req.Forget = append(req.Forget, key(s))
		}
	}
	added := slices.DeleteFunc(slices.Clone(now.Set), func(s string) bool { return slices.Contains(was.Set, s) })
	req.Flags = flags(t, added...)
	return req
}

// fill makes the repository the content of dir, beside dockgen's own files.
func fill(t *testing.T, dir string, r example.Repository) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil || d.IsDir() || generated(filepath.Base(p)) && filepath.Dir(p) == dir:
			return err
		}
		return os.Remove(p)
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range r.Files {
		write(t, dir, name, string(f.Data))
	}
}

func generated(name string) bool {
	return slices.Contains([]string{"Dockerfile", ".dockerignore", "Dockerfile.dockerignore", "dockgen.lock"}, name)
}

// initFresh is what init writes for the repository, by file; ok is false if it
// is refused.
func initFresh(t *testing.T, r example.Repository) (files map[string]string, ok bool) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), r.Name)
	fill(t, dir, r)
	c, err := openFolder(t, dir).Init(t.Context(), project.Request{Flags: flags(t, r.Set...)}, false)
	if err != nil || c.Apps[0].Plan.Place != "" { // of several apps each has its own; update keeps the root's, or is refused
		return nil, false
	}
	files = map[string]string{}
	for _, e := range c.Edits {
		files[e.Path] = string(e.New)
	}
	return files, true
}

// user edits a Dockerfile as people do, and knows which lines are theirs.
type user struct {
	rnd       *rand.Rand
	dir       string
	additions bool // only adds lines
	added     map[string]bool
	n         int
}

// edit makes one edit, beside one of the instructions.
func (u *user) edit(t *testing.T) {
	t.Helper()
	u.n++
	text := read(t, u.dir, "Dockerfile")
	res, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(text, "\n")
	nodes := res.AST.Children
	x := nodes[u.rnd.IntN(len(nodes))]
	own := []string{
		fmt.Sprintf("# user %d\n", u.n),
		fmt.Sprintf("ENV USER_%d=1\n", u.n),
		fmt.Sprintf("LABEL user.%d=1\n", u.n),
		fmt.Sprintf("RUN true user %d\n", u.n),
	}[u.rnd.IntN(4)]
	first := slices.IndexFunc(nodes, func(n *parser.Node) bool { return strings.EqualFold(n.Value, "FROM") })
	at := max(x.EndLine, nodes[first].EndLine)
	switch {
	case u.additions || u.rnd.IntN(3) > 0:
		lines = slices.Insert(lines, at, own)
		u.added[strings.TrimSpace(own)] = true
	case strings.EqualFold(x.Value, "FROM") && len(lines[x.StartLine-1]) > 0 && u.rnd.IntN(2) == 0: // a stage renamed
		old, name, ok := strings.Cut(strings.TrimSuffix(lines[x.StartLine-1], "\n"), " AS ")
		if !ok || strings.Contains(strings.Join(lines, ""), "="+name) || strings.Contains(strings.Join(lines, ""), "FROM "+name+" ") {
			return
		}
		lines[x.StartLine-1] = old + " AS user-" + fmt.Sprint(u.n) + "\n"
	case x.StartLine == x.EndLine && !strings.EqualFold(x.Value, "FROM") && !strings.EqualFold(x.Value, "ARG"):
		if l := strings.TrimSpace(lines[x.StartLine-1]); u.added[l] {
			return
		}
		lines = slices.Delete(lines, x.StartLine-1, x.EndLine)
	}
	write(t, u.dir, "Dockerfile", strings.Join(lines, ""))
}

// look says what is wrong with the files after an update, "" for nothing.
func (u *user) look(t *testing.T, c *project.Change, fresh map[string]string) string {
	t.Helper()
	text := read(t, u.dir, "Dockerfile")
	for line := range u.added {
		if n := strings.Count("\n"+text, "\n"+line+"\n"); n != 1 {
			return fmt.Sprintf("the user's line %q is there %d times", line, n)
		}
	}
	if !u.additions {
		return ""
	}
	for _, x := range c.Conflicts {
		if !strings.Contains(x.Why, "dockgen no longer writes this stage") {
			return fmt.Sprintf("a needless conflict: %+v", x)
		}
	}
	want, got := stages(fresh["Dockerfile"]), stages(text)
	for _, name := range want {
		if !slices.Contains(got, name) {
			return fmt.Sprintf("the stage %q is missing", name)
		}
	}
	if len(got) > len(want) {
		return "" // they added to a stage that is theirs now
	}
	rest := func(text string) []string {
		var out []string
		for l := range strings.Lines(text) {
			if l = strings.TrimSpace(l); l != "" && !u.added[l] {
				out = append(out, l)
			}
		}
		return out
	}
	for name, want := range fresh {
		if name == "dockgen.lock" {
			continue
		}
		if diff := cmp.Diff(rest(want), rest(read(t, u.dir, name))); diff != "" {
			return name + " differs from a fresh init (-fresh +updated): " + diff
		}
	}
	return ""
}

// stages are the names of the stages.
func stages(text string) []string {
	var out []string
	for l := range strings.Lines(text) {
		if _, name, ok := strings.Cut(strings.TrimSpace(l), " AS "); ok && strings.HasPrefix(l, "FROM ") {
			out = append(out, name)
		}
	}
	return out
}
