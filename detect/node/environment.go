package node

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// SvelteKit's modules of variables, whose values its build writes into the code:
// https://svelte.dev/docs/kit/$env-static-public.
const (
	envPublic  = "$env/static/public"
	envPrivate = "$env/static/private"
)

// exampleFiles are the names under which a repository lists the variables
// that it can be given.
var exampleFiles = []string{ //nolint:gochecknoglobals // a constant table
	".env.example", ".env.sample", ".env.template", ".env.dist", ".env.local.example", ".env.production.example", "env.example", "example.env",
}

// pages are the HTML files in which bundlers replace %NAME%:
// https://vite.dev/guide/env-and-mode#html-constant-replacement,
// https://create-react-app.dev/docs/adding-custom-environment-variables/#referencing-environment-variables-in-the-html.
var pages = []string{"index.html", "public/index.html", "src/index.html"} //nolint:gochecknoglobals // a constant table

var pageVariable = regexp.MustCompile(`%([A-Z][A-Z0-9_]*)%`)

// componentFile is code in a language of components, or the configuration of
// a tool: it runs nothing in production, but the build reads its variables.
var componentFile = regexp.MustCompile(`\.(vue|svelte|astro)$|^[^/]+\.config\.[cm]?[jt]s$`)

// variables finds the variables that a token reads from the environment:
// import.meta.env.NAME, process.env['NAME'], const {NAME} = import.meta.env,
// import {NAME} from '$env/static/public'.
func (s *source) variables(i int, c *Code) {
	if from, ok := s.str(i); ok && s.is(i-2, "}", "from") && (from == envPublic || from == envPrivate) {
		for _, name := range s.names(i - 2) {
			if from == envPublic {
				c.Public = append(c.Public, name)
			} else {
				c.Private = append(c.Private, name)
			}
		}
		return
	}
	if !s.is(i, "env") || !s.is(i-2, "process", ".") && !s.is(i-4, "import", ".", "meta", ".") {
		return
	}
	start := i - 2
	if s.is(i-2, "meta") {
		start = i - 4
	}
	switch {
	case s.is(i+1, ".") || s.is(i+1, "?."):
		c.Env = append(c.Env, fact.New(s.text(i+2), s.file, s.t[i].line))
	case s.is(i+1, "[") && s.is(i+3, "]"):
		if name, ok := s.str(i + 2); ok {
			c.Env = append(c.Env, fact.New(name, s.file, s.t[i].line))
		}
	case s.is(start-2, "}", "="):
		c.Env = append(c.Env, s.names(start-2)...)
	}
}

// names are those in the braces that token i closes: {A, B: b, C = 1, D as d}.
func (s *source) names(i int) []fact.Fact[string] {
	var out []fact.Fact[string]
	for k := i - 1; k >= 0 && !s.is(k, "{"); k-- {
		if s.t[k].kind == identifier && (s.is(k-1, "{") || s.is(k-1, ",")) {
			out = append(out, fact.New(s.text(k), s.file, s.t[k].line))
		}
	}
	return out
}

// readComponent reads the variables of a file that is no code of Node's.
func readComponent(t *tree.Tree, file string, c *Code) {
	text, err := t.ReadHead(file, maxSourceBytes)
	if err != nil {
		return
	}
	s := source{tree: t, file: file, t: lex(text)}
	for i := range s.t {
		s.variables(i, c)
	}
}

func readPages(t *tree.Tree, dir string, c *Code) {
	for _, name := range pages {
		file := path.Join(dir, name)
		text, err := t.Read(file)
		if err != nil || len(text) > maxConfig {
			continue
		}
		ls := document.NewLines(text)
		for _, at := range pageVariable.FindAllSubmatchIndex(text, -1) {
			c.Env = append(c.Env, fact.New(string(text[at[2]:at[3]]), file, ls.At(at[2])))
		}
	}
}

// firstOfEach sorts variables by name and keeps the first place of each in
// every file.
func firstOfEach(list []fact.Fact[string]) []fact.Fact[string] {
	slices.SortStableFunc(list, func(a, b fact.Fact[string]) int { return strings.Compare(a.Value, b.Value) })
	return slices.CompactFunc(list, func(a, b fact.Fact[string]) bool { return a.Value == b.Value && a.Pos.File == b.Pos.File })
}
