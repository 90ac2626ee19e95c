package plan

import (
	"strings"
	"testing"
)

func TestRef(t *testing.T) {
	for _, tt := range []struct {
		repository, tag string
		ok              bool
	}{
		{"node", "24-trixie-slim", true},
		{"gcr.io/distroless/static", "nonroot", true},
		{"node", "a" + strings.Repeat("b", 127), true},
		{"node", "a" + strings.Repeat("b", 128), false},
		{"node", "", false},
		{"node", "-24", false},
		{"node", "24 AS x", false},
		{"node\nRUN x", "24", false},
		{"Node", "24", false},
		{strings.Repeat("a", 256), "24", false},
	} {
		if r, err := NewRef(tt.repository, tt.tag); (err == nil) != tt.ok {
			t.Errorf("NewRef(%q, %q) = %s, %v", tt.repository, tt.tag, r, err)
		}
	}
}
