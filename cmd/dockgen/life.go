package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// life is the sign of life on a terminal: a line that says for how many seconds nothing was said, which the next thing to be said takes the place of.
type life struct {
	sync.Mutex
	w       io.Writer // nil: no sign
	seconds int
	shown   bool
}

// start shows a sign after each second in which nothing is said, until stop is called.
func (l *life) start(w io.Writer, every time.Duration) (stop func()) {
	l.w = w
	ticker, done := time.NewTicker(every), make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				l.beat()
			}
		}
	})
	return func() {
		ticker.Stop()
		close(done)
		running.Wait()
		l.clear()
	}
}

func (l *life) beat() {
	l.Lock()
	defer l.Unlock()
	l.seconds++
	l.shown = true
	fmt.Fprintf(l.w, "\r\x1b[Kreading the repository, %d s", l.seconds)
}

// clear takes the sign away.
func (l *life) clear() {
	l.Lock()
	defer l.Unlock()
	if l.shown {
		fmt.Fprint(l.w, "\r\x1b[K")
	}
	l.shown, l.seconds = false, 0
}
