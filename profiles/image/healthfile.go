package image

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/record"
)

// The page that a check asks by way of a file of the repository: a shell's script, or a small program that the own
// Dockerfile compiles beside the app because its image has nothing that can ask. The page is asked with what this image has.

// maxAsking is how much of such a file is read.
const maxAsking = 16 << 10

var (
	// hostVariable and portVariable are what a script works out before it asks: the app's own.
	hostVariable = lazy.MustCompile(`://\$(?:\{[^}\s]{0,80}\}|[A-Za-z_][A-Za-z0-9_]*)`)
	portVariable = lazy.MustCompile(`(://(?:127\.0\.0\.1|localhost)):\$(?:\{[^}\s]{0,80}\}|[A-Za-z_][A-Za-z0-9_]*)`)
	// formatted and added find a page in a program's text: a format, or texts that are joined.
	formatted = lazy.MustCompile(`"(https?)://(?:localhost|127\.0\.0\.1|%s)(?::(?:%[sdv]|[0-9]{1,5}))?(/[A-Za-z0-9/_.-]{0,80})"`)
	added     = lazy.MustCompile(`"(https?)://(?:localhost|127\.0\.0\.1)?:?"\s*\+\s*[A-Za-z0-9_.()"]{1,60}\s*\+\s*"(/[A-Za-z0-9/_.-]{0,80})"`)
)

// pageBehind is the page that the file asks which a check runs, nil if it runs none or that asks none.
func pageBehind(in record.Input, c buildfile.Contract, words []string) *page {
	if c.Own == nil || in.Tree == nil {
		return nil
	}
	if len(words) > 1 && shell.IsShell(words[0]) {
		words = words[1:]
	}
	at := words[0]
	if !path.IsAbs(at) {
		at = path.Join(workdirOf(c), at)
	}
	if file := sourceOf(in, c.Own.Image, at); file != "" {
		if shebang := in.Builds.Shebang(file); shebang != "" && !shell.IsShell(shebang) || shebang == "" && path.Ext(file) != ".sh" {
			return nil
		}
		if f := in.Builds.File(file); f != nil && len(f.Text) <= maxAsking {
			return pageOfScript(f.Text)
		}
		return nil
	}
	for _, file := range compiledFrom(in, c.Own, path.Base(at)) {
		text, err := in.Tree.ReadHead(path.Join(in.Dir, file), maxAsking)
		if err != nil {
			continue
		}
		for _, pattern := range []*lazy.Regexp{formatted, added} {
			if m := pattern.FindStringSubmatch(string(text)); m != nil {
				return pageOf(m[1]+"://127.0.0.1"+m[2], nil)
			}
		}
	}
	return nil
}

// pageOfScript is the only page that a script asks, of the host and on the port that it works out.
func pageOfScript(text string) *page {
	var out *page
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") || !strings.Contains(line, "curl") && !strings.Contains(line, "wget") {
			continue
		}
		line = portVariable.ReplaceAllString(hostVariable.ReplaceAllString(strings.NewReplacer(`"`, "", `'`, "").Replace(line), "://127.0.0.1"), "$1")
		p := pageOf(line, nil)
		if p == nil {
			continue
		}
		if out != nil && out.String() != p.String() {
			return nil // which of them tells is not known
		}
		out = p
	}
	return out
}

// compiledFrom are the Go files from which the own Dockerfile compiles a program of that name beside the app.
func compiledFrom(in record.Input, own *buildfile.File, name string) []string {
	for _, c := range own.Commands {
		words := buildfile.Sure(c.Words)
		if c.Program() != "go" || len(words) < 4 || words[1] != "build" || strings.Contains(c.Dir, buildfile.Unknown) {
			continue
		}
		i := slices.Index(words, "-o")
		source := path.Join(c.Dir, words[len(words)-1])
		if i < 0 || i+2 >= len(words) || path.Base(words[i+1]) != name || strings.HasPrefix(source, "..") || path.IsAbs(source) {
			continue
		}
		if strings.HasSuffix(source, ".go") {
			return []string{source}
		}
		var out []string
		for _, f := range in.Tree.Files(path.Join(in.Dir, source)) {
			if f = in.Rel(f); path.Dir(f) == source && strings.HasSuffix(f, ".go") && !strings.HasSuffix(f, "_test.go") && len(out) < 20 {
				out = append(out, f)
			}
		}
		return out
	}
	return nil
}
