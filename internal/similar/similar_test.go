package similar

import (
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	names := []string{"init", "update", "check", "explain", "profiles", "version", "port", "go", "healthcheck"}
	for word, want := range map[string]string{
		"inti": "init", "updaet": "update", "chek": "check", "explian": "explain", "prot": "port", "PORT": "port", "prt": "port",
		"health": "healthcheck", "healtcheck": "healthcheck", "version": "", "ve": "version", "x": "", "": "", "deploy": "", "run": "", strings.Repeat("a", 1000): "",
	} {
		if got := Name(word, names); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
	if got := Hint("inti", names) + "yes"; got != "did you mean init? yes" {
		t.Errorf("got %q", got)
	}
}
