package plan

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"mvdan.cc/sh/v3/syntax"
)

func TestPathRefuses(t *testing.T) {
	for _, p := range []string{"", "..", "../x", "a/../../x", "a\nb", "a\x1b[2J", `a\b`, "a\u202eb"} {
		if got, err := NewPath(p); err == nil {
			t.Errorf("NewPath(%q) = %q, want an error", p, got.Raw())
		}
	}
	for in, want := range map[string]string{"a": "a", "./a/": "a/", "a//b/../c": "a/c", "/": "/", ".": ".", "./": "."} {
		got, err := NewPath(in)
		if err != nil || got.Raw() != want {
			t.Errorf("NewPath(%q) = %q, %v; want %q", in, got.Raw(), err, want)
		}
	}
}

func TestCopyString(t *testing.T) {
	for _, tt := range []struct {
		to   string
		from []string
		want string
	}{
		{"./", []string{"go.mod", "go.sum"}, "go.mod go.sum ./"},
		{"app/", []string{"a b"}, `["a b", "app/"]`},
		{"x", []string{"$HOME/*.go"}, `["\\$HOME/[*].go", "x"]`},
	} {
		c, err := NewCopy(tt.to, tt.from...)
		if err != nil || c.String() != tt.want {
			t.Errorf("got %s, %v; want %s", c, err, tt.want)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct{ folder, before, after, copied, run string }{
		{"/src/target", "app-", "-exec.jar", "/src/target/app-*-exec.jar app.jar", "java -jar /src/target/app-*-exec.jar extract"},
		{"target", "a b-", ".jar", `["target/a b-*.jar", "app.jar"]`, "java -jar 'target/a b-'*.jar extract"},
		{"", "-x", "$(y).jar", `["-x*\\$(y).jar", "app.jar"]`, "java -jar ./-x*'$(y).jar' extract"},
		{"t", "", "-1.jar", "t/*-1.jar app.jar", "java -jar t/*-1.jar extract"},
		{"t", "[a]?", ".jar", `["t/[[]a][?]*.jar", "app.jar"]`, "java -jar 't/[a]?'*.jar extract"},
	} {
		m, err := NewMatch(tt.folder, tt.before, tt.after)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Copy{Any: []Match{m}, To: MustPath("app.jar")}).String(); got != tt.copied {
			t.Errorf("copies %s, want %s", got, tt.copied)
		}
		if got, err := MustShell("java", "-jar").With(m, "extract"); err != nil || got.String() != tt.run {
			t.Errorf("runs %s, %v, want %s", got, err, tt.run)
		}
	}
	for _, s := range []string{"a\nb", "a\\b", "../x"} {
		if _, err := NewMatch("", s, ".jar"); err == nil {
			t.Errorf("NewMatch(%q) was not refused", s)
		}
	}
}

func TestWordRefuses(t *testing.T) {
	for _, s := range []string{"", "-x", "a b", "a\nb", "a;b", "$(x)", "`x`", `a"b`, "a'b", "a\\", "#", "a|b"} {
		if _, err := NewToken(s); err == nil {
			t.Errorf("NewToken(%q) was not refused", s)
		}
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain":           "plain",
		"a\nb\tc":         "a b c",
		"\x1b[31m\x07":    "[31m",
		"bad\xffutf":      "badutf",
		"left\u202eright": "leftright",
		"0123456789a":     "012345678…",
	} {
		if got := Printable(in, 10); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// FuzzValues holds every quoting type to its promise: a hostile value that is
// not refused stands in one instruction, changes no other, and comes out of
// the language's own parser as it went in.
func FuzzValues(f *testing.F) {
	for _, s := range []string{
		"plain", "a b", "a'b", `a"b`, "a\\", "$HOME", "${X:-y}", "`id`", "$(id)", "a\nRUN id", "a\r\nRUN id",
		"<<EOF", "#x", "a\x00b", "\x1b[2J", "é", "a\u2028b", "*", "[x]", "?", "&& id", "; id", "\\\nRUN id", "--from=x", "'\\''",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var lines []string
		if p, err := NewPath(s); err == nil {
			lines = append(lines, "RUN cat "+p.String())
		}
		if c, err := NewCopy("./", s, "z"); err == nil {
			lines = append(lines, "COPY "+c.String())
		}
		if sh, err := NewShell("echo", s); err == nil {
			lines = append(lines, "RUN "+sh.String())
			file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(sh.String()), "")
			if err != nil {
				t.Fatalf("%q: the shell does not parse %s: %v", s, sh, err)
			}
			if len(file.Stmts) != 1 || len(file.Stmts[0].Redirs) != 0 {
				t.Fatalf("%q: %s is more than one command", s, sh)
			}
			if call, ok := file.Stmts[0].Cmd.(*syntax.CallExpr); !ok || len(call.Args) != 2 {
				t.Fatalf("%q: %s is not one command with one argument", s, sh)
			}
		}
		if v, err := NewText(s); err == nil {
			lines = append(lines, "ENV X="+v.String(), "LABEL x="+v.String())
		}
		if w, err := NewToken(s); err == nil {
			lines = append(lines, "EXPOSE "+w.String())
		}
		exec := Exec{"a", s}.String()
		lines = append(lines, "CMD "+exec)
		var back []string
		if err := json.Unmarshal([]byte(exec), &back); err != nil || len(back) != 2 {
			t.Fatalf("%q: %s does not decode: %v", s, exec, err)
		}
		text := "FROM x\n# " + NewComment(s).String() + "\n" + strings.Join(lines, "\n") + "\n"
		res, err := parser.Parse(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%q: %v in\n%s", s, err, text)
		}
		if got, want := len(res.AST.Children), 1+len(lines); got != want {
			t.Fatalf("%q: got %d instructions, want %d:\n%s", s, got, want, text)
		}
		for i, n := range res.AST.Children[1:] {
			if n.StartLine != n.EndLine || len(n.Heredocs) > 0 {
				t.Fatalf("%q: %s spans lines %d to %d", s, lines[i], n.StartLine, n.EndLine)
			}
		}
	})
}

// TestMisleading holds characters that change the order in which a line is
// shown out of what is written: a shell's line refuses them, JSON escapes them.
func TestMisleading(t *testing.T) {
	const text = "a\u202eb\u2028"
	if got, want := (Exec{"node", text}).String(), `["node", "a\u202eb\u2028"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for name, err := range map[string]error{
		"a word":     second(NewToken(text)),
		"a shell":    second(NewShell("echo", text)),
		"a variable": second(NewEnv("A", text)),
		"a path":     second(NewPath(text)),
	} {
		if err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestPathEnv(t *testing.T) {
	for want, folders := range map[string][]string{
		"PATH=/app/node_modules/.bin:$PATH": {"/app/node_modules/.bin"},
		"PATH=/a/bin:/b/bin:$PATH":          {"/a/bin/", "/b/bin"},
		`PATH="/app/my api/\$x/.bin:$PATH"`: {"/app/my api/$x/.bin"},
	} {
		list, err := Paths(folders...)
		if err != nil {
			t.Fatal(err)
		}
		if got := PathEnv(list...).String(); got != want {
			t.Errorf("%q: got %s, want %s", folders, got, want)
		}
	}
}

// TestVolumes: the builder expands variables in both forms of VOLUME.
func TestVolumes(t *testing.T) {
	for path, want := range map[string]string{
		"/data":        "/data",
		"/a b":         `["/a b"]`,
		"/app/${EVIL}": `["/app/\\${EVIL}"]`,
	} {
		if got := (Volumes{MustPath(path)}).String(); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}
