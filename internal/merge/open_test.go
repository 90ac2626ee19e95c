package merge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/internal/merge"
)

// settleFrom is a file of two stages, in which the user changed a few lines.
const settleFrom = "FROM a:1 AS base\nWORKDIR /app\n\n# the tests\nFROM base AS test\nRUN test\n\nFROM base AS prod\nCOPY --from=test /a ./\nCOPY --from=test /b ./\nEXPOSE 80\nCMD [\"x\", \"80\"]\n"

// TestStanding: a conflict is there in every later merge, until the user edits the place or dockgen writes something else; Take settles it.
func TestStanding(t *testing.T) {
	for name, tt := range map[string]struct {
		ours, theirs []string   // replacements in settleFrom
		conflict     string     // line: the two sides
		edits        [][]string // replacements in the user's file which settle it
		later        [][]string // replacements in dockgen's file which settle it
		taken        []string   // replacements in what the merge made
	}{
		"both changed a line": {
			[]string{`"80"]`, `"81"]`},
			[]string{`"80"]`, `"90"]`},
			`12: CMD ["x", "81"] | CMD ["x", "90"]`,
			[][]string{{`"81"]`, `"82"]`}, {`CMD ["x", "81"]` + "\n", ""}},
			[][]string{{`"90"]`, `"81"]`}, {`"90"]`, `"80"]`}},
			[]string{`"81"]`, `"90"]`},
		},
		"deleted and changed": {
			[]string{"EXPOSE 80\n", ""},
			[]string{"EXPOSE 80\n", "EXPOSE 90\n"},
			"11:  | EXPOSE 90",
			[][]string{{"CMD", "EXPOSE 70\nCMD"}, {"CMD", "EXPOSE 90\nCMD"}},
			[][]string{{"EXPOSE 90\n", ""}, {"EXPOSE 90\n", "EXPOSE 80\n"}},
			[]string{"CMD", "EXPOSE 90\nCMD"},
		},
		"deleted and changed, one of several of its name": {
			[]string{"COPY --from=test /b ./\n", ""},
			[]string{"COPY --from=test /b ./\n", "COPY --link --from=test /b ./\n"},
			"10:  | COPY --link --from=test /b ./",
			[][]string{{"EXPOSE", "COPY --from=test /c ./\nEXPOSE"}, {"EXPOSE", "COPY --link --from=test /b ./\nEXPOSE"}},
			[][]string{{"COPY --link --from=test /b ./\n", ""}, {"--link ", ""}},
			[]string{"EXPOSE", "COPY --link --from=test /b ./\nEXPOSE"},
		},
		"deleted and changed, beside others of the user's of its name": {
			[]string{"COPY --from=test /a ./\n", "COPY --from=test /m ./\nCOPY --from=test /n ./\nCOPY --from=test /a ./\n", "COPY --from=test /b ./\n", ""},
			[]string{"COPY --from=test /b ./\n", "COPY --link --from=test /b ./\n"},
			"12:  | COPY --link --from=test /b ./",
			[][]string{{"EXPOSE", "COPY --from=test /c ./\nEXPOSE"}, {"EXPOSE", "COPY --link --from=test /b ./\nEXPOSE"}},
			[][]string{{"COPY --link --from=test /b ./\n", ""}, {"--link ", ""}},
			[]string{"EXPOSE", "COPY --link --from=test /b ./\nEXPOSE"},
		},
		"both changed a line, which the user has twice": {
			[]string{"RUN test\n", "RUN mine\nRUN x\nRUN mine\n"},
			[]string{"RUN test\n", "RUN other\n"},
			"6: RUN mine | RUN other",
			[][]string{{"RUN mine\nRUN x\n", "RUN x\n"}, {"RUN mine\nRUN x\n", "RUN yours\nRUN x\n"}},
			[][]string{{"RUN other", "RUN mine"}},
			[]string{"RUN mine\nRUN x\n", "RUN other\nRUN x\n"},
		},
		"changed and dropped": {
			[]string{"EXPOSE 80", "EXPOSE 81"},
			[]string{"EXPOSE 80\n", ""},
			"11: EXPOSE 81 | ",
			[][]string{{"EXPOSE 81", "EXPOSE 82"}, {"EXPOSE 81\n", ""}},
			[][]string{{"CMD", "EXPOSE 81\nCMD"}},
			[]string{"EXPOSE 81\n", ""},
		},
		"a stage that dockgen dropped": {
			[]string{"RUN test", "RUN test -v"},
			[]string{"# the tests\nFROM base AS test\nRUN test\n\n", ""},
			"5: FROM base AS test | ",
			[][]string{{"-v", "-vv"}, {"# the tests\nFROM base AS test\nRUN test -v\n\n", ""}},
			nil,
			[]string{"# the tests\nFROM base AS test\nRUN test -v\n\n", ""},
		},
		"a stage that the user took out": {
			[]string{"# the tests\nFROM base AS test\nRUN test\n\n", ""},
			[]string{"RUN test", "RUN test -v"},
			"3:  | # the tests FROM base AS test RUN test -v",
			[][]string{{"FROM base AS prod", "FROM base AS test\nRUN mine\n\nFROM base AS prod"}},
			[][]string{{"-v", "-vv"}},
			[]string{"\nFROM base AS prod", "\n# the tests\nFROM base AS test\nRUN test -v\n\nFROM base AS prod"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := edit(t, settleFrom, tt.ours...), edit(t, settleFrom, tt.theirs...)
			got, err := merge.Merge(merge.Dockerfile, mustFingerprint(t, merge.Dockerfile, settleFrom), []byte(ours), []byte(theirs))
			if err != nil {
				t.Fatal(err)
			}
			var open []merge.Open
			for _, c := range got.Conflicts {
				open = append(open, c.Open())
				if err := c.Open().Check(); err != nil {
					t.Error(err)
				}
			}
			again := func(text, theirs string) (string, []merge.Conflict) {
				t.Helper()
				next, err := merge.Merge(merge.Dockerfile, got.Base, []byte(text), []byte(theirs))
				if err != nil {
					t.Fatal(err)
				}
				list, err := merge.Standing(merge.Dockerfile, open, next, []byte(theirs))
				if err != nil {
					t.Fatal(err)
				}
				var out []string
				for _, c := range list {
					out = append(out, fmt.Sprintf("%d: %s | %s", c.Line, c.Ours, strings.ReplaceAll(c.Theirs, "\n", " ")))
				}
				return strings.Join(out, "\n"), list
			}
			said, list := again(string(got.Text), theirs)
			if said != tt.conflict {
				t.Errorf("got %q, want %q", said, tt.conflict)
			}
			if said, _ := again("# one line more\n"+string(got.Text), theirs); said == "" {
				t.Error("a line elsewhere has settled it")
			}
			for _, e := range tt.edits {
				if said, _ := again(edit(t, string(got.Text), e...), theirs); said != "" {
					t.Errorf("%q in the user's file: open is %s", e, said)
				}
			}
			for _, e := range tt.later {
				said, _ := again(string(got.Text), edit(t, theirs, e...))
				if slices.Contains(strings.Split(said, "\n"), tt.conflict) {
					t.Errorf("%q in dockgen's: open is %s", e, said)
				}
			}
			taken, err := merge.Take(merge.Dockerfile, got.Text, []byte(theirs), list)
			if want := edit(t, string(got.Text), tt.taken...); err != nil || string(taken) != want {
				t.Errorf("taken: %v\n%s", err, taken)
			}
			if said, _ := again(string(taken), theirs); said != "" {
				t.Errorf("taken, and open is %s", said)
			}
		})
	}
}

// TestTakeWhole: a file that cannot be merged is taken as a whole, and with the user's line endings otherwise.
func TestTakeWhole(t *testing.T) {
	theirs := edit(t, settleFrom, "80\"]", "90\"]")
	ours := "# escape=`\n" + edit(t, settleFrom, "80\"]", "81\"]")
	got, err := merge.Merge(merge.Dockerfile, mustFingerprint(t, merge.Dockerfile, settleFrom), []byte(ours), []byte(theirs))
	if err != nil || len(got.Conflicts) != 1 {
		t.Fatal(err, got.Conflicts)
	}
	if text, err := merge.Take(merge.Dockerfile, got.Text, []byte(theirs), got.Conflicts); err != nil || string(text) != theirs {
		t.Errorf("%v\n%s", err, text)
	}

	crlf := strings.ReplaceAll(edit(t, settleFrom, "80\"]", "81\"]"), "\n", "\r\n")
	if got, err = merge.Merge(merge.Dockerfile, mustFingerprint(t, merge.Dockerfile, settleFrom), []byte(crlf), []byte(theirs)); err != nil {
		t.Fatal(err)
	}
	text, err := merge.Take(merge.Dockerfile, got.Text, []byte(theirs), got.Conflicts)
	if err != nil || string(text) != strings.ReplaceAll(theirs, "\n", "\r\n") {
		t.Errorf("%v\n%q", err, text)
	}
}

// TestStandingTwo: of two conflicts about lines of one kind that the user took out, the line that comes back settles its own alone, also
// when that one is forgotten.
func TestStandingTwo(t *testing.T) {
	const a, b = "COPY --from=test /a ./\n", "COPY --from=test /b ./\n"
	ours := edit(t, settleFrom, a, "", b, "")
	theirs := edit(t, settleFrom, a, "COPY --link --from=test /a ./\n", b, "COPY --link --from=test /b ./\n")
	got, err := merge.Merge(merge.Dockerfile, mustFingerprint(t, merge.Dockerfile, settleFrom), []byte(ours), []byte(theirs))
	if err != nil || len(got.Conflicts) != 2 {
		t.Fatal(err, got.Conflicts)
	}
	var first []merge.Open
	for _, c := range got.Conflicts {
		first = append(first, c.Open())
	}
	for _, tt := range []struct{ back, want string }{
		{"COPY --link --from=test /a ./\n", "COPY --link --from=test /b ./"},
		{"COPY --link --from=test /b ./\n", "COPY --link --from=test /a ./"},
		{a, "COPY --link --from=test /b ./"},
		{b, "COPY --link --from=test /a ./"},
		{"COPY --link --from=test /a ./\nCOPY --link --from=test /b ./\n", ""},
		{"COPY --from=test /c ./\n", ""},
	} {
		text, open := edit(t, string(got.Text), "EXPOSE", tt.back+"EXPOSE"), first
		for round := range 3 {
			next, err := merge.Merge(merge.Dockerfile, got.Base, []byte(text), []byte(theirs))
			if err != nil {
				t.Fatal(err)
			}
			list, err := merge.Standing(merge.Dockerfile, open, next, []byte(theirs))
			if err != nil {
				t.Fatal(err)
			}
			open = nil
			var said []string
			for _, c := range list {
				open, said = append(open, c.Open()), append(said, c.Theirs)
			}
			if s := strings.Join(said, "\n"); s != tt.want {
				t.Errorf("%q back, round %d: open is %q, want %q", tt.back, round, s, tt.want)
			}
		}
	}
}
