package fact

import (
	"errors"
	"io/fs"
	"testing"
)

func TestPosString(t *testing.T) {
	for _, tt := range []struct {
		pos  Pos
		want string
	}{
		{Pos{}, ""},
		{At("go.mod", 0), "go.mod"},
		{At("a/go.mod", 3), "a/go.mod:3"},
	} {
		if got := tt.pos.String(); got != tt.want {
			t.Errorf("%#v: got %q, want %q", tt.pos, got, tt.want)
		}
	}
}

func TestErrorUnwrapsAndNamesThePlace(t *testing.T) {
	err := Errorf(At("pom.xml", 7), "not readable: %w", fs.ErrPermission).WithHint("run %s", "chmod")
	if got, want := err.Error(), "pom.xml:7: not readable: permission denied"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !errors.Is(err, fs.ErrPermission) {
		t.Error("does not unwrap to its cause")
	}
	if err.Hint != "run chmod" {
		t.Errorf("hint: got %q", err.Hint)
	}
}
