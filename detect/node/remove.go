package node

import (
	"slices"

	"github.com/dockgen/dockgen/detect/node/js"
)

// What a text that only takes files away, or makes empty folders, may call, and load:
// https://nodejs.org/api/fs.html, https://github.com/jprichardson/node-fs-extra
//
//nolint:gochecknoglobals // constant tables
var (
	removing = []string{
		"require", "rm", "rmSync", "rmdir", "rmdirSync", "unlink", "unlinkSync", "remove", "removeSync", "emptyDir", "emptyDirSync", "rimraf", "sync", "mkdir", "mkdirSync", "ensureDirSync",
		"existsSync", "readdirSync", "filter", "forEach", "map", "endsWith", "startsWith", "join", "resolve", "cwd", "log", "catch", "then", "exit", "if", "for", "while",
	}
	removers = []string{"fs", "node:fs", "fs/promises", "node:fs/promises", "fs-extra", "path", "node:path", "rimraf"}
)

// OnlyRemoves reports whether a program that node is given as a text (node -e) takes files away and makes folders, and does nothing else: it writes nothing that a
// build needs. Every call is one by a known name, and every module a known one.
func OnlyRemoves(text string) bool {
	calls := 0
	tokens := js.Parse("e.js", []byte(text)).Tokens
	for i, t := range tokens {
		var last js.Token
		if i > 0 {
			last = tokens[i-1]
		}
		value := last.Kind != js.Punct || last.Text == ")" || last.Text == "]" || last.Text == "?." || last.Text == "}"
		switch {
		case t.Kind == js.Markup, t.Kind == js.Ident && slices.Contains([]string{"new", "import", "eval", "with"}, t.Text):
			return false
		case (t.Kind == js.Template || t.Kind == js.Head) && i > 0 && value: // a tag is called
			return false
		case t.Text != "(" || t.Kind != js.Punct || i == 0 || !value:
		case last.Kind != js.Ident || !slices.Contains(removing, last.Text):
			return false
		case last.Text == "require":
			if i+2 >= len(tokens) || tokens[i+1].Kind != js.String || !slices.Contains(removers, tokens[i+1].Value()) || tokens[i+2].Text != ")" {
				return false
			}
		default:
			calls++
		}
	}
	return calls > 0
}
