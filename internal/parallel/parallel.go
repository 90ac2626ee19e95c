// Package parallel does the same to many things at once.
package parallel

import (
	"runtime"
	"sync"
)

// Each calls do with each index below n, as many at once as there are processors, and returns when all have returned.
func Each(n int, do func(i int)) {
	var all sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			do(i)
		})
	}
	all.Wait()
}
