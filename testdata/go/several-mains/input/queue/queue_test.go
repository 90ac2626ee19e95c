package queue

import "testing"

func TestNext(t *testing.T) {
	if job, rest, ok := Next("paint\n"); job != "paint" || rest != "" || !ok {
		t.Errorf("got %q, %q, %v", job, rest, ok)
	}
}
