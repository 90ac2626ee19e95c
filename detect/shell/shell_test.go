package shell

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said prints a command: LINE DIR$ NAME=value words, with ? for what is not
// known, and c, l and $ for Conditional, Loop and Captured.
func said(c Command) string {
	out := fmt.Sprintf("%d %s$", c.Line, c.Dir)
	for _, e := range c.Env {
		out += " " + e.Name + "=" + e.Value.Text
	}
	for _, w := range c.Words {
		out += fmt.Sprintf(" %s", w.Text)
		if strings.Contains(w.Text, " ") || w.Text == "" {
			out = strings.TrimSuffix(out, w.Text) + fmt.Sprintf("%q", w.Text)
		}
	}
	for _, mark := range []struct {
		is   bool
		sign string
	}{{c.Conditional, " (c)"}, {c.Loop, " (l)"}, {c.Captured, " ($)"}} {
		if mark.is {
			out += mark.sign
		}
	}
	return strings.ReplaceAll(out, Unknown, "?")
}

func TestRead(t *testing.T) {
	for name, tt := range map[string]struct {
		text     string
		want     []string
		complete bool
	}{
		"a chain":               {"a 'b c' \"d\\\"e\" && f\\ g\nh; i", []string{`1 .$ a "b c" d"e`, `1 .$ "f g"`, "2 .$ h", "2 .$ i"}, true},
		"variables before":      {"A=1 B='x y' c d", []string{"1 .$ A=1 B=x y c d"}, true},
		"alternatives":          {"a || b", []string{"1 .$ a", "1 .$ b (c)"}, false},
		"a pipe":                {"a | b", []string{"1 .$ a", "1 .$ b"}, false},
		"in the background":     {"a & b", []string{"1 .$ a", "1 .$ b"}, false},
		"redirected":            {"a > b 2>&1", []string{"1 .$ a"}, false},
		"negated":               {"! a", []string{"1 .$ a"}, false},
		"timed":                 {"time a b", []string{"1 .$ a b"}, true},
		"grouped":               {"{ cd x; a; }; b", []string{"1 .$ cd x", "1 x$ a", "1 x$ b"}, false},
		"a subshell":            {"(cd x && A=1 && a $A); b $A", []string{"1 .$ cd x", "1 x$ a 1", "1 .$ b ?"}, false},
		"a condition":           {"if a; then b; elif c; then d; else e; fi", []string{"1 .$ a", "1 .$ b (c)", "1 .$ c (c)", "1 .$ d (c)", "1 .$ e (c)"}, false},
		"a test":                {"[ -f x ] && a; test -f y || b; [[ -f z ]] && c", []string{"1 .$ [ -f x ]", "1 .$ a (c)", "1 .$ test -f y", "1 .$ b (c)", "1 .$ c (c)"}, false},
		"a case":                {"case $(uname) in\nLinux) a ;;\nDarwin|BSD) b && c ;;\n*) d ;;\nesac\ne", []string{"2 .$ a (c)", "3 .$ b (c)", "3 .$ c (c)", "4 .$ d (c)", "6 .$ e"}, false},
		"a case within":         {"build() { case $1 in x) a -t $1 ;; esac; }\nbuild x", []string{"1 .$ a -t x (c)"}, false},
		"a loop over words":     {"for i in x y; do a ./$i; done", []string{"1 .$ a ./x (l)", "1 .$ a ./y (l)"}, false},
		"a loop over anything":  {"for i in *.c $(ls) $B; do a $i; done", []string{"1 .$ ls ($)", "1 .$ a ? (c) (l)"}, false},
		"a while":               {"while a; do b; done; until c; do d; done", []string{"1 .$ a", "1 .$ b (c) (l)", "1 .$ c", "1 .$ d (c) (l)"}, false},
		"a function":            {"f() { a \"$1\" ${2:-z}; }\ng() { f y; }\nf x\ng", []string{"1 .$ a x z", "1 .$ a y z"}, false},
		"a function, uncalled":  {"f() { a $1; }", []string{"1 .$ a ? (c)"}, false},
		"a function, recursive": {"f() { a; f; }; f", []string{"1 .$ a", "1 .$ f"}, false},
		"a function's words":    {"run() { echo \"$@\"; \"$@\"; }; run a 'b c'", []string{"1 .$ echo a \"b c\"", "1 .$ a \"b c\""}, false},

		"a here-document":             {"cat <<E\na build\n$(b)\nE\nc", []string{"1 .$ cat", "5 .$ c"}, false},
		"a here-document, quoted":     {"cat >x <<-'E'\n\ta build\n\tE\nc", []string{"1 .$ cat", "4 .$ c"}, false},
		"a here-document in function": {"usage() {\n cat <<E\n a build\nE\n}\nusage", []string{"2 .$ cat"}, false},
		"a here-string":               {"cat <<< 'a build'", []string{"1 .$ cat"}, false},
		"a here-document of a shell":  {"bash -e <<E\na b\nE\n", []string{"1 .$ a b"}, false},
		"a here-document elsewhere":   {"ssh host sh <<E\na b\nE\n", []string{"1 .$ ssh host sh"}, false},
		"words of echo":               {"echo 'a build' && echo a build", []string{`1 .$ echo "a build"`, "1 .$ echo a build"}, true},
		"a comment":                   {"# a build\nb # c", []string{"2 .$ b"}, true},

		"sh -c":                 {"exec env A=1 sh -ec 'cd x && exec b $A \"$1\"' name z", []string{"1 .$ A=1 cd x", "1 x$ A=1 exec b 1 z"}, true},
		"sh -c, no text":        {"sh -c \"$X\" && sh x.sh && sh -c '('", []string{`1 .$ ?`, "1 .$ sh x.sh", "1 .$ sh -c ("}, true},
		"eval":                  {"X='a b'; eval \"$X c\"", []string{"1 .$ a b c"}, true},
		"cd":                    {"cd a; cd ../b && x; cd /c; y; cd \"$D\" && z; cd; w", []string{"1 .$ cd a", "1 a$ cd ../b", "1 b$ x", "1 b$ cd /c", "1 /c$ y", "1 /c$ cd ?", "1 ?$ z", "1 ?$ cd", "1 ?$ w"}, true},
		"cd, perhaps":           {"if [ -d a ]; then cd a; fi; x; cd /b || exit 1; y", []string{"1 .$ [ -d a ]", "1 .$ cd a (c)", "1 ?$ x", "1 ?$ cd /b", "1 /b$ exit 1 (c)", "1 /b$ y"}, false},
		"pushd":                 {"pushd a; x; popd; y", []string{"1 .$ pushd a", "1 a$ x", "1 a$ popd", "1 .$ y"}, true},
		"export":                {"export A=1 B\nC=2\nexport C; a; export -n A; D=3 b", []string{"3 .$ A=1 C=2 a", "3 .$ A=1 C=2 D=3 b"}, true},
		"set":                   {"set -e; set -- a \"$@\" b; exec \"$@\"; set -o pipefail; shift; x $1", []string{"1 .$ set -e", "1 .$ set -- a ? b", "1 .$ exec a ? b", "1 .$ set -o pipefail", "1 .$ shift", "1 .$ x ?"}, true},
		"values":                {"A=1; B=\"$A 2\"; c $B \"$B\" '$B' ${B}x ${X:-$A} ${A:+y} ${A:-z} ${X-} \"${X:-}\"", []string{`1 .$ c 1 2 "1 2" $B 1 2x 1 y 1 ""`}, true},
		"values, not known":     {"a $X $((1+2)) ${#X} ${X//a/b} ${!X} $(b) `c` <(d)", []string{"1 .$ b ($)", "1 .$ c ($)", "1 .$ a ? ? ? ? ? ? ? ?"}, true},
		"values, the last":      {"A=1; A=2; a $A; A=3", []string{"1 .$ a 2"}, true},
		"values of branches":    {"A=1; if x; then A=2; fi; if y; then B=1; else B=1; fi; a $A $B", []string{"1 .$ x", "1 .$ y", "1 .$ a ? 1"}, false},
		"values, by default":    {"if [ -z \"$A\" ]; then A=1; fi; [[ -z $B ]] && B=2; : ${C:=3}; a $A $B $C", []string{"1 .$ [ -z ? ]", "1 .$ : 3", "1 .$ a 1 2 3"}, false},
		"values, ended":         {"A=1; if x; then A=2; a $A; exit; fi; b $A", []string{"1 .$ x", "1 .$ a 2 (c)", "1 .$ exit (c)", "1 .$ b 1"}, false},
		"arrays":                {"A=(x 'y z'); A+=(w); a \"${A[@]}\" ${A[0]}; B=(); b \"${B[@]}\"", []string{`1 .$ a x "y z" w x`, "1 .$ b"}, true},
		"its own folder":        {"cd \"$(dirname \"$0\")/..\" && a; D=$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\" && pwd); b $D ${0##*/} ${0%/*}", []string{"1 .$ cd scripts/..", "1 .$ a", "1 .$ b scripts build.sh scripts"}, true},
		"the top":               {"cd x; cd $(git rev-parse --show-toplevel); a", []string{"1 .$ cd x", "1 x$ cd /top", "1 /top$ a"}, true},
		"what a command prints": {"a $(basename x/y) $(echo z) $(which w) $(git describe)", []string{"1 .$ git describe ($)", "1 .$ a y z w ?"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read(tt.text, Start{Name: "scripts/build.sh", Top: "/top"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range s.Commands {
				got = append(got, said(c))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
			if s.Complete != tt.complete {
				t.Errorf("complete: got %v", s.Complete)
			}
		})
	}
}

func TestUnwrap(t *testing.T) {
	for text, want := range map[string]string{
		"exec a b":                           "1 .$ a b",
		"exec -a x a":                        "1 .$ a",
		"env -u X A=1 B=2 nice -n 10 a C=3":  "1 .$ A=1 B=2 a C=3",
		"sudo -E -u app A=1 a":               "1 .$ A=1 a",
		"tini -g -- /usr/bin/gosu app:app a": "1 .$ a",
		"/sbin/tini -- su-exec app a -- b":   "1 .$ a -- b",
		"dumb-init -r 15:3 a":                "1 .$ a",
		"timeout -k 5 10 a":                  "1 .$ a",
		"nohup setsid stdbuf -oL a -x":       "1 .$ a -x",
		"command -v a":                       "1 .$ command -v a",
		"command a":                          "1 .$ a",
		"a exec b":                           "1 .$ a exec b",
		"exec $X a":                          "1 .$ ? a",
		"env \"A=$B c\" a":                   "1 .$ A=? c a",
		"env":                                "1 .$",
		"gosu":                               "1 .$",
	} {
		s, err := Read(text, Start{})
		if err != nil {
			t.Fatal(err)
		}
		if got := said(s.Commands[0].Unwrap()); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestWord(t *testing.T) {
	for text, want := range map[string]struct {
		plain, known, port bool
	}{
		"a":               {true, true, false},
		"'$PORT' \"b c\"": {true, true, false},
		"a\\$b":           {true, true, false},
		"0.0.0.0:$PORT":   {false, false, true},
		"${PORT:-80}":     {false, true, true},
		"\"x${PORT}\"":    {false, false, true},
		"*.go":            {false, true, false},
		"~/x":             {false, true, false},
		"$'x'":            {false, true, false},
		"$(pwd)":          {false, true, false},
		"$(x)":            {false, false, false},
		"$A":              {false, true, false},
	} {
		s, err := Read("A=1; a "+text, Start{})
		if err != nil {
			t.Fatal(err)
		}
		c := s.Commands[len(s.Commands)-1]
		port := false
		for _, w := range c.Words {
			port = port || w.Has("PORT")
		}
		if c.Plain() != want.plain || c.Known() != want.known || port != want.port {
			t.Errorf("%s: got plain %v, known %v, $PORT %v", text, c.Plain(), c.Known(), port)
		}
	}
}

func TestVars(t *testing.T) {
	s, err := Read("a $X ${Y:-z} $Z", Start{Vars: map[string]string{"X": "1 2", "Y": "", "Z": "p" + Unknown}, Dir: "/d"})
	if err != nil || len(s.Commands) != 1 || said(s.Commands[0]) != "1 /d$ a 1 2 z p?" {
		t.Errorf("got %+v, %v", s, err)
	}
	if _, err := Read("a (", Start{}); err == nil {
		t.Error("no error")
	}
}

// TestBounds reads, in bounded time and memory, what no person wrote.
func TestBounds(t *testing.T) {
	times := func(s string, n int) string { return strings.Repeat(s, min(n, maxText/len(s)-50)) }
	doubling := strings.Builder{}
	for i := range 60 {
		fmt.Fprintf(&doubling, "A%d=\"$A%d$A%d$A%d\"\n", i+1, i, i, i)
	}
	calls := strings.Builder{}
	for i := range 40 {
		fmt.Fprintf(&calls, "f%d() { %s; }\n", i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("f%d; ", i), 9), "; "))
	}
	for name, text := range map[string]string{
		"doubling":     "A0=xxxxxxxxxxxxxxxx\n" + doubling.String() + times("a $A60 $A9 $A8\n", 2000),
		"calls":        "f0() { a; }\n" + calls.String() + "f40\n",
		"loops":        strings.Repeat("for i in 1 2 3 4 5 6 7 8 9; do ", 30) + "a" + strings.Repeat("; done", 30),
		"wide loops":   strings.Repeat("for i in 1 2 3 4 5 6 7 8 9; do ", 5) + times("a b c d e\n", 1<<20)[:40000] + strings.Repeat("\ndone", 5),
		"ifs":          times("if a; then ", 3000) + "b" + times("; fi", 3000),
		"exports":      times("export A=1 B=2 C=3\na\n", 1<<20),
		"exports many": numbered("export A%d=1\na\n", 3000),
		"branches":     numbered("if a; then A%d=1; fi\n", 2000),
		"chain":        times("a && ", 1<<20) + "a",
		"subshells":    strings.Repeat("(", 900) + "a" + strings.Repeat(")", 900),
		"many shells":  numbered("A%d=1; (a)\n", 900),
		"quotes":       times(`"`, 1<<20),
		"arguments":    "set -- " + times("a ", 1<<20)[:30000] + "\n" + times("x \"$@\"\n", 1<<20)[:30000],
		"args twice":   "set -- a b\n" + times("set -- \"$@\" \"$@\"\n", 3000) + "x \"$@\"",
		"array twice":  "A=(a b)\n" + times("A+=(\"${A[@]}\" \"${A[@]}\")\n", 400) + "x \"${A[@]}\"",
		"sh -c":        times("sh -c 'sh -c \"sh -c a\"'\n", 1<<20),
		"a value":      "A=" + times("y ", 1<<20)[:30000] + "\n" + times("x $A\n", 1<<20)[:30000],
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read(text, Start{})
			size, words := 0, 0
			for _, c := range s.Commands {
				words += len(c.Words)
				for _, w := range c.Words {
					size += len(w.Text)
				}
			}
			t.Log(err, len(s.Commands), words, size)
			if len(s.Commands) > maxCommands || size > 4*maxExpanded {
				t.Errorf("%d commands of %d bytes", len(s.Commands), size)
			}
		})
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		if b.Len() > maxText-100 {
			break
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"A=b c \"$A\" && d", "for i in a b; do x $i; done", "f() { a \"$@\"; }; f b", "case $x in a) b;; *) c;; esac", "cat <<E\n$x\nE\n",
		"sh -c 'a b'", "if [ -z \"$X\" ]; then X=1; fi; a ${X%/*}", "cd $(dirname $0)/.. && pwd", "A=(a b); A+=(c); x ${A[@]}", "set -- a; shift; x $1 ${2:=y}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Read(text, Start{Name: "a/b", Top: "/t"})
		if err != nil && len(s.Commands) > 0 {
			t.Fatal("commands with an error")
		}
		for _, c := range s.Commands {
			if len(c.Words) == 0 || c.Line < 1 || c.Dir == "" {
				t.Fatalf("%+v", c)
			}
			for _, w := range c.Words {
				var text strings.Builder
				for _, p := range w.Parts {
					text.WriteString(p.Text)
				}
				if text.String() != w.Text {
					t.Fatalf("%q: parts %+v", w.Text, w.Parts)
				}
			}
			c.Unwrap()
		}
	})
}
