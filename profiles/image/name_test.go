package image

import (
	"regexp"
	"strings"
	"testing"
)

// TestName holds names of folders and modules against the grammar of
// https://github.com/distribution/reference/blob/main/reference.go.
func TestName(t *testing.T) {
	grammar := regexp.MustCompile(`^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$`)
	for _, tt := range []struct{ in, want string }{
		{"shop", "shop"},
		{"github.com/Acme/Shop", "shop"},
		{"my..app", "my-app"},
		{"app_-x", "app-x"},
		{"a.b_c__d-e---f", "a.b_c__d-e---f"},
		{"my api", "my-api"},
		{"Y_z", "y_z"},
		{"../..", "app"},
		{"@scope/pkg", "pkg"},
		{"a\nb", "a-b"},
		{"_x.", "x"},
		{"été", "t"},
		{"...", "app"},
		{"", "app"},
		{strings.Repeat("a", 59) + "-b", strings.Repeat("a", 59)},
	} {
		got := Name(tt.in)
		if got != tt.want || !grammar.MatchString(got) {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
	for _, tt := range []struct {
		want       string
		candidates []string
	}{
		{"folder", []string{"", "-", "folder"}},
		{"shop", []string{"backend", "shop"}},
		{"shop", []string{"@shop/API", "src", "shop"}},
		{"shop-api", []string{"shop-api", "shop"}},
		{"server", []string{"server", "app"}},
		{"server", []string{"", "server"}},
	} {
		if got := Name(tt.candidates...); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.candidates, got, tt.want)
		}
	}
}
