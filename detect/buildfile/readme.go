package buildfile

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
)

var containerLine = lazy.MustCompile("(?:^|[\\s`>$#])((?:docker|podman)\\s+(?:container\\s+)?(?:run|build|buildx)\\s[^`]*)")

// placeholder is what a reader is to fill in: image:<VERSION>.
var placeholder = lazy.MustCompile(`<[A-Za-z][A-Za-z0-9 _.-]{0,40}>`)

// readme reads the docker run lines of the README. Its other commands stand
// between words, so the file is loose.
func (f *File) readme(text string) bool {
	f.Loose = true
	var found []Command
	printed := outputs(text)
	for _, l := range Lines(text) {
		m := containerLine.FindStringSubmatch(l.Text)
		if m == nil || len(found) >= maxListed || printed[l.N] {
			continue
		}
		s, err := shell.Read(placeholder.ReplaceAllString(m[1], Unknown), shell.Start{})
		if err != nil {
			continue
		}
		for _, c := range s.Commands {
			words := shell.Texts(c.Words)
			for i, w := range words {
				words[i] = strings.TrimSuffix(w, "\u200b")
			}
			found = append(found, Command{Pos: f.at(l.N).pos, Words: words})
		}
	}
	f.runs(found)
	for _, block := range fences(text) {
		// The lines before a block keep the place of what stands in it.
		docs, err := document.ParseAll(f.Name, []byte(strings.Repeat("\n", block.N)+block.Text))
		for _, doc := range docs {
			if err == nil {
				f.services(doc)
			}
		}
	}
	return true
}

// prompted is a line of a session that a reader types. A root's # would be a comment as well.
var prompted = lazy.MustCompile(`^\s*(?:[\w.@:~/-]{0,60}\s?[$%]|PS [^>]{0,60}>)\s+\S`)

// outputs are the numbers of the lines that a program has printed: those without a prompt in a block of code whose first line has one. The
// program may be another one than the app, and what it suggests is not what the app's people say.
// https://spec.commonmark.org/0.31.2/#indented-code-blocks, https://spec.commonmark.org/0.31.2/#fenced-code-blocks.
func outputs(text string) map[int]bool {
	out := map[int]bool{}
	const (
		none = iota
		first
		session
		other
	)
	fenced, state, typed := false, none, false
	n := 0
	for l := range strings.Lines(text) {
		n++
		trimmed := strings.TrimSpace(l)
		switch fence := strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~"); {
		case fence:
			if fenced = !fenced; fenced {
				state = first
			} else {
				state = none
			}
			continue
		case trimmed == "":
			continue
		case fenced:
		case !strings.HasPrefix(l, "    ") && !strings.HasPrefix(l, "\t"):
			state = none
		case state == none:
			state = first
		}
		prompt := prompted.MatchString(l)
		switch {
		case state == first && prompt:
			state = session
		case state == first:
			state = other
		case state == session && !prompt && !typed:
			out[n] = true
		}
		typed = strings.HasSuffix(trimmed, `\`) && (prompt || typed)
	}
	return out
}

// visited matches an address of the reader's own machine, up to the first folder of its path.
var visited = lazy.MustCompile(`https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|<[a-z -]{1,30}>|\[?(?:host|hostname|ip|server)\]?)(?::(?:[0-9]{2,5}|<[a-z -]{1,30}>))?/([A-Za-z0-9._-]{1,60})`)

// Visited is the first of the names with which the path of an address begins at which a README of the folder, or a page of its
// manual, says that the app answers on this machine.
func (r *Reader) Visited(names ...string) (name string, at fact.Pos, ok bool) {
	if r == nil || r.t == nil {
		return "", at, false
	}
	for _, f := range r.speaking() {
		if f.Kind != Readme {
			continue
		}
		for _, l := range Lines(f.Text) {
			for _, m := range visited.FindAllStringSubmatch(l.Text[:min(len(l.Text), maxVisited)], 20) {
				if name := strings.TrimRight(m[1], "."); slices.Contains(names, name) {
					return name, f.at(l.N).pos, true
				}
			}
		}
	}
	return "", at, false
}

// maxVisited is how much of a line is looked at for addresses.
const maxVisited = 4000

// maxFences is the most blocks of code that are read of one file.
const maxFences = 20

// fences are the blocks of code that look like a compose file.
func fences(text string) []Line {
	var out []Line
	var block *Line
	n := 0
	for l := range strings.Lines(text) {
		n++
		switch trimmed := strings.TrimSpace(l); {
		case strings.HasPrefix(trimmed, "```") && block == nil:
			block = &Line{N: n}
		case strings.HasPrefix(trimmed, "```"):
			if servicesLine.MatchString(block.Text) && len(out) < maxFences {
				out = append(out, *block)
			}
			block = nil
		case block != nil && len(block.Text) < maxText:
			block.Text += l
		}
	}
	return out
}

var servicesLine = lazy.MustCompile(`(?m)^services:[ \t]*\r?$`)
