package lazy_test

import (
	"testing"

	"github.com/dockgen/dockgen/internal/lazy"
)

func TestMustCompile(t *testing.T) {
	r := lazy.MustCompile(`a(b+)`)
	if got := r.FindStringSubmatch("xabby"); len(got) != 2 || got[1] != "bb" {
		t.Errorf("got %q", got)
	}
	if r.MatchString("ac") || !r.Match([]byte("ab")) {
		t.Error("matches what it does not, or not what it does")
	}
}

// An expression that cannot be compiled ends the test of the package that has it.
func TestMustCompileAtOnce(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	lazy.MustCompile(`(`)
}
