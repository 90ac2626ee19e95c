package load

import "testing"

func TestNames(t *testing.T) {
	for in, want := range map[string]string{
		"net/http": "http", "github.com/gofiber/fiber/v3": "fiber", "gopkg.in/yaml.v3": "yaml", "github.com/a/go-b": "b",
	} {
		if got := Names(in)[0]; got != want {
			t.Errorf("Names(%q) starts with %q, want %q", in, got, want)
		}
	}
}
