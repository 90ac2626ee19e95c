package node

import (
	"path"
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// anchored reads a path that a configuration file makes from the folder that
// it stands in or that its tool is started in: path.resolve(__dirname,
// "dist"), __dirname + "/dist", fileURLToPath(new URL("./dist",
// import.meta.url)). end is the token after the expression at i. The
// path is relative to the folder of the app.
// https://nodejs.org/api/path.html#pathresolvepaths
func (s *configScript) anchored(i, end int) (string, bool) {
	if s.word(i) == "__dirname" && s.is(i+1, js.AddToken) && s.is(i+2, js.StringToken) && i+3 == end {
		return path.Join(s.dir, jsText(s.toks[i+2].text)), true
	}
	open := s.callee(i)
	if open < 0 || s.closing(open) != end-1 {
		return "", false
	}
	module := strings.TrimPrefix(s.imports[s.word(i)], "node:")
	switch name := s.word(open - 1); {
	case module == "path" && (name == "resolve" || name == "join"):
		return s.joined(open, name == "resolve")
	case module == "url" && name == "fileURLToPath" && s.texts(open+1, "new", "URL", "(") && s.is(open+4, js.StringToken) &&
		s.texts(open+5, ",", "import", ".", "meta", ".", "url", ")") && open+12 == s.closing(open):
		return path.Join(s.dir, jsText(s.toks[open+4].text)), true
	}
	return "", false
}

// computes are the modules whose functions make a value of their arguments,
// where the call of another is known by its module.
var computes = map[string]bool{"path": true, "node:path": true, "url": true, "node:url": true} //nolint:gochecknoglobals // a constant table

// callee returns the parenthesis of a call of a name or of its member, or -1.
func (s *configScript) callee(i int) int {
	switch {
	case s.word(i) == "":
	case s.is(i+1, js.OpenParenToken):
		return i + 1
	case s.is(i+1, js.DotToken) && s.word(i+2) != "" && s.is(i+3, js.OpenParenToken):
		return i + 3
	}
	return -1
}

// joined reads the arguments of path.resolve or path.join.
func (s *configScript) joined(open int, resolve bool) (string, bool) {
	end, j := s.closing(open), open+1
	if end >= len(s.toks) || j == end {
		return "", false
	}
	at := "."
	switch {
	case s.word(j) == "__dirname":
		at, j = s.dir, j+1
	case s.texts(j, "import", ".", "meta", ".", "dirname"):
		at, j = s.dir, j+5
	case s.texts(j, "process", ".", "cwd", "(", ")"):
		j += 5
	case resolve && s.is(j, js.StringToken):
		j-- // relative to the working directory; there is no comma before it
	default:
		return "", false
	}
	for j < end {
		if j > open && !s.is(j, js.CommaToken) || j+1 == end && j == open {
			return "", false
		}
		if j++; j == end {
			break // a comma at the end
		}
		if !s.is(j, js.StringToken) {
			return "", false
		}
		part := jsText(s.toks[j].text)
		if resolve && path.IsAbs(part) {
			return "", false
		}
		at = path.Join(at, part)
		j++
	}
	return at, true
}

// texts reports whether the tokens from i on have these texts.
func (s *configScript) texts(i int, want ...string) bool {
	for k, w := range want {
		if i+k >= len(s.toks) || s.toks[i+k].text != w {
			return false
		}
	}
	return true
}
