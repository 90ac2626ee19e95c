package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// understandsColors makes the console take escape sequences, and reports whether it does:
// https://learn.microsoft.com/windows/console/console-virtual-terminal-sequences
func understandsColors(f *os.File) bool {
	var mode uint32
	console := windows.Handle(f.Fd())
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
