package shell

import "slices"

// Builtin reports whether a word is a command of the shell itself, and no program that an image has to have:
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_15 and
// https://www.gnu.org/software/bash/manual/bash.html#Bourne-Shell-Builtins.
func Builtin(word string) bool {
	return Silent(word) || slices.Contains([]string{".", "command", "eval", "exec", "source"}, word)
}

// Silent reports whether a command changes or asks the shell alone: it starts no program and reads no script.
func Silent(word string) bool { return slices.Contains(silent, word) }

var silent = []string{ //nolint:gochecknoglobals // a constant table
	":", "[", "alias", "break", "cd", "continue", "exit", "export", "false", "hash", "jobs", "local", "popd", "pushd", "read", "readonly", "return",
	"set", "shift", "shopt", "test", "times", "trap", "true", "type", "ulimit", "umask", "unset", "wait",
}
