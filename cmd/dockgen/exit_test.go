package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/record"
)

func TestExitCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("x"), 1},
		{fact.Errorf(fact.At("go.mod", 1), "x"), 1},
		{&record.ImpossibleError{Why: errors.New("x")}, 1},
		{usagef("x"), 2},
		{errDrift, 3},
		{&profiles.Nothing{}, 4},
		{record.Refuse(fact.Pos{}, "", "x"), 4},
	} {
		if got := exitCode(tt.err); got != tt.want {
			t.Errorf("%v: got %d, want %d", tt.err, got, tt.want)
		}
		if tt.err == nil {
			continue
		}
		if got := exitCode(fmt.Errorf("wrapped: %w", tt.err)); got != tt.want {
			t.Errorf("wrapped %v: got %d, want %d", tt.err, got, tt.want)
		}
	}
}

func TestHintOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("x"), ""},
		{&hintError{errors.New("x"), "do"}, "do"},
		{fact.Errorf(fact.At("go.mod", 1), "x").WithHint("do %d", 1), "do 1"},
		{record.Refuse(fact.Pos{}, "do", "x"), "do"},
		{fmt.Errorf("wrapped: %w", record.Refuse(fact.Pos{}, "do", "x")), "do"},
	} {
		if got := hintOf(tt.err); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.err, got, tt.want)
		}
	}
}
