package java

import (
	"path"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// readVersions reads the files that name a JDK for version managers, in the
// order in which they count.
func readVersions(t *tree.Tree, dir string) []fact.Fact[string] {
	var out []fact.Fact[string]
	for _, f := range []struct {
		name string
		line *regexp.Regexp
	}{
		{".java-version", regexp.MustCompile(`^\s*(\S+)`)},
		{".sdkmanrc", regexp.MustCompile(`^\s*java\s*=\s*(\S+)`)},
		{".tool-versions", regexp.MustCompile(`^\s*java\s+(\S+)`)},
		{"system.properties", regexp.MustCompile(`^\s*java\.runtime\.version\s*[=:]\s*(\S+)`)},
	} {
		file := path.Join(dir, f.name)
		text, err := t.ReadHead(file, 1<<16)
		if err != nil {
			continue
		}
		no := 0
		for line := range strings.Lines(string(text)) {
			no++
			if strings.HasPrefix(strings.TrimSpace(line), "#") {
				continue
			}
			if m := f.line.FindStringSubmatch(line); m != nil {
				out = append(out, fact.New(m[1], file, no))
				break
			}
		}
	}
	for _, name := range []string{"mise.toml", ".mise.toml"} {
		file := path.Join(dir, name)
		text, err := t.ReadHead(file, 1<<16)
		if err != nil {
			continue
		}
		if v := miseJava(text); v != "" {
			out = append(out, fact.New(v, file, lineOf(text)))
		}
	}
	return out
}

// miseJava reads [tools] java: https://mise.jdx.dev/configuration.html#mise-toml
func miseJava(text []byte) string {
	var doc struct {
		Tools map[string]any `toml:"tools"`
	}
	if toml.Unmarshal(text, &doc) != nil {
		return ""
	}
	switch v := doc.Tools["java"].(type) {
	case string:
		return v
	case map[string]any:
		s, _ := v["version"].(string)
		return s
	case []any:
		if len(v) > 0 {
			s, _ := v[0].(string)
			return s
		}
	}
	return ""
}

// lineOf finds the line of the java key.
func lineOf(text []byte) int {
	var p unstable.Parser
	p.Reset(text)
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.KeyValue {
			continue
		}
		it := e.Key()
		last := ""
		off := 0
		for it.Next() {
			last, off = string(it.Node().Data), int(it.Node().Raw.Offset)
		}
		if last == "java" {
			return fact.LineAt(text, off)
		}
	}
	return 0
}

var major = regexp.MustCompile(`(?:^|[^0-9.])(?:1\.)?([0-9]{1,2})(?:[^0-9]|$)`)

// Major is the feature release that a version names: "1.8" and
// "zulu-8.86.0.25" are 8, "temurin-21.0.1+12" is 21, "[17,)" is 17. "" is none.
func Major(version string) string {
	m := major.FindStringSubmatch(version)
	if m == nil {
		return ""
	}
	return strings.TrimLeft(m[1], "0")
}
