package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/record"
)

// The exit codes. They are part of what scripts rely on; README.md lists them.
const (
	exitDone        = 0
	exitFailure     = 1
	exitUsage       = 2
	exitDrift       = 3 // check: update would change something; update: a conflict
	exitUnsupported = 4 // nothing detected, or nothing that dockgen supports
)

// exitCode is the one place that maps errors to exit codes.
func exitCode(err error) int {
	var (
		usage       *usageError
		noApp       *project.NoAppError
		noConflict  *project.NoConflictError
		nothing     *profiles.Nothing
		unsupported *record.UnsupportedError
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage), errors.As(err, &noApp), errors.As(err, &noConflict):
		return exitUsage
	case errors.Is(err, errDrift):
		return exitDrift
	case errors.As(err, &nothing), errors.As(err, &unsupported), errors.Is(err, errRefused):
		return exitUnsupported
	}
	return exitFailure
}

// errDrift ends a command with exitDrift; what drifted has been said.
var errDrift = errors.New("update would change something")

// errRefused ends a command with exitUnsupported: some of several apps were refused, which has been said.
var errRefused = errors.New("nothing was written for some apps")

// usageError is a fault of the command line.
type usageError struct {
	err  error
	hint string
}

func usagef(format string, args ...any) *usageError {
	return &usageError{err: fmt.Errorf(format, args...)}
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// Hint is its own, or else that of the error within.
func (e *usageError) Hint() string { return cmp.Or(e.hint, hintOf(e.err)) }

// hintError is an error that says what to do about it.
type hintError struct {
	err  error
	hint string
}

func (e *hintError) Error() string { return e.err.Error() }
func (e *hintError) Unwrap() error { return e.err }
func (e *hintError) Hint() string  { return e.hint }

// hintOf returns the hint of the first error in err's chain that has one.
func hintOf(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	var fault *fact.Error
	if errors.As(err, &fault) {
		return fault.Hint
	}
	var refused *record.UnsupportedError
	if errors.As(err, &refused) {
		return refused.Hint
	}
	return ""
}

// errorJSON is what a command prints in the place of its result, if it has none.
type errorJSON struct {
	// Error is the message, with its place in front.
	Error string `json:"error"`
	// Hint is what to do about it.
	Hint string `json:"hint,omitempty"`
	// Source is the place in the repository.
	Source *fact.Pos `json:"source,omitempty"`
	// Code is the exit code.
	Code int `json:"code"`
}

func errorOf(err error, code int) errorJSON {
	out := errorJSON{Error: err.Error(), Hint: hintOf(err), Code: code}
	var fault *fact.Error
	var refused *record.UnsupportedError
	switch {
	case errors.As(err, &fault) && !strings.HasPrefix(fault.Pos.File, "--") && !fault.Pos.IsZero():
		out.Source = &fault.Pos
	case errors.As(err, &refused) && !refused.Pos.IsZero():
		out.Source = &refused.Pos
	}
	return out
}
