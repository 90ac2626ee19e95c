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
		doc, err := document.Parse("logging.ini", text) // whatever its name ends with
		if err != nil {
			return nil
		}
		for _, s := range doc.Members {
			if !strings.HasPrefix(s.Key, "handler_") {
				continue
			}
			for _, from := range []struct {
				key  string
				name *lazy.Regexp
			}{{"args", logArgument}, {"kwargs", logKeyword}} {
				v := s.Value.Get(from.key)
				if m := from.name.FindStringSubmatch(v.Text); m != nil {
					add(s.Value.Get("class").Text, m[1]+m[2], fact.At(file, v.Line))
				}
			}
		}
	}
	return out
}
