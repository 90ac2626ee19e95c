package node

import "testing"

func TestOnlyRemoves(t *testing.T) {
	for text, want := range map[string]bool{
		"require('fs').rmSync('dist', {recursive: true, force: true})":                                   true,
		`fs.existsSync("dist") && fs.rmSync("dist", { recursive: true })`:                                true,
		"const fs = require('node:fs'); for (const d of ['a', 'b']) { fs.rmSync(d, {recursive: true}) }": true,
		"['dist', 'lib'].forEach(d => require('fs').rmSync(d, {force: true, recursive: true}))":          true,
		"require('rimraf').sync('dist')":                                                                 true,
		"require('fs').mkdirSync('dist', {recursive: true}), console.log(`made`)":                        true,
		"":      false,
		"1 + 1": false,
		"rm":    false,
		"require('fs').cpSync('a', 'dist', {recursive: true})": false,
		"require('fs').writeFileSync('dist/version', '1')":     false,
		"require('./build')":                                              false,
		"require('./build').rmSync('dist')":                               false,
		"require(process.env.X).rmSync('dist')":                           false,
		"require('fs')['cpSync']('a', 'b'); fs.rmSync('x')":               false,
		"fs.rmSync('x'); fs.cpSync?.('a', 'b')":                           false,
		"fs.rmSync('x'); fs.cpSync`a`":                                    false,
		"fs.rmSync('x'); (0, fs.cpSync)('a', 'b')":                        false,
		"fs.rmSync('x'); new Build":                                       false,
		"fs.rmSync('x'); import('./build')":                               false,
		"fs.rmSync('x'); require('child_process').execSync('vite build')": false,
		"fs.rmSync(\"x":                                                   true, // no text is an error
	} {
		if got := OnlyRemoves(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
