package merge_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/merge"
)

// FuzzMerge: whatever the three files are, nothing panics, what the user wrote
// is still there, the result parses, and merging again changes nothing.
func FuzzMerge(f *testing.F) {
	later := plain()
	later.version, later.port, later.health, later.migrate, later.test = "26", 8080, true, true, false
	old, now := plain().dockerfile(), later.dockerfile()
	for _, ours := range []string{
		old,
		edit(f, old, " AS prod\n", " AS prod\nENV TZ=Europe/Lisbon\n"),
		edit(f, old, "# prod has", "FROM scratch AS mine\n\n# prod has"),
		edit(f, old, "FROM gcr.io", "FROM scratch AS mine\n\nFROM gcr.io"),
		edit(f, old, "EXPOSE 3000\n", ""),
		edit(f, old, testStage, "", "# prod has", testStage+"# prod has"),
		edit(f, old, "AS build\n", "AS builder\nONBUILD RUN <<A cat <<-'B'\na\nA\n\tb\n\tB\n"),
		strings.ReplaceAll(old, "\n", "\r\n"),
		"# escape=`\n" + old,
		strings.TrimSuffix(old, "\n") + " \\",
	} {
		f.Add(old, ours, now, false)
		f.Add(now, ours, old, false)
	}
	f.Add(old, old+"\\\n\n\\\n", now, false)
	f.Add("FROM a\n", "FROM a\nRUN x \\\n# y\n\n z", "FROM b AS a\nFROM a\n", false)
	f.Add("FROM a AS x\nFROM b AS x\n", "from B as X\nfrom a as x\n", "FROM c AS x\n", false)
	f.Add("#a\n#b\nFROM a\n", "#b\n\n#a\nFROM a\nFROM a\n#a\n", "# syntax=b\n#b\n#a\nFROM c\n", false)
	f.Add("", "*.log\n", plain().ignore(), true)
	f.Add(plain().ignore(), plain().ignore()+"*.log\n", later.ignore(), true)
	f.Add("a\n\nb\n", "b\n\n\na", "\na\r\nc", true)

	f.Fuzz(func(t *testing.T, old, ours, now string, ignore bool) {
		kind := merge.Dockerfile
		if ignore {
			kind = merge.Ignore
		}
		base, err := merge.Fingerprint(kind, []byte(old))
		if err != nil {
			return
		}
		if _, err := base.Check(); err != nil {
			t.Fatal(err)
		}
		next, err := merge.Fingerprint(kind, []byte(now))
		if err != nil {
			return
		}
		got, err := merge.Merge(kind, base, []byte(ours), []byte(now))
		if err != nil {
			var fe *fact.Error
			if !errors.As(err, &fe) {
				t.Fatalf("%v is not a *fact.Error", err)
			}
			return
		}
		if _, err := merge.Fingerprint(kind, got.Text); err != nil {
			t.Fatalf("%v in:\n%s", err, got.Text)
		}
		for _, c := range got.Conflicts {
			if c.Line < 1 || c.Line > strings.Count(string(got.Text), "\n")+1 || c.Why == "" {
				t.Errorf("conflict %+v", c)
			}
		}
		lost(t, kind, old, ours, got)
		again, err := merge.Merge(kind, got.Base, got.Text, []byte(now))
		if err != nil || string(again.Text) != string(got.Text) || len(again.Conflicts) > 0 {
			t.Errorf("merging again: %v, %v\n%s", err, again.Conflicts, again.Text)
		}
		// And back, with what the lock remembers now.
		if back, err := merge.Merge(kind, got.Base, got.Text, []byte(old)); err != nil {
			t.Errorf("back: %v", err)
		} else {
			lost(t, kind, now, string(got.Text), back)
		}
		// Left alone, a file as dockgen writes it becomes what it generates now.
		if !strings.HasSuffix(old, "\n") {
			return
		}
		left, err := merge.Merge(kind, base, []byte(old), []byte(now))
		if err != nil {
			t.Fatal(err)
		}
		if fp, err := merge.Fingerprint(kind, left.Text); err != nil || strings.Join(fp, "\n") != strings.Join(next, "\n") || len(left.Conflicts) > 0 {
			t.Errorf("left alone it became, with conflicts %v, %v:\n%s", left.Conflicts, err, left.Text)
		}
	})
}

// lost fails the test where a unit that the user has more often than the base,
// which makes it theirs, is gone. Of an instruction that was merged by words, it is what the user
// has more often of these.
func lost(t *testing.T, kind merge.Kind, base, ours string, got merge.Result) {
	t.Helper()
	if at, err := got.Base.Check(); err != nil {
		t.Errorf("row %d: %v", at, err)
	}
	missing := func(of func(text string) []string) (out []string) {
		count := map[string]int{}
		for _, text := range []string{string(got.Text), base} {
			for _, u := range of(text) {
				count[u]++
			}
		}
		for _, u := range of(ours) {
			if count[u]--; count[u] < 0 {
				out = append(out, u)
			}
		}
		return out
	}
	words := missing(strings.Fields)
	for _, u := range missing(func(text string) []string { return parsedUnits(t, kind, text) }) {
		if kind == merge.Ignore || strings.HasPrefix(strings.TrimSpace(u), "#") || len(words) > 0 {
			t.Errorf("the user's %q is lost, of it %q, in:\n%s\nconflicts: %v", u, words, got.Text, got.Conflicts)
		}
	}
}

// parsedUnits is units without blank lines, line endings and byte order mark.
func parsedUnits(t testing.TB, kind merge.Kind, text string) []string {
	var out []string
	if strings.TrimSpace(text) == "" {
		return nil
	}
	text = strings.TrimPrefix(text, "\xef\xbb\xbf")
	for _, u := range units(t, kind, text) {
		if u = strings.TrimRight(regexp.MustCompile(`\r+\n`).ReplaceAllString(u, "\n"), "\r\n"); strings.TrimSpace(u) != "" {
			out = append(out, u)
		}
	}
	return out
}
