package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

func recorder(color colorMode, terminal bool) (u *ui, out, err *bytes.Buffer) {
	out, err = &bytes.Buffer{}, &bytes.Buffer{}
	return &ui{streams: streams{out: out, err: err, terminal: func(io.Writer) bool { return terminal }}, color: color}, out, err
}

const nasty = "a\x1b[31m\x07b\u009b2Jc\u202ed\ne\x7f"

func TestNoControlCharacters(t *testing.T) {
	t.Parallel()
	u, out, errs := recorder(colorNever, true)
	u.say(nasty[:1], "%s", nasty)
	u.note(nasty, nasty)
	u.fail(&hintError{errors.New(nasty), nasty})
	u.diff("+" + nasty + "\n-x\ty\n")
	for _, s := range []string{out.String(), errs.String()} {
		if strings.ContainsAny(s, "\x1b\x07\u009b\u202e\x7f") {
			t.Errorf("%q", s)
		}
	}
	if !strings.Contains(out.String(), "x\ty") {
		t.Errorf("a tab is lost: %q", out)
	}
}

func TestDiffForAPipe(t *testing.T) {
	t.Parallel()
	u, out, _ := recorder(colorAuto, false)
	u.diff(nasty)
	if out.String() != nasty {
		t.Errorf("%q", out)
	}
}

func TestJSONEscapes(t *testing.T) {
	t.Parallel()
	u, out, _ := recorder(colorAuto, true)
	want := nasty + "<é\U000e0001"
	if err := u.json(want); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\x07\u009b\u202e\x7f\U000e0001") {
		t.Errorf("%q", out)
	}
	var got string
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got != want {
		t.Errorf("got %q, want %q, %v", got, want, err)
	}
}

func TestColor(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		mode     colorMode
		terminal bool
		want     bool
	}{
		{colorAuto, true, true},
		{colorAuto, false, false},
		{colorAlways, false, true},
		{colorNever, true, false},
	} {
		u, out, errs := recorder(tt.mode, tt.terminal)
		u.say("x", "y")
		u.diff("+x\n")
		for _, s := range []string{out.String(), errs.String()} {
			if got := strings.Contains(s, "\x1b["); got != tt.want {
				t.Errorf("%s, terminal %v: %q", tt.mode, tt.terminal, s)
			}
		}
	}
}

// TestColored: a flag counts most, then NO_COLOR, then what forces colours, then the terminal.
func TestColored(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		color    colorMode
		terminal bool
		env      string
		want     bool
	}{
		{colorAuto, true, "", true},
		{colorAuto, false, "", false},
		{colorNever, true, "FORCE_COLOR=1", false},
		{colorAlways, false, "NO_COLOR=1", true},
		{colorAuto, true, "NO_COLOR=1", false},
		{colorAuto, false, "CLICOLOR_FORCE=1", true},
		{colorAuto, false, "CLICOLOR_FORCE=0", false},
		{colorAuto, false, "FORCE_COLOR=3", true},
		{colorAuto, false, "FORCE_COLOR=false", false},
		{colorAuto, false, "FORCE_COLOR=1 NO_COLOR=1", false},
		{colorAuto, true, "CLICOLOR=0", false},
		{colorAuto, true, "CLICOLOR=0 CLICOLOR_FORCE=1", true},
		{colorAuto, true, "TERM=dumb", false},
	} {
		u, out, _ := recorder(tt.color, tt.terminal)
		u.env = func(name string) string {
			for pair := range strings.FieldsSeq(tt.env) {
				if key, value, _ := strings.Cut(pair, "="); key == name {
					return value
				}
			}
			return ""
		}
		if got := u.paint(out, red, "x") != "x"; got != tt.want {
			t.Errorf("--color %s, terminal %v, %s: got %v", tt.color, tt.terminal, tt.env, got)
		}
	}
}

// TestWrap: no line is wider than the terminal, no word is lost, and lines that go on stand below what they continue.
func TestWrap(t *testing.T) {
	t.Parallel()
	u, out, errs := recorder(colorNever, true)
	u.width = func(io.Writer) int { return 40 }
	u.say("chose", "%-8s  %s", "runtime", "distroless (the first runtime of profile default that can run this app)")
	want := "chose runtime   distroless (the first\n                runtime of profile\n                default that can run\n                this app)\n"
	if errs.String() != want {
		t.Errorf("got\n%s\nwant\n%s", errs, want)
	}
	u.table([][]string{{"default", "small images that are easy to look into when something is wrong"}, {"x", "y"}})
	want = "default  small images that are easy to\n         look into when something is\n         wrong\nx        y\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
	errs.Reset()
	u.note("x", "dockgen update --theirs services/api/Dockerfile:46 is a command to be copied")
	if !strings.Contains(errs.String(), "--theirs services/api/Dockerfile:46 is a command to be copied\n") {
		t.Errorf("a hint is broken: %q", errs)
	}
	for _, text := range []string{"", " ", "a", "aaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbb c", "ä ö ü  ß"} {
		for wide := range 30 {
			got := wrap(text, 3, 5, wide)
			if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(text), " ") {
				t.Errorf("%q in %d columns: %q", text, wide, got)
			}
		}
	}
}

// TestLife: a terminal is told that the work goes on, and nothing of that is left when it is done.
func TestLife(t *testing.T) {
	t.Parallel()
	var l life
	var b bytes.Buffer
	l.w = &b
	l.clear()
	l.beat()
	l.beat()
	l.clear()
	l.clear()
	if got, want := b.String(), "\r\x1b[Kreading the repository, 1 s\r\x1b[Kreading the repository, 2 s\r\x1b[K"; got != want {
		t.Errorf("got %q", got)
	}
	beats := make(chan struct{}, 100)
	stop := l.start(writerFunc(func(p []byte) (int, error) {
		select {
		case beats <- struct{}{}:
		default:
		}
		return len(p), nil
	}), 1)
	<-beats
	stop()
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestHelpWidth: help fits into 80 columns, and into 60 where the terminal has no more.
func TestHelpWidth(t *testing.T) {
	for _, wide := range []int{60, 80} {
		for _, name := range []string{"", "init", "update", "check", "explain", "profiles", "schema", "version"} {
			var out bytes.Buffer
			run(t.Context(), append(strings.Fields(name), "--help"), streams{out: &out, err: &out, terminal: func(io.Writer) bool { return false }, width: func(io.Writer) int { return wide }})
			for line := range strings.Lines(out.String()) {
				if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > wide && !strings.HasPrefix(line, "  dockgen ") {
					t.Errorf("%s --help in %d columns: %d: %s", name, wide, n, line)
				}
			}
		}
	}
}
