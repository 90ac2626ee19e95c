package java

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/java/syntax"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// injector gives fields and parameters what a framework gives them from the
// configuration.
type injector struct{ filler }

// value is what a field or parameter with that annotation holds:
//
//	@Value("${app.dir:data}")                              Spring, Micronaut
//	@ConfigProperty(name = "app.dir", defaultValue = "x")  MicroProfile
//	@Property(name = "app.dir", defaultValue = "x")        Micronaut
//	@ConfigurationProperties("app") of its class           Spring, Micronaut
//	@DefaultValue("x")                                     Spring, MicroProfile
func (j injector) value(_ *syntax.File, name string, a syntax.Annotation) (effect.Value, bool) {
	switch a.Name {
	case "Value":
		text := a.Texts["value"]
		if text == "" || strings.Contains(text, "#{") {
			return effect.Value{}, true
		}
		return j.filled(text), true
	case "ConfigProperty", "Property":
		if v, ok := j.setting(a.Texts["name"]); ok {
			return j.filled(v), true
		}
		if v, ok := a.Texts["defaultValue"]; ok {
			return j.filled(v), true
		}
		return effect.Value{}, a.Texts["name"] != ""
	case "ConfigurationProperties", "ConfigMapping", "ConfigProperties":
		prefix := a.Texts["value"] + a.Texts["prefix"]
		for _, key := range []string{name, kebab(name)} {
			if v, ok := j.setting(prefix + "." + key); ok && prefix != "" {
				return j.filled(v), true
			}
		}
	case "DefaultValue", "WithDefault":
		return j.filled(a.Texts["value"]), a.Texts["value"] != ""
	}
	return effect.Value{}, false
}

// keyed is what code gets for a key of the configuration from the libraries that read files of it: Typesafe's and Ktor's the files of the class
// path, the JDK's properties those that the same source names. Vert.x is given what nothing in the repository says, so there the
// default counts.
func (j injector) keyed(t *tree.Tree, dir string, p *Project) func(f *syntax.File, key string, otherwise effect.Value) effect.Value {
	return func(f *syntax.File, key string, otherwise effect.Value) effect.Value {
		uses := func(packages ...string) bool { return imports(f, packages...) }
		value, found := "", false
		switch {
		case uses("com.typesafe.config.", "io.ktor.server."):
			if s, ok := p.Value(key); ok {
				value, found = s.Value, true
			}
		case uses("java.util.Properties", "java.util.*"):
			value, found = namedProperty(t, dir, p, f, key)
			fallthrough
		case uses("io.vertx."):
			if !found && otherwise.Sure == effect.Literal {
				return effect.Value{Text: otherwise.Text, Sure: effect.Default}
			}
		}
		if !found {
			return effect.Value{}
		}
		if m := variable.FindStringSubmatch(value); m != nil {
			return effect.Value{Env: m[1], Text: m[2], Sure: effect.Default}
		}
		return j.filled(value)
	}
}

// imports reports whether the source imports a name that begins so.
func imports(f *syntax.File, packages ...string) bool {
	for name := range f.Imports {
		if slices.ContainsFunc(packages, func(s string) bool { return strings.HasPrefix(name, s) }) {
			return true
		}
	}
	return false
}

// variable matches a value that is a variable's.
var variable = lazy.MustCompile(`^\$\{([A-Z_][A-Z0-9_]*)(?::([^${}]*))?\}$`)

// namedProperty is the value of a key in a file of properties on the class path that the source names.
func namedProperty(t *tree.Tree, module string, p *Project, f *syntax.File, key string) (string, bool) {
	for i, token := range f.Tokens {
		if token.Kind != syntax.Str || !strings.HasSuffix(token.Text, ".properties") || i > maxTokens {
			continue
		}
		for _, dir := range p.Resources() {
			file := path.Join(module, dir, token.Text)
			if doc, err := document.Read(t, file); t.Has(file) && err == nil {
				if v := doc.Get(key); v.Found() {
					return v.Text, true
				}
			}
		}
	}
	return "", false
}

// hoplite is the group of a library that reads files of the configuration into objects of the code's own.
const hoplite = "com.sksamuel.hoplite"

// filledBy is what Hoplite gives a field of such an object: the value of its path in the files that the code names to it, of which the
// first counts. https://github.com/sksamuel/hoplite#property-sources, https://github.com/sksamuel/hoplite#param-mappers
func (j injector) filledBy(r *sources, dir string, p *Project) func(string) effect.Value {
	if !slices.ContainsFunc(p.Dependencies(), func(d pom.Dependency) bool { return d.Group == hoplite && d.AtRuntime() }) {
		return nil
	}
	list := sync.OnceValue(func() []Setting { return r.hoplite(dir, p) })
	plain := strings.NewReplacer("-", "", "_", "")
	return func(name string) effect.Value {
		_, key, _ := strings.Cut(name, ".") // the first is the variable
		for _, s := range list() {
			if strings.EqualFold(plain.Replace(s.Key), plain.Replace(key)) {
				return j.filled(s.Value)
			}
		}
		return effect.Value{}
	}
}

// hoplite are the settings of the files that sources which use the library name.
func (r *sources) hoplite(dir string, p *Project) []Setting {
	c := &config{t: r.tree, p: p}
	var out []Setting
	for _, name := range r.files {
		f := r.read(name)
		if f == nil || !imports(f, hoplite+".") {
			continue
		}
		for i, token := range f.Tokens {
			if token.Kind != syntax.Str || i > maxTokens || len(c.files) > maxProfiles || !slices.Contains([]string{".yml", ".yaml", ".json", ".conf", ".properties"}, path.Ext(token.Text)) {
				continue
			}
			for _, place := range append(slices.Clone(p.Resources()), ".") {
				if file := path.Join(dir, place, path.Join("/", token.Text)); r.tree.Has(file) {
					out = append(out, c.file(file)...)
					break
				}
			}
		}
	}
	return out
}

// maxTokens bounds how far a source is searched for the names of files.
const maxTokens = 20_000

func (j injector) filled(text string) effect.Value {
	v, whole := j.fill(text)
	if !whole || v == "" {
		return effect.Value{}
	}
	for _, scheme := range []string{"file:"} {
		v = strings.TrimPrefix(v, scheme)
	}
	return effect.Value{Text: v, Sure: effect.Default}
}

// kebab is the canonical form of a property's name:
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties.relaxed-binding
func kebab(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('-')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// systemProperty is a system property that names a folder.
func systemProperty(name string) (string, bool) {
	if strings.HasPrefix(name, "catalina") || strings.HasPrefix(name, "jetty") || name == "file.separator" || name == "PWD" || name == "LOG_TEMP" {
		return "", false
	}
	return system(name)
}

// settable are the beginnings of the keys that a framework reads from what the
// code sets.
var settable = []string{"spring.", "server.", "management.", "micronaut.", "quarkus.", "logging."} //nolint:gochecknoglobals // a constant table

// settings notes what a call sets of the configuration:
//
//	System.setProperty("server.port", "9000"), SpringApplication.run(A.class, "--server.port=9000")
//	new SpringApplicationBuilder(A.class).properties("spring.config.name=x").profiles("prod")
//	app.setDefaultProperties(Map.of("server.port", "9000"))
//
// https://docs.spring.io/spring-boot/reference/features/external-config.html
func (e *effects) settings(c syntax.Call) {
	args := e.f.Args(c.Open)
	text := func(n int) string {
		if n >= len(args) {
			return ""
		}
		v := e.eval.Of(e.f, args[n][0], args[n][1])
		if v.Sure == effect.Computed {
			return ""
		}
		return v.Text
	}
	add := func(list *[]Setting, key, value string) {
		key = strings.TrimPrefix(strings.TrimSpace(key), "--")
		for _, prefix := range settable {
			if strings.HasPrefix(key, prefix) && len(*list) < maxFound {
				*list = append(*list, Setting{Key: key, Value: strings.TrimSpace(value), Pos: fact.At(e.f.Name, e.f.Tokens[c.At].Line)})
				return
			}
		}
	}
	switch c.Name {
	case "setProperty":
		if c.Class == "System" {
			add(&e.given, text(0), text(1))
		}
	case "run", "properties":
		for n := range args {
			if key, value, ok := strings.Cut(text(n), "="); ok && (c.Name == "properties" || strings.HasPrefix(key, "--")) {
				list := &e.defaults
				if c.Name == "run" {
					list = &e.given
				}
				add(list, key, value)
			}
		}
	case "singletonMap", "of", "put":
		for n := 0; n+1 < len(args); n += 2 {
			add(&e.defaults, text(n), text(n+1))
		}
	case "setAdditionalProfiles", "profiles":
		var names []string
		for n := range args {
			if s := text(n); s != "" && !strings.ContainsAny(s, " =&|!") {
				names = append(names, s)
			}
		}
		if e.importsPackage("org.springframework.boot") && len(names) > 0 {
			add(&e.given, "spring.profiles.include", strings.Join(names, ","))
		}
	}
}

func (e *effects) importsPackage(name string) bool {
	for _, i := range e.imports {
		if i == name || strings.HasPrefix(i, name+".") {
			return true
		}
	}
	return false
}

// propertySources notes the files of @PropertySource, which count after the
// others: https://docs.spring.io/spring-framework/reference/core/beans/environment.html#beans-using-propertysource
func (e *effects) propertySources() {
	for i := range e.f.Tokens {
		if !e.f.Is(i, "PropertySource", "(") || !e.f.Is(i-1, "@") {
			continue
		}
		for j := i + 2; j < e.f.Close(i+1) && j < i+20; j++ {
			if k, _ := e.f.Kind(j); k == syntax.Str && strings.HasPrefix(e.f.Tokens[j].Text, "classpath:") {
				e.defaults = limit(append(e.defaults, Setting{Key: propertySource, Value: e.f.Tokens[j].Text, Pos: e.pos(j)}))
			}
		}
	}
}

// unfilled matches a placeholder without a default.
var unfilled = lazy.MustCompile(`\$\{([^${}:]+)\}`)

// injected are the placeholders without a default of what Spring and MicroProfile inject. The app does not start if nothing fills one in, unless the
// class is one that is made on a condition.
//
// https://docs.spring.io/spring-framework/reference/core/beans/annotation-config/value-annotations.html,
// https://download.eclipse.org/microprofile/microprofile-config-3.1/microprofile-config-spec-3.1.html#_injection_model
func (e *effects) injected() []fact.Fact[string] {
	spring := e.importsPackage("org.springframework.beans.factory.annotation")
	if !spring && !e.importsPackage("org.eclipse.microprofile.config.inject") {
		return nil
	}
	var out []fact.Fact[string]
	for i := range e.f.Tokens {
		if !e.f.Is(i, "@") {
			continue
		}
		if e.f.Is(i+1, "Profile", "(") || i+1 < len(e.f.Tokens) && strings.HasPrefix(e.f.Tokens[i+1].Text, "Conditional") {
			return nil
		}
		end := e.f.Close(i + 2)
		if !e.f.Is(i+1, "Value", "(") && !e.f.Is(i+1, "ConfigProperty", "(") {
			continue
		}
		named, otherwise := "", false
		for k := i + 3; k < min(end, i+20, len(e.f.Tokens)); k++ {
			otherwise = otherwise || e.f.Is(k, "defaultValue")
			if kind, _ := e.f.Kind(k); kind == syntax.Str && named == "" {
				named = e.f.Tokens[k].Text
			}
		}
		if !spring || e.f.Is(i+1, "ConfigProperty") {
			optional := false
			for k := end + 1; k < min(end+5, len(e.f.Tokens)); k++ {
				optional = optional || e.f.Is(k, "Optional") || e.f.Is(k, "OptionalInt") || e.f.Is(k, "Provider") || e.f.Is(k, "Supplier") || e.f.Is(k, "?")
			}
			if otherwise || optional || named == "" {
				continue
			}
			named = "${" + named + "}"
		}
		if strings.Contains(named, "#{") { // an expression may do without
			continue
		}
		for _, m := range unfilled.FindAllString(named, maxNest) {
			out = append(out, fact.New(m, e.f.Name, e.f.Tokens[i].Line))
		}
	}
	return out
}

// propertySource is the key of such a file among the settings of the code.
const propertySource = "@PropertySource"
