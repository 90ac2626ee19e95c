package buildfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Where the pages of a repository say that its app is found, and how it is started by hand.
var (
	ownAddress = lazy.MustCompile(`(?:\bhttps?://)?\b(localhost|127\.0\.0\.1|0\.0\.0\.0):([0-9]{2,5})\b`)
	invites    = lazy.MustCompile(`(?i)\b(open|visit|brows(e|er|ing)|point(ing)?|go(ing)? to|navigate|available|access(ible)?|running|reach(ed|able)?|log ?in|see|view|listen(s|ing)?|served?|starts?|connect)\b`)
)

// othersPorts are those on which databases, brokers, model servers and the tools of front ends listen, which pages name beside an app.
var othersPorts = []int{ //nolint:gochecknoglobals // a constant table
	25, 53, 1025, 1433, 2181, 2375, 2376, 2379, 3306, 4222, 4317, 4318, 5173, 5432, 5433, 5672, 6333, 6379, 6380, 7687, 8025, 9000, 9090, 9092, 9200, 9411, 11211, 11434, 15672, 16686, 19530, 27017, 35729,
}

// The most bytes of pages that are read for one answer, and of one line.
const (
	maxPages    = 2 << 20
	maxSentence = 1000
)

// pages are the READMEs and the pages on how to install the app, the nearest first.
func (r *Reader) pages() []*File {
	var out []*File
	n := 0
	for _, f := range r.speaking() {
		if f.Kind != Readme || developing(f.rel) || n > maxPages {
			continue
		}
		n += len(f.Text)
		out = append(out, f)
	}
	return out
}

// Address is the port of the only address of this machine at which the pages say that the app is found: http://localhost:8083. One that a
// sentence invites to counts more than one that only stands there. It is not found if they name several, or another program's.
func (r *Reader) Address() fact.Fact[int] {
	if r == nil || r.t == nil {
		return fact.Fact[int]{}
	}
	for _, f := range r.pages() {
		var invited, named []fact.Fact[int]
		before := ""
		for _, l := range Lines(f.Text) {
			l.Text = l.Text[:min(len(l.Text), maxSentence)]
			for _, m := range ownAddress.FindAllStringSubmatch(l.Text, 20) {
				n, err := strconv.Atoi(m[2])
				if err != nil || n > 65535 || strings.Contains(l.Text, "proxy_pass") || Debugs(n) {
					continue
				}
				x := fact.New(n, f.Name, l.N)
				named = listed(named, x)
				if invites.MatchString(before + " " + l.Text) {
					invited = listed(invited, x)
				}
			}
			if strings.Trim(l.Text, " \t`~") != "" {
				before = l.Text
			}
		}
		for _, list := range [][]fact.Fact[int]{invited, named} {
			if len(list) == 0 {
				continue
			}
			for _, x := range list {
				if x.Value != list[0].Value {
					return fact.Fact[int]{}
				}
			}
			if slices.Contains(othersPorts, list[0].Value) {
				return fact.Fact[int]{}
			}
			return list[0]
		}
	}
	return fact.Fact[int]{}
}

// shownCommand matches a command that a line shows: after a prompt, or between backticks.
var shownCommand = lazy.MustCompile("(?:^[ \\t]*(?:[$>#%][ \\t]+|\\([\\w.-]+\\)[ \\t]*[$>#%][ \\t]+)?|`)([A-Za-z][\\w.-]{0,60})" +
	"(?:[ \\t]+(serve|server|runserver|run-server|run_server|start-server|start|run|web|webserver|listen|up)(?:[ \\t]+-[^`]*)?)?[ \\t]*(`|$)")

// Verb is the command of a program that serves, as the pages show it: "serve" of notes serve. It is not found if they show the program
// without one as well.
func (r *Reader) Verb(program string) fact.Fact[string] {
	var found fact.Fact[string]
	if r == nil || r.t == nil || program == "" {
		return found
	}
	for _, f := range r.pages() {
		for _, l := range Lines(f.Text) {
			l.Text = l.Text[:min(len(l.Text), maxSentence)]
			for _, m := range shownCommand.FindAllStringSubmatch(l.Text, 20) {
				switch {
				case m[1] != program, m[2] == "" && m[3] == "`": // it only names it
				case m[2] == "":
					return fact.Fact[string]{}
				case !found.Found():
					found = fact.New(m[2], f.Name, l.N)
				}
			}
		}
	}
	return found
}
