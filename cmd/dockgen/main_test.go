package main

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// What does not look at its context ends with the second signal.
func TestSecondSignalEnds(t *testing.T) {
	if os.Getenv("DOCKGEN_TEST_HANGS") != "" {
		_, _ = signals(t.Context())
		_, _ = os.Stdout.WriteString("!")
		time.Sleep(time.Hour)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSecondSignalEnds$") //nolint:gosec // this test itself
	cmd.Env = append(os.Environ(), "DOCKGEN_TEST_HANGS=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- cmd.Wait() }()
	for {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-done:
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM { //nolint:forcetypeassert // of this system
				t.Errorf("got %v, want an end by the signal", err)
			}
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}
