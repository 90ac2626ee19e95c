package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
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
