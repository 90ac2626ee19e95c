package board

import "testing"

func TestTitle(t *testing.T) {
	if got := Title(); got != "2 notes" {
		t.Errorf("got %q", got)
	}
}
