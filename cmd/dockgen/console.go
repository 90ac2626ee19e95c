//go:build !windows

package main

import "os"

// understandsColors reports whether the terminal takes colours as escape sequences, as those of all other systems do.
func understandsColors(*os.File) bool { return true }
