// Command dockgen reads a repository and writes the Dockerfile and the
// .dockerignore that it needs.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // most runs end before they would collect anything
	}
	ctx, stop := signals(context.Background())
	code := run(ctx, os.Args[1:], system())
	stop()
	os.Exit(code)
}

// signals is a context that ends with the first signal, so that what is being written
// comes to its end; the second signal ends the process, whatever it does.
func signals(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
