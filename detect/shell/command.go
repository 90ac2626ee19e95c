package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

// Assign is NAME=value.
type Assign struct {
	Name  string
	Value Word
}

// Command is a simple command.
type Command struct {
	Line int    // of the text, from 1
	Dir  string // where it runs: relative to Start.Dir joined with it, or rooted; Unknown if a cd was not known
	// Env has the variables that the text exported before, then those before the
	// command's own words; the last of a name counts.
	Env   []Assign
	Words []Word // at least one; cd, export and the like are commands too
	// Conditional says that it may not run, Loop that it may run often, Captured
	// that it stands in $(…).
	Conditional, Loop, Captured bool
	// Tried says that the text goes on if the command fails: a || b, if a. Asked says that it runs only if a variable is
	// given to the text that it does not set itself: if [ "$X" = true ].
	Tried, Asked bool
	// Outputs are the files that its output goes to: > file.
	Outputs []Word
	// Input is the here-document that it reads.
	Input Word
}

// Known reports whether every word and every value is known.
func (c Command) Known() bool { return c.all(Word.Known) }

// Plain reports whether every word and every value is plain.
func (c Command) Plain() bool { return c.all(Word.Plain) }

func (c Command) all(ok func(Word) bool) bool {
	for _, e := range c.Env {
		if !ok(e.Value) {
			return false
		}
	}
	for _, w := range c.Words {
		if !ok(w) {
			return false
		}
	}
	return true
}

// wrapper is a command that runs the command in its arguments.
type wrapper struct {
	valued []string // options that take the word behind them
	args   int      // words of its own before the command
	sets   bool     // NAME=value before the command sets a variable
}

// wrappers, by name: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/,
// https://github.com/krallin/tini, https://github.com/Yelp/dumb-init,
// https://github.com/tianon/gosu, https://github.com/ncopa/su-exec,
// https://man7.org/linux/man-pages/man1/setpriv.1.html, https://man7.org/linux/man-pages/man1/runuser.1.html,
// https://www.gnu.org/software/coreutils/manual/coreutils.html#Modified-command-invocation.
var wrappers = map[string]wrapper{ //nolint:gochecknoglobals // a constant table
	"exec":      {valued: []string{"-a"}},
	"command":   {},
	"builtin":   {},
	"time":      {valued: []string{"-f", "-o"}},
	"env":       {valued: []string{"-u", "--unset", "-C", "--chdir"}, sets: true},
	"sudo":      {valued: []string{"-u", "-g", "-h", "-p", "--user", "--group"}, sets: true},
	"doas":      {valued: []string{"-u"}},
	"nice":      {valued: []string{"-n"}},
	"ionice":    {valued: []string{"-c", "-n"}},
	"nohup":     {},
	"setsid":    {},
	"stdbuf":    {valued: []string{"-i", "-o", "-e"}},
	"timeout":   {valued: []string{"-s", "-k", "--signal", "--kill-after"}, args: 1},
	"tini":      {valued: []string{"-p", "-e"}},
	"dumb-init": {valued: []string{"-r", "--rewrite"}},
	"catatonit": {},
	"su-exec":   {args: 1},
	"setpriv":   {valued: []string{"--reuid", "--regid", "--groups", "--inh-caps", "--ambient-caps", "--bounding-set", "--securebits"}},
	"runuser":   {valued: []string{"-u", "--user", "-g", "--group", "-G", "--supp-group"}},
	"chpst":     {valued: []string{"-u", "-U", "-e", "-n", "-l", "-L"}},
	"gosu":      {args: 1}, "s6-setuidgid": {args: 1},
}

var setting = lazy.MustCompile(`^([A-Za-z_]\w*)=`)

// Unwrap returns the command that runs in the end, without exec, env, sudo,
// tini, gosu and the like before it; the variables that env sets are in its
// Env. The words are empty if a wrapper is given no command.
func (c Command) Unwrap() Command {
	for len(c.Words) > 0 {
		w, ok := wrappers[path.Base(c.Words[0].Text)]
		if !ok {
			break
		}
		rest := c.Words[1:]
		if len(rest) > 0 && strings.EqualFold(rest[0].Text, "-v") && path.Base(c.Words[0].Text) == "command" {
			break // it asks if there is such a command
		}
		for options := true; options && len(rest) > 0; {
			text := rest[0].Text
			m := setting.FindStringSubmatch(text)
			switch {
			case m != nil && w.sets:
				c.Env = append(slices.Clip(c.Env), Assign{m[1], rest[0].from(len(m[0]))})
			case text == "--":
				options = false
			case !strings.HasPrefix(text, "-"):
				options = false
				continue
			case slices.Contains(w.valued, text) && len(rest) > 1:
				rest = rest[1:]
			}
			rest = rest[1:]
		}
		c.Words = rest[min(w.args, len(rest)):]
	}
	return c
}

// Program is the program that runs in the end, as it is written; ok is false if it is not known.
func (c Command) Program() (name string, ok bool) {
	c = c.Unwrap()
	if len(c.Words) == 0 || !c.Words[0].Known() {
		return "", false
	}
	return c.Words[0].Text, true
}

// from is a word without its first n bytes.
func (w Word) from(n int) Word {
	var out Word
	for _, p := range w.Parts {
		cut := min(n, len(p.Text))
		n -= cut
		if p.Text = p.Text[cut:]; p.Text != "" || p.Var != "" {
			out.add(p)
		}
	}
	return out
}

// shells are the programs that run a text with -c.
var shells = []string{"sh", "bash", "ash", "dash"} //nolint:gochecknoglobals // a constant table

// IsShell reports whether a program, by its name or path, is a shell.
func IsShell(program string) bool { return slices.Contains(shells, path.Base(program)) }

// IsInit reports whether a program, by its name or path, only starts another one, as PID 1.
func IsInit(program string) bool {
	return slices.Contains([]string{"tini", "dumb-init", "catatonit"}, path.Base(program))
}

// inner is the text that a shell is given with -c, and the words behind it,
// which are $0, $1, ….
func (c Command) inner() (text Word, args []Word, ok bool) {
	if len(c.Words) < 3 || !IsShell(c.Words[0].Text) {
		return Word{}, nil, false
	}
	for i, w := range c.Words[1 : len(c.Words)-1] {
		if !strings.HasPrefix(w.Text, "-") || strings.HasPrefix(w.Text, "--") {
			break
		}
		if strings.Contains(w.Text, "c") {
			return c.Words[i+2], c.Words[i+3:], true
		}
	}
	return Word{}, nil, false
}

// Text is what the command gives to a shell with -c.
func (c Command) Text() (string, bool) {
	w, _, ok := c.inner()
	return w.Text, ok
}

// reads reports whether the command is a shell that runs its standard input.
func (c Command) reads() bool {
	if len(c.Words) == 0 || !IsShell(c.Words[0].Text) {
		return false
	}
	for _, w := range c.Words[1:] {
		if !strings.HasPrefix(w.Text, "-") {
			return false
		}
		if strings.HasPrefix(w.Text, "-s") {
			return true
		}
	}
	return true
}
