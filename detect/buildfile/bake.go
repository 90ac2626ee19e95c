package buildfile

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

var (
	bakeTarget = lazy.MustCompile(`^\s*target\s+"([^"\n]*)"\s*\{`)
	bakeValue  = lazy.MustCompile(`^\s*"?([A-Za-z_][\w.-]*)"?\s*=\s*"([^"\n]*)"`)
	bakeList   = lazy.MustCompile(`^\s*tags\s*=\s*\[(.*)`)
	bakeArgs   = lazy.MustCompile(`^\s*args\s*=\s*\{`)
	bakeQuoted = lazy.MustCompile(`"([^"\n]*)"`)
	bakeRef    = lazy.MustCompile(`\$\{[^{}\n]*\}`)
)

// bake reads the targets of a bake file: https://docs.docker.com/build/bake/reference/.
// Of HCL it reads what stands in one line; what a function computes is Unknown.
func (f *File) bake(text string) bool {
	if path.Ext(f.rel) == ".json" {
		doc, err := document.Parse(f.Name, []byte(text))
		if err != nil {
			return true
		}
		for _, m := range doc.Get("target").Members {
			v := m.Value
			b := Build{Pos: v.Pos(), Context: v.Get("context").Text, Dockerfile: v.Get("dockerfile").Text, Target: v.Get("target").Text, Args: environment(v.Get("args"))}
			for _, t := range v.Get("tags").Strings() {
				b.Tags = listed(b.Tags, t.Value)
			}
			f.Builds = listed(f.Builds, b)
		}
		return true
	}
	var b *Build
	depth, inArgs, n := 0, 0, 0
	for l := range strings.Lines(text) {
		n++
		if strings.HasPrefix(strings.TrimSpace(l), "#") || strings.HasPrefix(strings.TrimSpace(l), "//") {
			continue
		}
		l = bakeRef.ReplaceAllString(l, Unknown)
		if b == nil {
			if bakeTarget.MatchString(l) {
				b, depth, inArgs = &Build{Pos: fact.At(f.Name, n)}, 0, 0
			}
		}
		if b == nil {
			continue
		}
		switch m := bakeValue.FindStringSubmatch(l); {
		case bakeArgs.MatchString(l):
			inArgs = depth + 1
		case inArgs > 0 && depth >= inArgs:
			if name, _, ok := strings.Cut(l, "="); ok {
				value := Unknown
				if m != nil {
					value = m[2]
				}
				if name = strings.Trim(strings.TrimSpace(name), `"`); argName.MatchString(name) {
					b.Args = listed(b.Args, fact.New(variable(name, value), f.Name, n))
				}
			}
		case bakeList.MatchString(l):
			for _, t := range bakeQuoted.FindAllStringSubmatch(l, maxListed) {
				b.Tags = listed(b.Tags, t[1])
			}
		case m != nil:
			switch m[1] {
			case "context":
				b.Context = m[2]
			case "dockerfile":
				b.Dockerfile = m[2]
			case "target":
				b.Target = m[2]
			}
		}
		depth += strings.Count(l, "{") - strings.Count(l, "}")
		if inArgs > 0 && depth < inArgs {
			inArgs = 0
		}
		if depth <= 0 {
			f.Builds = listed(f.Builds, *b)
			b = nil
		}
	}
	return true
}

var argName = lazy.MustCompile(`^[A-Za-z_]\w*$`)
