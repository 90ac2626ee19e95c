package parallel_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/dockgen/dockgen/internal/parallel"
)

// TestEach: each index is done once, and no more at a time than there are processors.
func TestEach(t *testing.T) {
	var done [100]atomic.Int32
	var now, most atomic.Int32
	parallel.Each(len(done), func(i int) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		runtime.Gosched()
		done[i].Add(1)
		now.Add(-1)
	})
	for i := range done {
		if n := done[i].Load(); n != 1 {
			t.Errorf("%d was done %d times", i, n)
		}
	}
	if n := int(most.Load()); n > runtime.GOMAXPROCS(0) {
		t.Errorf("%d at a time", n)
	}
}
