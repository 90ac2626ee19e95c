package backing

import (
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// The forms in which code reads a variable, the first group its name and the second its default. The names of the functions are the
// languages' own, of libraries (dotenv, envalid, django-environ, decouple, envconfig, viper), and those that people give their helpers.
var (
	envCall   = lazy.MustCompile("(?i)\\b\\w*env\\w*(?:\\.\\w+)*\\s*[(\\[]\\s*[\"'`]([A-Za-z_]\\w*)[\"'`]\\s*(?:,\\s*(?:default\\s*=\\s*)?[\"'`]([^\"'`]*)[\"'`])?")
	envMember = lazy.MustCompile("\\b(?:process|Bun)\\.env\\.([A-Za-z_]\\w*)(?:\\s*(?:\\|\\||\\?\\?)\\s*[\"'`]([^\"'`]*)[\"'`])?")
	envBrace  = lazy.MustCompile(`\{([^{}]*)\}\s*=\s*(?:process|Bun)\.env\b`)
	envConfig = lazy.MustCompile("\\b(?:config|configService|cfg)(?:\\.(?:get|getOrThrow))?(?:<[^>]*>)?\\(\\s*[\"'`]([A-Z][A-Z0-9_]*)[\"'`]\\s*(?:,\\s*(?:default\\s*=\\s*)?[\"'`]([^\"'`]*)[\"'`])?")
	envSchema = lazy.MustCompile(`^\s*([A-Z][A-Z0-9_]+)\s*:\s*(?:z|v|t|s|Joi|Type|yup|str|url|host|port|num|makeValidator)\b\s*[.(]`)
	envTag    = lazy.MustCompile(`\b(?:env|envconfig)(?:=|:")([A-Z_][A-Z0-9_]*)[^"]*"(?:[^` + "`" + `]*(?:envDefault|default):"([^"]*)")?`)
	envBind   = lazy.MustCompile(`\bBindEnv\([^)]*"([A-Z_][A-Z0-9_]*)"`)
	envHolder = lazy.MustCompile(`\$\{([A-Z_][A-Z0-9_]*)(?::([^}]*))?\}`)
)

// An address of a server: not of the web, and with a host. A scheme may have a prefix (jdbc:postgresql) and a driver (postgresql+asyncpg).
var (
	address    = lazy.MustCompile(`\b((?:jdbc:|r2dbc:)?[a-z][a-z0-9]*(?:\+[a-z0-9_]+)?)://[^\s"'` + "`" + `<>]+`)
	elsewhere  = lazy.MustCompile(`^(https?|wss?|file|ftp|ssh|git|data|chrome|vscode|node|app|npm|docker|s3|gs|sqlite\S*|urn|tel|mailto|blob|about|view-source)://`)
	nodeImport = lazy.MustCompile("(?:\\bfrom\\s*|\\brequire\\s*\\(\\s*|\\bimport\\s*\\(?\\s*)[\"']([^\"'./][^\"']*)[\"']")
	pyImport   = lazy.MustCompile(`^\s*(?:import|from)\s+([A-Za-z_][\w.]*)`)
	javaImport = lazy.MustCompile(`^import\s+(?:static\s+)?([\w.]+)`)
	pySettings = lazy.MustCompile(`^class\s+\w+\s*\([^)]*Settings[^)]*\)\s*:`)
	pyField    = lazy.MustCompile(`^\s+([A-Za-z]\w*)\s*:\s*[^=#]+?(?:=\s*(?:Field\(\s*(?:default\s*=\s*)?)?(?:["']([^"']*)["'])?.*)?$`)
	pyPrefix   = lazy.MustCompile(`env_prefix\s*=\s*["'](\w*)["']`)
	pyAlias    = lazy.MustCompile(`\b(?:validation_alias|alias|env)\s*=\s*["']([A-Za-z_]\w*)["']`)
)

// lineReader reads the lines of one file, in order.
type lineReader struct {
	r        *reader
	file     string
	settings bool   // within a class of pydantic's settings, each field of which is a variable
	prefix   string // of these variables
}

func (l *lineReader) read(line string, n int, isCode bool) {
	r := l.r
	pos := fact.At(l.file, n)
	if strings.Contains(line, "://") {
		r.url(line, l.file, n)
	}
	if !isCode {
		if strings.Contains(line, "${") {
			for _, m := range envHolder.FindAllStringSubmatch(line, 20) {
				r.add(Var{Name: m[1], Value: m[2], Pos: pos, Code: true})
			}
		}
		return
	}
	l.imports(line, pos)
	add := func(m []string) {
		v := Var{Name: m[1], Pos: pos, Code: true}
		if len(m) > 2 {
			v.Value = m[2]
		}
		r.add(v)
	}
	lower := strings.ToLower(line)
	if strings.Contains(lower, "env") {
		for _, p := range []*lazy.Regexp{envCall, envMember, envTag, envBind} {
			for _, m := range p.FindAllStringSubmatch(line, 20) {
				add(m)
			}
		}
		if m := envBrace.FindStringSubmatch(line); m != nil {
			for name := range strings.SplitSeq(m[1], ",") {
				name, value, _ := strings.Cut(name, "=")
				name, _, _ = strings.Cut(name, ":")
				if name = strings.TrimSpace(name); envName.MatchString(name) {
					r.add(Var{Name: name, Value: strings.Trim(strings.TrimSpace(value), "\"'`"), Pos: pos, Code: true})
				}
			}
		}
	}
	if strings.Contains(lower, "cfg") || strings.Contains(lower, "config") {
		for _, m := range envConfig.FindAllStringSubmatch(line, 20) {
			add(m)
		}
	}
	switch r.app.Language {
	case "node":
		if m := envSchema.FindStringSubmatch(line); m != nil {
			add(m)
		}
	case "java":
		for _, m := range envHolder.FindAllStringSubmatch(line, 20) {
			add(m)
		}
	case "python":
		l.pydantic(line, pos)
	}
}

// pydantic reads the fields of a class of settings: https://docs.pydantic.dev/latest/concepts/pydantic_settings/
func (l *lineReader) pydantic(line string, pos fact.Pos) {
	if line != "" && line[0] != ' ' && line[0] != '\t' && line[0] != ')' && line[0] != '@' {
		if l.settings = pySettings.MatchString(line); l.settings {
			l.prefix = ""
		}
		return
	}
	if !l.settings {
		return
	}
	if m := pyPrefix.FindStringSubmatch(line); m != nil {
		l.prefix = m[1]
		return
	}
	m := pyField.FindStringSubmatch(line)
	if m == nil || m[1] == "model_config" {
		return
	}
	name := strings.ToUpper(l.prefix + m[1])
	if a := pyAlias.FindStringSubmatch(line); a != nil {
		name = a[1]
	}
	l.r.add(Var{Name: name, Value: m[2], Pos: pos, Code: true})
}

// imports keeps what a line imports.
func (l *lineReader) imports(line string, pos fact.Pos) {
	keep := func(name string) {
		if _, ok := l.r.f.Imports[name]; !ok && len(l.r.f.Imports) < 5000 {
			l.r.f.Imports[name] = pos
		}
	}
	switch l.r.app.Language {
	case "node":
		if strings.Contains(line, "import") || strings.Contains(line, "require") || strings.Contains(line, "from") {
			for _, m := range nodeImport.FindAllStringSubmatch(line, 10) {
				keep(packageOf(m[1]))
			}
		}
	case "python":
		if m := pyImport.FindStringSubmatch(line); m != nil {
			keep(m[1])
			if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "import "); ok {
				for name := range strings.SplitSeq(rest, ",") {
					if words := strings.Fields(name); len(words) > 0 {
						keep(words[0])
					}
				}
			}
		}
	case "java":
		if m := javaImport.FindStringSubmatch(line); m != nil {
			keep(m[1])
		}
	}
}

// packageOf is the package of an import: "pg" of "pg/lib/x", "@scope/name" of "@scope/name/x".
func packageOf(s string) string {
	words := strings.SplitN(s, "/", 3)
	if strings.HasPrefix(s, "@") && len(words) > 1 {
		return words[0] + "/" + words[1]
	}
	return words[0]
}

// url keeps the addresses that a text holds.
func (r *reader) url(text, file string, n int) {
	for _, m := range address.FindAllString(text, 10) {
		if !elsewhere.MatchString(m) && len(r.f.URLs) < maxURLs {
			r.f.URLs = append(r.f.URLs, fact.New(m, file, n))
		}
	}
}
