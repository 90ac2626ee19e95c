package merge_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// generate returns dockgen's Dockerfile and .dockerignore.
func generate(r example.Repository) ([2][]byte, error) {
	var s settings.Settings
	if f := r.Files[settings.File]; f != nil {
		var err error
		if s, err = settings.Parse(settings.File, f.Data); err != nil {
			return [2][]byte{}, err
		}
	}
	for _, w := range r.Set {
		var err error
		if s, err = s.Set(w); err != nil {
			return [2][]byte{}, err
		}
	}
	repo, err := detect.Scan(context.Background(), r.Files, profiles.Languages())
	if err != nil {
		return [2][]byte{}, err
	}
	project, err := profiles.Decide(repo, profiles.Request{Name: r.Name, Settings: s})
	if err != nil {
		return [2][]byte{}, err
	}
	p := project.Apps[0]
	files, err := templates.Render(p)
	if err != nil {
		return [2][]byte{}, err
	}
	var out [2][]byte
	for _, f := range files {
		switch f.Name {
		case templates.Dockerfile:
			out[merge.Dockerfile] = f.Data
		case templates.Dockerignore:
			out[merge.Ignore] = f.Data
		}
	}
	return out, nil
}

// variants are what dockgen generates of the example as it changes: each with
// what it was a change of.
func variants(t testing.TB, e *example.Example, rnd *rand.Rand, n int) (files [][2][]byte) {
	t.Helper()
	first, err := e.Repository()
	if err != nil {
		t.Fatal(err)
	}
	repos := []example.Repository{first}
	for try := 0; try < 8*n && len(files) < n; try++ {
		r := repos[rnd.IntN(len(repos))].Clone()
		if try > 0 {
			for range 1 + rnd.IntN(2) {
				r.Change(rnd)
			}
		}
		made, err := generate(r)
		if err != nil {
			if try == 0 {
				t.Fatal(err)
			}
			continue // refused: then there is nothing to merge
		}
		if !slices.ContainsFunc(files, func(f [2][]byte) bool { return bytes.Equal(f[0], made[0]) && bytes.Equal(f[1], made[1]) }) {
			files, repos = append(files, made), append(repos, r)
		}
	}
	return files
}

// TestExamples: over every example, rounds of an edit of the user's and then a
// change of the repository. No line of the user's is lost, the result parses,
// and an update after the update changes nothing.
func TestExamples(t *testing.T) {
	all, err := example.All("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	rounds := 24 // CI goes over a thousand
	if os.Getenv("CI") == "true" {
		rounds = 1000
	}
	for i, e := range all {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(uint64(i), 4))
			pool := variants(t, e, rnd, 24)
			if len(pool) < 8 {
				t.Errorf("only %d variants", len(pool))
			}
			conflicts := 0
			for done := 0; done < rounds && !t.Failed(); {
				now := rnd.IntN(len(pool))
				users := [2]*user{}
				text := [2]string{}
				for kind := range users {
					users[kind] = &user{r: rnd, kind: merge.Kind(kind), added: map[string]bool{}}
					text[kind] = string(pool[now][kind])
				}
				for range 8 {
					next := rnd.IntN(len(pool))
					for kind, u := range users {
						text[kind] = u.edit(t, text[kind])
						var n int
						text[kind], n = u.round(t, string(pool[now][kind]), text[kind], string(pool[next][kind]))
						conflicts += n
					}
					now = next
					done++
				}
			}
			t.Logf("%d variants, %d rounds, %d conflicts", len(pool), rounds, conflicts)
		})
	}
}

// stands wants the conflicts to be open after an update that finds nothing to do, in the same lines; and none once dockgen's side is taken,
// where its lines fit.
func (u *user) stands(t testing.TB, got, again merge.Result, now string) {
	t.Helper()
	var open []merge.Open
	for _, c := range got.Conflicts {
		open = append(open, c.Open())
		if err := c.Open().Check(); err != nil {
			t.Error(err)
		}
	}
	list, err := merge.Standing(u.kind, open, again, []byte(now))
	if err != nil {
		t.Fatal(err)
	}
	key := func(list []merge.Conflict) (out []string) {
		for _, c := range list {
			if c.Ours == "" { // between which lines is a guess, if the user changed those around it
				c.Line = 0
			}
			out = append(out, fmt.Sprintf("%d %q %q %s", c.Line, c.Ours, c.Theirs, c.Why))
		}
		slices.Sort(out)
		return out
	}
	if was, is := key(got.Conflicts), key(list); !slices.Equal(was, is) {
		t.Errorf("the conflicts were\n%s\nand are\n%s", strings.Join(was, "\n"), strings.Join(is, "\n"))
	}
	taken, err := merge.Take(u.kind, got.Text, []byte(now), list)
	if err != nil || len(list) == 0 {
		return
	}
	if again, err = merge.Merge(u.kind, got.Base, taken, []byte(now)); err != nil {
		t.Fatal(err)
	}
	if list, err = merge.Standing(u.kind, open, again, []byte(now)); err != nil || len(list) > 0 {
		t.Errorf("dockgen's side was taken, and open are %s, %v:\n%s", strings.Join(key(list), "\n"), err, taken)
	}
}

// round merges and looks at what must always hold; it returns the result and
// the number of conflicts.
func (u *user) round(t testing.TB, was, ours, now string) (string, int) {
	t.Helper()
	if u.base == nil {
		u.base = mustFingerprint(t, u.kind, was)
	}
	got, err := merge.Merge(u.kind, u.base, []byte(ours), []byte(now))
	if err != nil {
		t.Fatal(err)
	}
	text := string(got.Text)
	for _, c := range got.Conflicts {
		if c.Line < 1 || c.Line > strings.Count(text, "\n")+1 {
			t.Errorf("line %d of a conflict is outside of the file", c.Line)
		}
		if c.Ours != "" && !strings.Contains(text, c.Ours) {
			t.Errorf("the conflict's text is not there: %q", c.Ours)
		}
		if c.Line == 1 && c.Theirs == now {
			t.Error("the file could not be merged at all")
		}
	}
	u.base = got.Base
	u.keeps(t, text)
	// This also parses the result.
	again, err := merge.Merge(u.kind, got.Base, got.Text, []byte(now))
	if err != nil || string(again.Text) != text || len(again.Conflicts) > 0 || !slices.Equal(again.Base, got.Base) {
		t.Errorf("merging again changes something: %v", err)
	}
	u.stands(t, got, again, now)
	if t.Failed() {
		t.Fatalf("--- generated\n%s\n--- the user's\n%s\n--- generated next\n%s\n--- merged\n%s", was, ours, now, text)
	}
	return text, len(got.Conflicts)
}
