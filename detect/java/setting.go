package java

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Setting is one key of a configuration file on the class path, or beside the
// POM in the places where Spring Boot looks first.
type Setting struct {
	Key   string // "server.port"
	Value string // as it stands, with its ${PORT:8080}
	Pos   fact.Pos
}

// config reads the configuration of one module.
type config struct {
	t *tree.Tree
	p *Project
	// places are the folders that are looked in, the first that has a key counts.
	places []string
	// dir is the module's folder of the tree.
	dir string
	// code are the settings that the code makes before the files are read:
	// those that count before the files, and the defaults that count after them.
	code, otherwise []Setting
	active          []string // profiles, the last counts first
	files           []string // that were read, relative to the tree
}

// extensions of configuration files, in the order in which they count:
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files
var extensions = []string{".properties", ".yml", ".yaml"} //nolint:gochecknoglobals // a constant table

// maxProfiles bounds the profiles, names and imports that are followed.
const maxProfiles = 20

// read lists the settings, the first of a key counts. The rules are those of
// Spring Boot, https://docs.spring.io/spring-boot/reference/features/external-config.html
// and https://docs.spring.io/spring-boot/reference/features/profiles.html, with
// those of Quarkus and of MicroProfile for keys of a profile ("%prod."),
// https://quarkus.io/guides/config-reference#profiles.
func (c *config) read() []Setting {
	names := []string{"application"}
	if s := c.own("spring.config.name"); s != "" {
		names = split(s)
	}
	base := c.named(names, "")
	c.active = c.profiles(base)
	var out []Setting
	for _, v := range slices.Backward(c.active) {
		out = append(out, c.named(names, "-"+v)...)
	}
	out = append(out, c.named(names, "")...) // with what holds for the active profiles alone
	out = append(c.imported(out), out...)
	out = append(out, c.named([]string{"META-INF/microprofile-config"}, "")...)
	for _, name := range []string{"application.conf", "reference.conf"} { // https://github.com/lightbend/config#standard-behavior
		for _, dir := range c.places {
			out = append(out, c.file(path.Join(dir, name))...)
		}
	}
	for _, v := range slices.Backward(c.active) {
		out = append(out, c.named([]string{"bootstrap"}, "-"+v)...)
	}
	// https://docs.spring.io/spring-cloud-commons/reference/spring-cloud-commons/application-context-services.html
	out = append(out, c.named([]string{"bootstrap"}, "")...)
	for _, s := range c.otherwise {
		if file, ok := c.place(s.Value); ok && s.Key == propertySource {
			out = append(out, c.file(file)...)
		}
	}
	return slices.Concat(c.code, c.ofProfile(out), out, c.otherwise)
}

// own is the value of a key that the code sets.
func (c *config) own(key string) string {
	for _, s := range slices.Concat(c.code, c.otherwise) {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

func split(s string) []string {
	var out []string
	for name := range strings.SplitSeq(s, ",") {
		if name = strings.TrimSpace(name); name != "" && len(out) < maxProfiles {
			out = append(out, name)
		}
	}
	return out
}

// named reads the files of those names, with the suffix of a profile.
func (c *config) named(names []string, suffix string) []Setting {
	var out []Setting
	places := c.places
	for _, key := range []string{"spring.config.location", "spring.config.additional-location"} {
		for _, place := range split(c.own(key)) {
			if dir, ok := c.place(place); ok && strings.HasSuffix(place, "/") {
				places = append([]string{dir}, places...)
			} else if ok && suffix == "" {
				out = append(out, c.file(dir)...)
			}
		}
	}
	for _, dir := range places {
		for _, v := range slices.Backward(names) {
			for _, ext := range extensions {
				out = append(out, c.file(path.Join(dir, v+suffix+ext))...)
			}
		}
	}
	return out
}

// place is a file or folder that Spring's configuration names.
func (c *config) place(s string) (string, bool) {
	s = strings.TrimPrefix(s, "optional:")
	if rest, ok := strings.CutPrefix(s, "classpath:"); ok && len(c.places) > 0 {
		return path.Join(c.places[len(c.places)-1], path.Join("/", rest)), true
	}
	s = strings.TrimPrefix(s, "file:")
	return path.Join(c.dir, s), s != "" && !path.IsAbs(s) && !strings.Contains(s, ":") && !strings.HasPrefix(path.Clean(s), "..")
}

// imported reads the files that spring.config.import names, which count before
// the one that names them:
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.importing
func (c *config) imported(list []Setting) []Setting {
	var out []Setting
	n := 0
	for _, s := range list {
		if s.Key != "spring.config.import" && !strings.HasPrefix(s.Key, "spring.config.import[") {
			continue
		}
		for _, name := range split(s.Value) {
			if n++; n > maxProfiles {
				return out
			}
			if file, ok := c.place(name); ok {
				if !strings.HasPrefix(strings.TrimPrefix(name, "optional:"), "classpath:") && !strings.HasPrefix(strings.TrimPrefix(name, "optional:"), "file:") {
					file = path.Join(path.Dir(s.Pos.File), strings.TrimPrefix(name, "optional:"))
				}
				out = append(out, c.file(file)...)
			}
		}
	}
	return out
}

// profiles are those that are active without a word from outside.
func (c *config) profiles(base []Setting) []string {
	value := func(key string) (string, bool) {
		if v := c.own(key); v != "" {
			return v, true
		}
		for _, s := range base {
			if s.Key == key {
				v, whole := c.filler(base).fill(s.Value)
				return v, whole && !strings.ContainsAny(v, "@${}/\\*")
			}
		}
		return "", false
	}
	var out []string
	add := func(list string) {
		for _, name := range split(list) {
			if len(out) < maxProfiles && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	if c.p != nil && c.p.POM.PluginNamed("quarkus-maven-plugin").Active {
		return []string{"prod"}
	}
	include, _ := value("spring.profiles.include")
	add(include)
	v, ok := value("spring.profiles.active")
	if !ok || v == "" {
		v, _ = value("spring.profiles.default")
	}
	add(v)
	for _, name := range slices.Clone(out) {
		group, _ := value("spring.profiles.group." + name)
		add(group)
	}
	return out
}

// ofProfile are the keys that hold for an active profile of Quarkus or
// MicroProfile alone.
func (c *config) ofProfile(list []Setting) []Setting {
	active := c.active
	for _, s := range list {
		if s.Key == "mp.config.profile" && len(active) == 0 {
			active = []string{s.Value}
		}
	}
	var out []Setting
	for _, s := range list {
		profile, key, ok := strings.Cut(s.Key, ".")
		if !ok || !strings.HasPrefix(profile, "%") {
			continue
		}
		for name := range strings.SplitSeq(profile[1:], ",") {
			if slices.Contains(active, name) {
				out = append(out, Setting{Key: key, Value: s.Value, Pos: s.Pos})
			}
		}
	}
	return out
}

// filler fills in values of the settings.
func (c *config) filler(list []Setting) filler {
	return filler{
		setting: func(name string) (string, bool) {
			for _, s := range list {
				if s.Key == name {
					return s.Value, true
				}
			}
			return "", false
		},
		pom: func(name string) (string, bool) {
			if c.p == nil {
				return "", false
			}
			v := c.p.POM.Filtered(name)
			return v.Value, v.Found()
		},
	}
}

// file reads one configuration file. One that does not parse says nothing.
func (c *config) file(file string) []Setting {
	if !c.t.Has(file) {
		return nil
	}
	if !slices.Contains(c.files, file) {
		c.files = append(c.files, file)
	}
	if path.Ext(file) == ".conf" {
		text, err := c.t.ReadHead(file, maxHOCON)
		if err != nil {
			return nil
		}
		return hoconFile(file, string(text))
	}
	docs, err := readConfig(c.t, file)
	if err != nil {
		return nil
	}
	var out []Setting
	for _, v := range slices.Backward(docs) { // a later document counts before an earlier one
		list := flatten(v)
		if c.holds(list) {
			out = append(out, ofKtor(list)...)
		}
	}
	return out
}

// holds reports whether a document counts: it names no profile, or an active one.
func (c *config) holds(list []Setting) bool {
	for _, s := range list {
		switch {
		case s.Key == "spring.config.activate.on-profile" || s.Key == "spring.profiles":
			if !holds(s.Value, c.active) {
				return false
			}
		case strings.HasPrefix(s.Key, "spring.config.activate."):
			return false // on-cloud-platform
		}
	}
	return true
}

// holds reports whether an expression of profiles is true:
// https://docs.spring.io/spring-framework/reference/core/beans/environment.html#beans-definition-profiles-java
func holds(expression string, active []string) bool {
	if strings.ContainsAny(expression, "()") {
		return false // nobody writes it
	}
	for either := range strings.FieldsFuncSeq(expression, func(r rune) bool { return r == ',' || r == '|' }) {
		all := true
		for name := range strings.SplitSeq(either, "&") {
			name = strings.TrimSpace(name)
			other, not := strings.CutPrefix(name, "!")
			all = all && slices.Contains(active, other) != not
		}
		if all {
			return true
		}
	}
	return false
}

// readConfig reads the documents of one configuration file.
func readConfig(t *tree.Tree, file string) ([]document.Value, error) {
	if strings.HasSuffix(file, ".properties") {
		doc, err := document.Read(t, file)
		return []document.Value{doc}, err
	}
	text, err := t.Read(file)
	if err != nil {
		return nil, err
	}
	docs, err := document.ParseAll(file, text)
	if err != nil {
		// It is YAML only after the build has copied it.
		text = maven.ReplaceAll(text, []byte("$1'$2'"))
		docs, err = document.ParseAll(file, bytes.ReplaceAll(text, []byte(`\$`), []byte("$")))
	}
	return docs, err
}

// maven matches a value that begins with a property of Maven. Gradle's expand is kept from a $ by a backslash before it:
// https://docs.spring.io/spring-boot/how-to/properties-and-configuration.html#howto.properties-and-configuration.expand-properties.
var maven = lazy.MustCompile(`(?m)^([^#\n:]+:[ \t]+|[ \t]*-[ \t]+)(@[A-Za-z][^'\n#]*?)[ \t\r]*$`)

// The bounds of the settings of one file.
const (
	maxSettings = 5000
	maxKey      = 1000 // bytes
)

// flatten lists the scalars of a document with their dotted keys. A list of
// scalars is one text with commas, as Spring reads it.
func flatten(doc document.Value) []Setting {
	var out []Setting
	var add func(prefix string, v document.Value)
	add = func(prefix string, v document.Value) {
		for _, m := range v.Members {
			if len(prefix)+len(m.Key) > maxKey || len(out) >= maxSettings {
				return
			}
			switch {
			case m.Value.IsScalar() || m.Value.Kind == document.Null:
				out = append(out, Setting{Key: prefix + m.Key, Value: strings.TrimSpace(m.Value.Text), Pos: m.Value.Pos()})
			case m.Value.Kind == document.List:
				if text, ok := joined(m.Value); ok {
					out = append(out, Setting{Key: prefix + m.Key, Value: text, Pos: m.Value.Pos()})
				}
			}
			add(prefix+m.Key+".", m.Value)
		}
	}
	add("", doc)
	return out
}

// joined is a short list of scalars.
func joined(v document.Value) (string, bool) {
	var words []string
	for _, x := range v.Items {
		if !x.IsScalar() || len(words) >= maxProfiles {
			return "", false
		}
		words = append(words, x.Text)
	}
	return strings.Join(words, ","), len(words) > 0
}

// Value is the value of a key, as it stands.
func (p *Project) Value(key string) (fact.Fact[string], bool) {
	for _, s := range p.Settings {
		if s.Key == key {
			return fact.Fact[string]{Value: s.Value, Pos: s.Pos}, true
		}
	}
	return fact.Fact[string]{}, false
}

// filler fills in values with what the module's settings and its POM say.
func (p *Project) filler() filler {
	c := config{p: p}
	return c.filler(p.Settings)
}

// addFile adds a file that the configuration names.
func (p *Project) addFile(x effect.File) {
	if len(p.Sources.Files) < maxFound {
		p.Sources.Files = append(p.Sources.Files, cleaned(x))
	}
}

// cleaned is the file with a clean path, below the home of the user if it is.
func cleaned(x effect.File) effect.File {
	if x.Path.Text == "" {
		return x
	}
	text := strings.ReplaceAll(x.Path.Text, `\\`, "/")
	if file, ok := strings.CutPrefix(text, "file:"); ok && file != "" { // https://docs.spring.io/spring-framework/reference/core/resources.html#resources-resourceloader
		if rest := strings.TrimLeft(file, "/"); rest != file { // file:/x and file:///x
			file = "/" + rest
		}
		text = file
	}
	x.Path.Text = path.Clean(text)
	if x.Path.Text == homeFolder || strings.HasPrefix(x.Path.Text, homeFolder+"/") {
		x.Base, x.Path.Text = effect.Home, path.Clean("./"+strings.TrimPrefix(x.Path.Text, homeFolder))
	}
	return x
}
