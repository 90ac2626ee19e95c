package java

import (
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
)

// filler fills in the placeholders of a configuration value: ${name:default} of
// Spring, Quarkus and Micronaut, ${name:-default} of Logback and Log4j, and
// @name@ of Maven's resource filtering.
//
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.property-placeholders,
// https://logback.qos.ch/manual/configuration.html#variableSubstitution,
// https://logging.apache.org/log4j/2.x/manual/configuration.html#property-substitution
type filler struct {
	// setting is the value of a name, pom that of a property of the POM.
	setting, pom func(name string) (string, bool)
	steps        int
}

// The bounds of one value.
const (
	maxFill  = 4096 // bytes
	maxSteps = 200  // placeholders
	maxNest  = 8
)

// fill is the text with its placeholders filled in. whole is false if
// something is not known: the text ends there.
func (f filler) fill(s string) (text string, whole bool) {
	f.steps = 0
	return f.text(s, 0)
}

func (f *filler) text(s string, depth int) (string, bool) {
	var b strings.Builder
	for s != "" {
		if f.steps++; f.steps > maxSteps || b.Len() > maxFill || depth > maxNest {
			return b.String(), false
		}
		i := strings.IndexAny(s, "$@#")
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		switch j := closing(s); {
		case s[0] == '@' || s[0] == '#': // which JHipster has for @
			name, rest, ok := strings.Cut(s[1:], s[:1])
			v, known := "", false
			if ok && name != "" && !strings.ContainsAny(name, " /\\:") {
				v, known = f.pom(name)
			}
			if !known {
				b.WriteByte(s[0])
				s = s[1:]
				continue
			}
			b.WriteString(v)
			s = rest
		case strings.HasPrefix(s, "$$"):
			s = s[1:] // Log4j reads what follows at run time
		case j < 0:
			b.WriteByte('$')
			s = s[1:]
		default:
			v, ok := f.name(s[2:j], depth+1)
			b.WriteString(v)
			if !ok {
				return b.String(), false
			}
			s = s[j+1:]
		}
	}
	return b.String(), true
}

// closing is the brace that closes the "${" at the beginning of s, or -1.
func closing(s string) int {
	if !strings.HasPrefix(s, "${") {
		return -1
	}
	depth := 0
	for i := range min(len(s), maxFill) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// lookups are the prefixes by which Log4j names where a value is from:
// https://logging.apache.org/log4j/2.x/manual/lookups.html
var lookups = []string{"sys:", "env:", "spring:", "bundle:application:", "ctx:", "main:"} //nolint:gochecknoglobals // a constant table

// name is the value of what stands between the braces.
func (f *filler) name(s string, depth int) (string, bool) {
	for _, prefix := range lookups {
		s = strings.TrimPrefix(s, prefix)
	}
	name, otherwise, has := strings.Cut(s, ":")
	if has {
		otherwise = strings.TrimPrefix(otherwise, "-")
	}
	if strings.Contains(name, "${") {
		var ok bool
		if name, ok = f.text(name, depth); !ok {
			return "", false
		}
	}
	if name == "date" {
		return "", false // Log4j looks it up
	}
	if v, ok := f.setting(name); ok && !strings.Contains(v, "${"+name) {
		return f.text(v, depth)
	}
	if v, ok := system(name); ok {
		return v, true
	}
	if v, ok := f.pom(name); ok {
		return v, true
	}
	if has {
		return f.text(otherwise, depth)
	}
	return "", false
}

// homeFolder stands for the home folder of the user at the beginning of a path,
// as H2 writes it.
const homeFolder = "~"

// system are the system properties that name a folder:
// https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/System.html#getProperties(),
// https://tomcat.apache.org/tomcat-10.1-doc/introduction.html#Directories_and_Files
func system(name string) (string, bool) {
	v, ok := map[string]string{
		"user.home": homeFolder, "HOME": homeFolder, "java.io.tmpdir": "/tmp", "LOG_TEMP": "/tmp", "user.dir": ".",
		"catalina.base": ".", "catalina.home": ".", "jetty.base": ".", "PWD": ".", "file.separator": "/",
	}[name]
	return v, ok
}

// pathOf is a file of that path, whose text ends where it is not known. ok is
// false for what is no path of a file.
func pathOf(text string, whole bool) (x effect.File, ok bool) {
	text = strings.TrimSpace(strings.ReplaceAll(text, `\`, "/"))
	for _, scheme := range []string{"optional:", "file:"} {
		text = strings.TrimPrefix(text, scheme)
	}
	if strings.HasPrefix(text, "//") && !strings.HasPrefix(text, "///") || strings.Contains(text, "://") || strings.HasPrefix(text, "classpath") || len(text) > 1000 ||
		len(text) > 1 && text[1] == ':' || strings.ContainsAny(text, "\x00\n\r*?\"<>|") {
		return x, false
	}
	if !whole || strings.HasSuffix(text, "/") {
		x.Dir = true
		text = text[:strings.LastIndexByte(text, '/')+1]
		if text == "" {
			text = "."
		}
	}
	if text == "" {
		return x, false
	}
	x.Path = effect.Value{Text: text, Sure: effect.Literal}
	return x, true
}
