package python

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// maxLogging bounds the handlers of one configuration.
const maxLogging = 20

var (
	// logArgument is the first argument of a handler, as a literal: args = ('logs/app.log', 'a').
	logArgument = lazy.MustCompile(`^\(\s*[rub]?(?:'([^'%{}\\]+)'|"([^"%{}\\]+)")\s*[,)]`)
	logKeyword  = lazy.MustCompile(`['"]filename['"]\s*:\s*(?:'([^'%{}\\]+)'|"([^"%{}\\]+)")`)
)

// LogFiles are the files that the handlers of a logging configuration write, each as it stands there: a dictionary in YAML or JSON
// (https://docs.python.org/3/library/logging.config.html#logging-config-dictschema), or the sections of an INI file
// (https://docs.python.org/3/library/logging.config.html#configuration-file-format). It is nil for any other file.
func LogFiles(t *tree.Tree, file string) []fact.Fact[string] {
	var out []fact.Fact[string]
	add := func(class, name string, pos fact.Pos) {
		if strings.HasSuffix(class, "FileHandler") && name != "" && !strings.ContainsAny(name, "%{}$:\n") && len(out) < maxLogging {
			out = append(out, fact.Fact[string]{Value: name, Pos: pos})
		}
	}
	switch path.Ext(file) {
	case ".yaml", ".yml", ".json":
		doc, err := document.Read(t, file)
		if err != nil {
			return nil
		}
		for _, root := range []document.Value{doc, doc.Get("logging"), doc.Get("LOGGING")} {
			for _, h := range root.Get("handlers").Members {
				add(h.Value.Get("class").Text, h.Value.Get("filename").Text, h.Value.Get("filename").Pos())
			}
		}
	case ".ini", ".conf", ".cfg":
		text, err := t.ReadHead(file, 64<<10)
		if err != nil || !strings.Contains(string(text), "[handlers]") {
			return nil
		}
		section, class := "", ""
		for i, line := range strings.Split(string(text), "\n") {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "[") {
				section, class = line, ""
			}
			key, value, ok := strings.Cut(line, "=")
			value = strings.TrimSpace(value)
			if !ok || !strings.HasPrefix(section, "[handler_") {
				continue
			}
			found := logArgument
			switch strings.TrimSpace(key) {
			case "class":
				class = value
				continue
			case "kwargs":
				found = logKeyword
			case "args":
			default:
				continue
			}
			if m := found.FindStringSubmatch(value); m != nil {
				add(class, m[1]+m[2], fact.At(file, i+1))
			}
		}
	}
	return out
}
