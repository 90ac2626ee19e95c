package merge_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/internal/merge"
)

// user edits a file the way people do, and knows which lines are theirs.
type user struct {
	r     *rand.Rand
	kind  merge.Kind
	added map[string]bool // lines that only they wrote, each once in the file
	words []string        // what they wrote into a line of dockgen's, which may change the rest of it
	n     int
	base  merge.Base // of what dockgen generated last
}

// units splits a text at the places where a line can be added: not inside an
// instruction.
func units(t testing.TB, kind merge.Kind, text string) []string {
	t.Helper()
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if kind == merge.Ignore {
		return lines
	}
	res, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	end := map[int]int{}
	for _, n := range res.AST.Children {
		end[n.StartLine] = n.EndLine
	}
	var out []string
	for i := 0; i < len(lines); {
		to := max(i+1, end[i+1])
		out = append(out, strings.Join(lines[i:to], ""))
		i = to
	}
	return out
}

// edit makes one edit.
func (u *user) edit(t testing.TB, text string) string {
	t.Helper()
	list := units(t, u.kind, text)
	u.n++
	own := func(format string, args ...any) string {
		s := fmt.Sprintf(format, args...)
		for l := range strings.Lines(s) {
			if l = strings.TrimSpace(l); l != "" {
				u.added[l] = true
			}
		}
		return s
	}
	theirs := func(i int) bool { // nothing of the user's in it
		for l := range strings.Lines(list[i]) {
			if u.added[strings.TrimSpace(l)] {
				return false
			}
		}
		return strings.TrimSpace(list[i]) != "" && !slices.ContainsFunc(u.words, func(w string) bool { return strings.Contains(list[i], w) })
	}
	from := func(i int) bool { return strings.HasPrefix(list[i], "FROM") }
	i := u.r.IntN(len(list))
	switch u.r.IntN(8) {
	case 0, 1: // a line
		if u.kind == merge.Ignore {
			return strings.Join(slices.Insert(list, i+u.r.IntN(2), own("user-%d\n", u.n)), "")
		}
		for k := range list { // behind a FROM
			if j := (i + k) % len(list); j > 0 && slices.ContainsFunc(list[:j], func(s string) bool { return strings.HasPrefix(s, "FROM") }) {
				return strings.Join(slices.Insert(list, j, own("# note %d\n", u.n)+own("ENV USER_%d=1\n", u.n)), "")
			}
		}
	case 2: // a line changed
		for k := range list {
			j := (i + k) % len(list)
			if !theirs(j) || from(j) || u.kind == merge.Dockerfile && !strings.HasPrefix(list[j], "RUN") && !strings.HasPrefix(list[j], "#") && !strings.HasPrefix(list[j], "COPY") {
				continue
			}
			if u.kind == merge.Ignore || strings.HasPrefix(list[j], "#") {
				list[j] = own("%s/%d\n", strings.TrimSpace(list[j]), u.n)
			} else if word, rest, ok := strings.Cut(list[j], " "); ok && !strings.Contains(rest, "\n ") && !strings.Contains(rest, "<<") && word == "RUN" {
				u.words = append(u.words, fmt.Sprintf("RUN true %d && ", u.n))
				list[j] = u.words[len(u.words)-1] + rest
			} else if ok && word == "RUN" && strings.Contains(rest, " \\\n") {
				head, tail, _ := strings.Cut(list[j], "\\\n")
				list[j] = head + "\\\n" + own("  true user-%d && \\\n", u.n) + tail
			} else {
				continue
			}
			return strings.Join(list, "")
		}
	case 3: // a line taken out
		for k := range list {
			if j := (i + k) % len(list); theirs(j) && !from(j) {
				return strings.Join(slices.Delete(list, j, j+1), "")
			}
		}
	case 4: // a line moved by one
		if i+1 < len(list) && !from(i) && !from(i+1) && !strings.HasPrefix(list[i], "#") && !strings.HasPrefix(list[i+1], "#") {
			list[i], list[i+1] = list[i+1], list[i]
			return strings.Join(list, "")
		}
	case 5: // a stage of their own
		if u.kind == merge.Dockerfile {
			for k := range list {
				if j := (i + k) % len(list); from(j) {
					return strings.Join(slices.Insert(list, j, own("FROM scratch AS user-%d\n", u.n)+own("LABEL user=%d\n\n", u.n)), "")
				}
			}
		}
	case 6: // the end
		return text + own("\n# user end %d\n", u.n)
	case 7: // blank lines
		return strings.Join(slices.Insert(list, i, "\n"), "")
	}
	return text
}

// keeps fails the test where a line of the user's is not in text exactly once.
func (u *user) keeps(t testing.TB, text string) {
	t.Helper()
	count := map[string]int{}
	for l := range strings.Lines(text) {
		count[strings.TrimSpace(l)]++
	}
	for l := range u.added {
		if count[l] != 1 {
			t.Errorf("the user's line %q is there %d times", l, count[l])
		}
	}
	for _, w := range u.words {
		if strings.Count(text, w) != 1 {
			t.Errorf("the user's words %q are there %d times", w, strings.Count(text, w))
		}
	}
}

// TestRounds: an edit of the user's, then a change of the repository, over
// and over.
func TestRounds(t *testing.T) {
	const files, rounds = 125, 8
	for _, kind := range []merge.Kind{merge.Dockerfile, merge.Ignore} {
		t.Run(kind.File(), func(t *testing.T) {
			made, conflicts := 0, 0
			for seed := range uint64(files) {
				r := rand.New(rand.NewPCG(seed, 1))
				u := &user{r: r, kind: kind, added: map[string]bool{}}
				now := plain().next(r).next(r)
				render := now.dockerfile
				if kind == merge.Ignore {
					render = now.ignore
				}
				gen := render()
				text := gen
				for range rounds {
					for range 1 + r.IntN(2) {
						text = u.edit(t, text)
					}
					now = now.next(r)
					next := now.dockerfile()
					if kind == merge.Ignore {
						next = now.ignore()
					}
					var n int
					text, n = u.round(t, gen, text, next)
					made++
					conflicts += n
					gen = next
				}
			}
			t.Logf("%d rounds, %d conflicts", made, conflicts)
		})
	}
}

// TestOnlyAdditions: where the user only added lines, the rest is what
// dockgen generates now, and nothing is in conflict.
func TestOnlyAdditions(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		was := plain().next(r).next(r)
		now := was.next(r).next(r)
		gen, next := was.dockerfile(), now.dockerfile()
		list := units(t, merge.Dockerfile, gen)
		first := slices.IndexFunc(list, func(s string) bool { return strings.HasPrefix(s, "FROM") })
		for n := range 3 {
			list = slices.Insert(list, first+1+r.IntN(len(list)-first), fmt.Sprintf("# user %d\nLABEL user.%d=1\n", n, n))
		}
		ours := strings.Join(list, "")
		got, err := merge.Merge(merge.Dockerfile, mustFingerprint(t, merge.Dockerfile, gen), []byte(ours), []byte(next))
		if err != nil {
			t.Fatal(err)
		}
		stagesKept := 0
		for _, c := range got.Conflicts {
			if strings.Contains(c.Why, "this stage") {
				stagesKept++
			} else {
				t.Errorf("seed %d: %d: %s", seed, c.Line, c.Why)
			}
		}
		var rest []string
		for l := range strings.Lines(string(got.Text)) {
			if !strings.Contains(l, "user") && strings.TrimSpace(l) != "" {
				rest = append(rest, l)
			}
		}
		var want []string
		for l := range strings.Lines(next) {
			if strings.TrimSpace(l) != "" {
				want = append(want, l)
			}
		}
		if stagesKept == 0 && !slices.Equal(rest, want) || t.Failed() {
			t.Fatalf("seed %d: the rest is not what dockgen generates\n--- generated\n%s\n--- the user's\n%s\n--- generated next\n%s\n--- merged\n%s", seed, gen, ours, next, got.Text)
		}
	}
}

// TestUntouched: a file that the user left alone becomes dockgen's, and one
// that dockgen left alone stays the user's.
func TestUntouched(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 3))
		was := plain().next(r).next(r)
		now := was.next(r).next(r)
		for kind, pair := range map[merge.Kind][2]string{
			merge.Dockerfile: {was.dockerfile(), now.dockerfile()},
			merge.Ignore:     {was.ignore(), now.ignore()},
		} {
			got, err := merge.Merge(kind, mustFingerprint(t, kind, pair[0]), []byte(pair[0]), []byte(pair[1]))
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Text) != pair[1] || len(got.Conflicts) > 0 {
				t.Fatalf("seed %d: not dockgen's: %v\n--- was\n%s\n--- is\n%s\n--- merged\n%s", seed, got.Conflicts, pair[0], pair[1], got.Text)
			}
		}
	}
}

func BenchmarkMerge(b *testing.B) {
	later := plain()
	later.version, later.port = "26", 8080
	old := plain().dockerfile()
	base := mustFingerprint(b, merge.Dockerfile, old)
	ours, theirs := []byte(old+"# the end\n"), []byte(later.dockerfile())
	for b.Loop() {
		if _, err := merge.Merge(merge.Dockerfile, base, ours, theirs); err != nil {
			b.Fatal(err)
		}
	}
}
