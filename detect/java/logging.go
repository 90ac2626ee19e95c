package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
)

// logs finds the files that a configuration of Logback or Log4j has the app
// write to.
//
// https://logback.qos.ch/manual/appenders.html#FileAppender,
// https://docs.spring.io/spring-boot/how-to/logging.html#howto.logging.logback,
// https://logging.apache.org/log4j/2.x/manual/appenders/file.html,
// https://logging.apache.org/log4j/1.x/manual.html
type logs struct {
	t      *tree.Tree
	dir    string // of the resources
	fill   filler
	active []string
	names  map[string]string // the properties of the file, filled in as far as they are known
	cut    map[string]bool   // those that are not known to their end
	out    []effect.File
	files  int
}

// maxLogFiles bounds the files that configurations of loggers include.
const maxLogFiles = 10

// logConfigs are the files of Logback and of Log4j, below the resources.
func logConfigs(log4j bool) []string {
	if log4j {
		return []string{"log4j2-spring.xml", "log4j2.xml", "log4j2-spring.properties", "log4j2.properties", "log4j2.yaml", "log4j2.yml", "log4j.properties", "log4j.xml"}
	}
	return []string{"logback.xml", "logback-spring.xml"}
}

// readLogs adds the files that the loggers of the module write to.
func (p *Project) readLogs(t *tree.Tree, dir string, active []string) {
	log4j := slices.ContainsFunc(p.Dependencies(), func(d pom.Dependency) bool {
		return d.Scope != "test" && strings.Contains(d.Artifact, "log4j") && !strings.Contains(d.Artifact, "-to-") && !strings.Contains(d.Artifact, "over")
	})
	l := &logs{t: t, dir: dir, fill: p.filler(), active: active}
	names := logConfigs(log4j)
	if s, ok := p.Value("logging.config"); ok {
		if v, whole := l.fill.fill(s.Value); whole {
			if name, ok := strings.CutPrefix(v, "classpath:"); ok {
				names = []string{strings.TrimPrefix(name, "/")}
			}
		}
	}
	for _, name := range names {
		l.names, l.cut = map[string]string{}, map[string]bool{}
		l.spring(p)
		l.read(path.Join(dir, path.Join("/", name)))
	}
	for _, x := range l.out {
		p.addFile(x)
	}
}

// spring sets the properties that Spring Boot hands to the loggers:
// https://docs.spring.io/spring-boot/reference/features/logging.html#features.logging.custom-log-configuration
func (l *logs) spring(p *Project) {
	// The old name of a setting counts where the new one is not set.
	for _, x := range [][2]string{{"logging.path", "LOG_PATH"}, {"logging.file.path", "LOG_PATH"}, {"logging.file", "LOG_FILE"}, {"logging.file.name", "LOG_FILE"}} {
		if s, ok := p.Value(x[0]); ok {
			l.set(x[1], s.Value)
		}
	}
	if _, ok := l.names["LOG_FILE"]; !ok && l.names["LOG_PATH"] != "" {
		l.set("LOG_FILE", l.names["LOG_PATH"]+"/spring.log")
	}
}

// set gives a property its value.
func (l *logs) set(name, value string) {
	if len(l.names) < maxSettings {
		text, whole := l.filled(value)
		l.names[name], l.cut[name] = text, !whole
	}
}

// filled is a value with its placeholders filled in.
func (l *logs) filled(s string) (string, bool) {
	f := filler{pom: l.fill.pom, setting: func(name string) (string, bool) {
		if v, ok := l.names[name]; ok {
			return v, !l.cut[name]
		}
		return l.fill.setting(name)
	}}
	text, whole := f.fill(s)
	if !whole {
		return text, false
	}
	// %d of Logback and of Log4j, and the date that Log4j looks up.
	if before, _, ok := strings.Cut(text, "%"); ok {
		return before, false
	}
	return text, true
}

// write adds a file.
func (l *logs) write(v document.Value, what string) {
	text, whole := l.filled(v.Text)
	x, ok := pathOf(text, whole)
	if !ok || len(l.out) >= maxFound {
		return
	}
	x.Pos, x.Use, x.Call = v.Pos(), effect.Write, what
	l.out = append(l.out, x)
}

// read reads one file of configuration.
func (l *logs) read(file string) {
	if l.files++; l.files > maxLogFiles {
		return
	}
	doc, err := document.Read(l.t, file)
	if err != nil {
		return // absent, or one that the logger does not read either
	}
	if strings.HasSuffix(file, ".xml") {
		for _, m := range doc.Members {
			l.xml(m.Value, "")
		}
		return
	}
	list := flatten(doc)
	for _, s := range list {
		if name, ok := strings.CutPrefix(s.Key, "property."); ok {
			l.set(name, s.Value)
		} else if name, ok := strings.CutPrefix(s.Key, "Configuration.properties.property."); ok {
			l.set(name, s.Value)
		}
	}
	for _, s := range list {
		if last := s.Key[strings.LastIndexByte(s.Key, '.')+1:]; strings.EqualFold(last, "fileName") || last == "filePattern" || last == "File" && strings.HasPrefix(s.Key, "log4j.appender.") {
			l.write(document.Value{File: s.Pos.File, Line: s.Pos.Line, Text: s.Value}, s.Key)
		}
	}
}

// xml reads the elements of one, in order. appender is the class of the one
// around it.
func (l *logs) xml(v document.Value, appender string) {
	for _, m := range v.Members {
		e := m.Value
		attr := func(name string) string { return e.Get("@" + name).Text }
		key := strings.ToLower(m.Key)
		switch {
		case key == "springprofile":
			if !l.counts(attr("name")) {
				continue
			}
		case key == "property", key == "variable":
			name, value := attr("name"), attr("value")
			if value == "" {
				value = e.Text
			}
			if name != "" {
				l.set(name, value)
			}
		case key == "springproperty":
			value, ok := l.fill.setting(attr("source"))
			if !ok {
				value = attr("defaultValue")
			}
			l.set(attr("name"), value)
		case key == "include":
			l.include(e)
		case key == "appender":
			l.xml(e, attr("class"))
			continue
		case strings.HasPrefix(key, "@filename"), strings.HasPrefix(key, "@filepattern"):
			l.write(e, "fileName")
			continue
		case strings.HasSuffix(appender, "FileAppender") && (key == "file" || key == "filenamepattern"):
			l.write(e, m.Key)
		case strings.HasSuffix(appender, "FileAppender") && key == "param" && attr("name") == "File":
			l.write(e.Get("@value"), "File")
		}
		l.xml(e, appender)
	}
}

// counts reports whether a part for some profiles alone may count when the
// image runs: one of them is active, or is meant for that.
func (l *logs) counts(expression string) bool {
	active := l.active
	if len(active) == 0 {
		active = []string{"default"}
	}
	return holds(expression, active) || slices.ContainsFunc([]string{"prod", "production", "docker", "release", "prd", "live"}, func(name string) bool {
		return holds(expression, []string{name})
	})
}

// include reads the file of the class path that an element includes. That of
// Spring Boot itself writes to LOG_FILE.
func (l *logs) include(e document.Value) {
	name := e.Get("@resource").Text
	switch {
	case strings.HasSuffix(name, "/logback/file-appender.xml"):
		if file, ok := l.names["LOG_FILE"]; ok {
			l.write(document.Value{File: e.File, Line: e.Line, Text: file}, "LOG_FILE")
		}
	case name != "":
		l.read(path.Join(l.dir, path.Join("/", name)))
	}
}
