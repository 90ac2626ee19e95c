// Package settings is what the user asks for: the keys of dockgen.yaml, which
// --set and a profile share. Nothing in it is needed; every key has a reason
// to be left out.
package settings

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/similar"
	"github.com/dockgen/dockgen/profiles/plan"
)

// File is the name of the user's settings file.
const File = "dockgen.yaml"

// Settings are the keys. The zero value asks for nothing. A key that is null
// or left out is not set; a list or a map that is set may be empty.
type Settings struct {
	Profile     string            `yaml:"profile,omitempty" jsonschema:"description=Name of a built-in profile or path of a profile file"`
	Runtime     plan.Runtime      `yaml:"runtime,omitempty" jsonschema:"enum=scratch,enum=alpine,enum=distroless,enum=slim,description=Kind of image that prod runs on"`
	Language    string            `yaml:"language,omitempty" jsonschema:"description=Stack to use where a folder holds several"`
	Main        string            `yaml:"main,omitempty" jsonschema:"description=What to run where there are several: a Go main package (./cmd/api) or a Java main class or a Python or JavaScript file or the folder of a member of a workspace or of a Maven module"`
	Targets     []string          `yaml:"targets,omitempty" jsonschema:"oneof_type=string;array,description=Go main packages beside the app that become targets of their own: a list (./cmd/worker) or all"`
	Version     string            `yaml:"version,omitempty" jsonschema:"oneof_type=string;number,description=Version of the language (1.26 or 24 or 3.13)"`
	Port        int               `yaml:"port,omitempty" jsonschema:"minimum=1,maximum=65535,description=Port that the app listens on"`
	Start       []string          `yaml:"start,omitempty" jsonschema:"description=Command that prod runs in exec form"`
	Healthcheck string            `yaml:"healthcheck,omitempty" jsonschema:"description=Path that answers 200 when the app is well; none leaves the check out"`
	Packages    []string          `yaml:"packages,omitempty" jsonschema:"description=More Debian or Alpine packages that prod needs"`
	Env         map[string]string `yaml:"env,omitempty" jsonschema:"description=More variables of prod; never secrets"`
	Reloader    string            `yaml:"reloader,omitempty" jsonschema:"enum=none,description=none makes dev run a Go program once (go run) instead of building it again on every save"`
	Debug       *bool             `yaml:"debug,omitempty" jsonschema:"description=Whether dev waits for your debugger: a Go program under delve on port 2345 and a Java program with JDWP on port 5005"`
	Startup     string            `yaml:"startup,omitempty" jsonschema:"enum=cache,enum=native,description=How prod of a Java program starts faster: cache from a cache of its classes that one run in the build makes; native as a program of machine code where the build makes one with GraalVM"`
	Jlink       []string          `yaml:"jlink,omitempty" jsonschema:"oneof_type=boolean;array,description=Whether prod of a Java program has a runtime with the modules that the app needs alone: true or a list of modules to add to these (jdk.localedata)"`
	Syntax      *bool             `yaml:"syntax,omitempty" jsonschema:"description=Whether the file starts with the line that names the Dockerfile frontend; false leaves it out where no registry is reached and writes nothing that the frontend of BuildKit 0.11 does not know"`
	Link        *bool             `yaml:"link,omitempty" jsonschema:"description=Whether COPY has --link; false leaves it out for builders that do not know it such as Buildah before 1.41"`
	Compose     *bool             `yaml:"compose,omitempty" jsonschema:"description=Whether compose.yaml is written too with the servers that the apps need"`

	// from says where each key was set.
	from map[string]fact.Pos
}

//go:embed dockgen.schema.json
var schema []byte

// Schema is the JSON Schema of the file.
func Schema() []byte { return slices.Clone(schema) }

// Pos says where key was set: a line of dockgen.yaml, or a flag. It is zero
// for a key that was not set.
func (s Settings) Pos(key string) fact.Pos { return s.from[key] }

// Keys lists every key, in the order of the documentation.
func Keys() []string {
	at := fields()
	return slices.SortedFunc(maps.Keys(at), func(a, b string) int { return at[a] - at[b] })
}

// Doc is what there is to say of a key.
type Doc struct {
	Key, Example, Text string   // the example is quoted for a shell
	Values             []string // those that mean something, of a key that has such
}

// Docs are the keys in the order of the documentation, as the schema has them.
func Docs() []Doc {
	type property struct {
		Type        string
		Description string
		Enum        []string
		OneOf       []struct{ Type string }
	}
	var form struct{ Properties map[string]property }
	if err := json.Unmarshal(schema, &form); err != nil {
		return nil // a test reads it
	}
	var out []Doc
	for _, key := range Keys() {
		p := form.Properties[key]
		text := p.Description
		for _, end := range []string{":", " (", ";"} {
			if len(text) > 72 || end != ";" { // its beginning is enough
				text, _, _ = strings.Cut(text, end)
			}
		}
		d := Doc{Key: key, Example: plan.ShellQuote(examples(key)), Text: text, Values: p.Enum}
		switch {
		case p.Type == "boolean", slices.ContainsFunc(p.OneOf, func(o struct{ Type string }) bool { return o.Type == "boolean" }):
			d.Values = []string{"true", "false"}
		case key == "healthcheck":
			d.Values = []string{"none"}
		case key == "targets":
			d.Values = []string{"all"}
		}
		out = append(out, d)
	}
	return out
}

// listKeys ends the hint to a key that is wrong.
const listKeys = "dockgen init --help lists the keys"

// Parse decodes a settings file strictly. Errors are *fact.Error with the
// file's line.
func Parse(file string, text []byte) (Settings, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return Settings{}, Error(file, err)
	}
	if doc.Kind == 0 || len(doc.Content) == 0 {
		return Settings{}, nil
	}
	return Decode(file, doc.Content[0])
}

// Decode decodes a mapping node that stands in file.
func Decode(file string, node *yaml.Node) (Settings, error) {
	var s Settings
	if node.Kind != yaml.MappingNode {
		return s, fact.Errorf(fact.At(file, node.Line), "want keys and values").WithHint("such as port: 8080; %s", listKeys)
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		k := node.Content[i]
		if _, ok := fields()[k.Value]; !ok {
			return s, unknown(fact.At(file, k.Line), k.Value, Keys(), listKeys)
		}
	}
	if err := listed(node).Decode(&s); err != nil {
		return Settings{}, wrong(file, listed(node), err)
	}
	s.from = map[string]fact.Pos{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i+1].ShortTag() != "!!null" {
			s.from[node.Content[i].Value] = fact.At(file, node.Content[i].Line)
		}
	}
	return s, s.check()
}

// unknown says that a key is none of those that there are, which are listed there.
func unknown(at fact.Pos, key string, keys []string, list string) *fact.Error {
	return fact.Errorf(at, "unknown key %q", plan.Printable(key, 40)).WithHint("%s%s", similar.Hint(key, keys), list)
}

// examples are a value of each key as one writes it, for who wrote another kind of value.
func examples(key string) string {
	switch key {
	case "profile":
		return "minimal"
	case "runtime":
		return "slim"
	case "language":
		return "python"
	case "main":
		return "./cmd/api"
	case "targets":
		return "[./cmd/worker]"
	case "version":
		return "1.26"
	case "port":
		return "8080"
	case "start":
		return "[node, server.js]"
	case "healthcheck":
		return "/healthz"
	case "packages":
		return "[curl, tzdata]"
	case "env":
		return "{TZ: UTC}"
	case "reloader":
		return "none"
	case "startup":
		return "cache"
	case "jlink":
		return "[jdk.localedata]"
	case "syntax", "link":
		return "false"
	}
	return "true"
}

// wrong says which key has the value that yaml.v3 refuses, what is wanted there, and an example.
func wrong(file string, node *yaml.Node, err error) error {
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, v := node.Content[i], node.Content[i+1]
		field, ok := fields()[key.Value]
		if !ok {
			continue
		}
		var s Settings
		err := v.Decode(reflect.ValueOf(&s).Elem().Field(field).Addr().Interface())
		if te := (*yaml.TypeError)(nil); err == nil || !errors.As(err, &te) {
			continue
		}
		msg := message(err)
		if want, _, ok := strings.Cut(msg, ", not "); ok && v.Kind == yaml.ScalarNode && v.Value != "" { // of which the message has but the beginning
			msg = want + ", not " + plan.Printable(v.Value, 60)
		}
		fault := fact.Errorf(fact.At(file, key.Line), "%s: %s", key.Value, msg)
		example := examples(key.Value)
		if words := strings.FieldsFunc(v.Value, func(r rune) bool { return r == ' ' || r == ',' }); v.Kind == yaml.ScalarNode && len(words) > 0 && strings.HasPrefix(example, "[") && !strings.ContainsAny(v.Value, "[]{}:#\"'&*!|>%@`\\") {
			example = "[" + plan.Printable(strings.Join(words, ", "), 100) + "]"
		}
		if flag(file) {
			return fault.WithHint("write --set %s=%s", key.Value, plan.ShellQuote(example))
		}
		return fault.WithHint("write %s: %s", key.Value, example)
	}
	return Error(file, err)
}

// flag reports whether a place is a flag, which has no lines.
func flag(file string) bool { return strings.HasPrefix(file, "--") }

// listed is a mapping in which a single target stands as the list that it
// means, and true for jlink as the list of no further modules.
func listed(node *yaml.Node) *yaml.Node {
	out := *node
	out.Content = slices.Clone(node.Content)
	for i := 0; i+1 < len(out.Content); i += 2 {
		key, v := out.Content[i].Value, out.Content[i+1]
		list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Line: v.Line, Column: v.Column}
		switch {
		case v.Kind != yaml.ScalarNode:
		case key == "targets" && v.Value != "":
			list.Content = []*yaml.Node{v}
			out.Content[i+1] = list
		case key == "jlink" && v.Value == "true":
			out.Content[i+1] = list
		case key == "jlink" && v.Value == "false":
			out.Content[i+1] = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null", Line: v.Line, Column: v.Column}
		}
	}
	return &out
}

// check refuses values that no template could take.
func (s Settings) check() error {
	bad := func(key, format string, args ...any) *fact.Error {
		return fact.Errorf(s.from[key], "%s: %s", key, fmt.Sprintf(format, args...))
	}
	other := func(key, value string, names ...string) error {
		return bad(key, "%q is not one of %s", plan.Printable(value, 40), strings.Join(names, ", ")).WithHint("%s", strings.TrimSpace(similar.Hint(value, names)))
	}
	switch {
	case s.Runtime != "" && !s.Runtime.Valid():
		var names []string
		for _, r := range plan.Runtimes() {
			names = append(names, string(r))
		}
		return other("runtime", string(s.Runtime), names...)
	case s.Port < 0 || s.Port > 65535 || s.Port == 0 && !s.from["port"].IsZero():
		return bad("port", "%d is not a port, which is a number from 1 to 65535", s.Port)
	case s.Healthcheck != "" && s.Healthcheck != "none" && !strings.HasPrefix(s.Healthcheck, "/"):
		hint := similar.Hint(s.Healthcheck, []string{"none"})
		if hint == "" {
			hint = "did you mean /" + plan.Printable(s.Healthcheck, 60) + "?"
		}
		return bad("healthcheck", "want a path that starts with /, or none").WithHint("%s", strings.TrimSpace(hint))
	case s.Reloader != "" && s.Reloader != "none":
		return bad("reloader", "%q is not none", plan.Printable(s.Reloader, 40)).WithHint("without the key dev has a reloader")
	case s.Startup != "" && s.Startup != "cache" && s.Startup != "native":
		return other("startup", s.Startup, "cache", "native")
	}
	for name, v := range s.Env {
		if _, err := plan.NewEnv(name, v); err != nil {
			return bad("env", "%v", err)
		}
	}
	if _, err := plan.Tokens(s.Packages...); err != nil {
		return bad("packages", "%v", err)
	}
	for _, m := range s.Jlink {
		if !module.MatchString(m) {
			return bad("jlink", "%q is no name of a module", plan.Printable(m, 40))
		}
	}
	return nil
}

// module matches the name of a module of Java: https://docs.oracle.com/javase/specs/jls/se21/html/jls-7.html#jls-7.7
var module = lazy.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]*(\.[a-zA-Z][a-zA-Z0-9_]*)*$`)

// Set returns s with one KEY=VALUE of the command line; the value is YAML, so
// that lists and numbers can be given. Without a value the key is not set.
func (s Settings) Set(assignment string) (Settings, error) {
	key, value, ok := strings.Cut(assignment, "=")
	if !ok {
		hint := fmt.Sprintf("%swrite --set KEY=VALUE; %s", similar.Hint(key, Keys()), listKeys)
		if _, ok := fields()[key]; ok {
			hint = fmt.Sprintf("write --set %s=%s", key, plan.ShellQuote(examples(key)))
		}
		return s, fact.Errorf(fact.At("--set", 0), "%s has no value", plan.Printable(assignment, 60)).WithHint("%s", hint)
	}
	if _, ok := fields()[key]; !ok {
		return s, unknown(fact.At("--set", 0), key, Keys(), listKeys)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(value), &doc); err != nil {
		return s, fact.Errorf(fact.At("--set", 0), "%s: %s", key, message(err)).WithHint("write --set %s=%s", key, plan.ShellQuote(examples(key)))
	}
	if value == "" {
		return s.Without(key), nil
	}
	v := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: ""}
	if len(doc.Content) > 0 {
		v = doc.Content[0]
	}
	if key == "version" && v.Kind == yaml.ScalarNode {
		v.Tag = "!!str" // 1.20 is a version, not a number
	}
	add, err := decodeKey("--set", key, v)
	if err != nil {
		return s, err
	}
	return s.Override(add), nil
}

// Flag is the settings of a flag --KEY with that value, a text; "" sets
// nothing.
func Flag(key, value string) (Settings, error) {
	if value == "" {
		return Settings{}, nil
	}
	return decodeKey("--"+key, key, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value})
}

// Composed is the setting that asks for compose.yaml.
func Composed() Settings {
	yes := true
	return Settings{Compose: &yes, from: map[string]fact.Pos{"compose": fact.At("--compose", 0)}}
}

// decodeKey decodes a single key.
func decodeKey(file, key string, value *yaml.Node) (Settings, error) {
	return Decode(file, &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, value}})
}

// Override returns s with what top sets. A value of top takes the place of that of
// s; so does a list, as a whole. A map is merged: a name of top takes the place
// of the same name of s, and the other names of s stay.
func (s Settings) Override(top Settings) Settings {
	out := s
	out.from = map[string]fact.Pos{}
	maps.Copy(out.from, s.from)
	dst, src := reflect.ValueOf(&out).Elem(), reflect.ValueOf(top)
	for key, i := range fields() {
		if !top.isSet(key) {
			continue
		}
		from, to := src.Field(i), dst.Field(i)
		if from.Kind() == reflect.Map && to.Len() > 0 {
			both := reflect.MakeMap(to.Type())
			for _, m := range []reflect.Value{to, from} {
				for name, v := range m.Seq2() {
					both.SetMapIndex(name, v)
				}
			}
			from = both
		}
		to.Set(from)
		out.from[key] = top.from[key]
	}
	return out
}

// Without returns s with the keys not set.
func (s Settings) Without(keys ...string) Settings {
	out := s
	out.from = maps.Clone(s.from)
	for _, key := range keys {
		if i, ok := fields()[key]; ok {
			reflect.ValueOf(&out).Elem().Field(i).SetZero()
			delete(out.from, key)
		}
	}
	return out
}

// Only returns those keys of s that other sets too; of a map, the names that
// are in both.
func (s Settings) Only(other Settings) Settings {
	out := s
	src := reflect.ValueOf(other)
	for key, i := range fields() {
		if !other.isSet(key) {
			out = out.Without(key)
		} else if v := reflect.ValueOf(&out).Elem().Field(i); v.Kind() == reflect.Map {
			v.Set(filter(v, func(name, _ reflect.Value) bool { return src.Field(i).MapIndex(name).IsValid() }))
		}
	}
	return out
}

// Less returns s without the keys, and the names of maps, for which later has
// another value than earlier: what was said before later was.
func (s Settings) Less(earlier, later Settings) Settings {
	out := s
	was, is := reflect.ValueOf(earlier), reflect.ValueOf(later)
	for key, i := range fields() {
		if !later.isSet(key) {
			continue
		}
		v := reflect.ValueOf(&out).Elem().Field(i)
		switch {
		case v.Kind() == reflect.Map:
			changed := func(name reflect.Value) bool {
				now, before := is.Field(i).MapIndex(name), was.Field(i).MapIndex(name)
				return now.IsValid() && (!before.IsValid() || !reflect.DeepEqual(now.Interface(), before.Interface()))
			}
			v.Set(filter(v, func(name, _ reflect.Value) bool { return !changed(name) }))
			if v.Len() == 0 {
				out = out.Without(key)
			}
		case !earlier.isSet(key) || !reflect.DeepEqual(was.Field(i).Interface(), is.Field(i).Interface()):
			out = out.Without(key)
		}
	}
	return out
}

// filter returns the entries of a map that keep wants, in a map of its own.
func filter(m reflect.Value, keep func(name, value reflect.Value) bool) reflect.Value {
	out := reflect.MakeMap(m.Type())
	for name, v := range m.Seq2() {
		if keep(name, v) {
			out.SetMapIndex(name, v)
		}
	}
	return out
}

// fields are the fields of Settings by key.
var fields = sync.OnceValue(func() map[string]int { //nolint:gochecknoglobals // a constant table
	out := map[string]int{}
	t := reflect.TypeFor[Settings]()
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "" {
			out[name] = i
		}
	}
	return out
})

// isSet reports whether the key has a value, which may be an empty list.
func (s Settings) isSet(key string) bool {
	v := reflect.ValueOf(s).Field(fields()[key])
	return !v.IsZero() && (v.Kind() != reflect.Map || v.Len() > 0)
}

// Wants reports whether the key asks for something: it is set, and not to false.
func (s Settings) Wants(key string) bool {
	v := reflect.ValueOf(s).Field(fields()[key])
	return s.isSet(key) && (v.Kind() != reflect.Pointer || !v.Elem().IsZero())
}

// IsZero reports whether no key is set; yaml.v3 asks it.
func (s Settings) IsZero() bool {
	return !slices.ContainsFunc(Keys(), s.isSet)
}

// MarshalYAML writes the keys that are set, in their order.
func (s Settings) MarshalYAML() (any, error) {
	out := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range Keys() {
		if !s.isSet(key) {
			continue
		}
		var v yaml.Node
		if err := v.Encode(reflect.ValueOf(s).Field(fields()[key]).Interface()); err != nil {
			return nil, err
		}
		out.Content = append(out.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, &v)
	}
	return out, nil
}

// Error gives a yaml.v3 error, which has the line only in its text, the form
// and the words of every other error. The keys are those that can stand there, for who wrote another.
func Error(file string, err error, keys ...string) error {
	line := 0
	_, _ = fmt.Sscanf(first(err), "line %d:", &line)
	if flag(file) {
		line = 0
	}
	if m := unknownKey.FindStringSubmatch(unplaced(first(err))); m != nil && len(keys) > 0 {
		return unknown(fact.At(file, line), m[1], keys, "the keys are: "+strings.Join(keys, ", "))
	}
	return fact.Errorf(fact.At(file, line), "%s", message(err))
}

// first is the first of the messages of a yaml.v3 error.
func first(err error) string {
	if te := (*yaml.TypeError)(nil); errors.As(err, &te) && len(te.Errors) > 0 {
		return te.Errors[0]
	}
	return strings.TrimPrefix(err.Error(), "yaml: ")
}

// unplaced is a message without its line.
func unplaced(msg string) string {
	if _, rest, ok := strings.Cut(msg, ": "); ok && strings.HasPrefix(msg, "line ") {
		return rest
	}
	return msg
}

// message is what a yaml.v3 error says, without the line and without the names of its types and tokens.
func message(err error) string { return plan.Printable(plain(unplaced(first(err))), 200) }

var (
	wrongKind  = lazy.MustCompile("^cannot (?:unmarshal|decode|construct) (!\\S*)(?: `(.*)`)? (?:into|as a) (.+)$")
	unknownKey = lazy.MustCompile(`^field (.*) not found in type \S+$`)
	twice      = lazy.MustCompile(`^mapping key (.*) already defined at line (\d+)$`)
)

// plain says a message of yaml.v3 in the words of its users.
func plain(msg string) string {
	if m := wrongKind.FindStringSubmatch(msg); m != nil {
		have := m[2]
		switch m[1] {
		case "!!seq":
			have = "a list"
		case "!!map":
			have = "keys and values"
		case "!!null":
			have = "nothing"
		}
		return "want " + kindName(m[3]) + ", not " + have
	}
	if m := unknownKey.FindStringSubmatch(msg); m != nil {
		return fmt.Sprintf("unknown key %q", m[1])
	}
	if m := twice.FindStringSubmatch(msg); m != nil {
		return "the key " + m[1] + " is in line " + m[2] + " already"
	}
	const not = "is not valid YAML"
	// The messages are those of https://github.com/go-yaml/yaml/blob/v3.0.1/parserc.go and scannerc.go.
	for _, m := range [][2]string{
		{"mapping values are not allowed", "a colon stands where none can; a value that has one needs quotes"},
		{"expected ',' or ']'", "a list that [ begins is not closed, or lacks a comma"},
		{"expected ',' or '}'", "the keys that { begins are not closed, or lack a comma"},
		{"expected node content", "a value is missing"},
		{"expected key", "the line is not indented as those around it, or a quote or bracket above is not closed"},
		{"expected '-' indicator", "the line is not indented as those around it, or lacks a -"},
		{"could not find expected ':'", "a key has no colon behind it"},
		{"cannot start any token", "a value that begins with this character needs quotes; lines are indented by spaces, not tabs"},
		{"violates indentation", "lines are indented by spaces, not tabs"},
		{"unexpected end of stream", "a quote is not closed"},
		{"block sequence entries", "an item of a list stands where none can; it needs a line of its own"},
		{"control characters", "it has control characters"},
		{"invalid Unicode", "it is not UTF-8"},
		{"UTF-8", "it is not UTF-8"},
		{"unknown anchor", "it refers to an anchor that is not there"},
		{"excessive aliasing", "it refers to itself too often"},
		{"contains itself", "it refers to itself"},
	} {
		if strings.Contains(msg, m[0]) {
			return not + ": " + m[1]
		}
	}
	return not
}

// kindName is what a user calls a type of Go.
func kindName(goType string) string {
	switch goType {
	case "int":
		return "a number"
	case "bool":
		return "true or false"
	}
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case goType == "map[string]string":
		return "names with their values"
	case strings.HasPrefix(goType, "map["), strings.Contains(goType, "."), strings.HasPrefix(goType, "struct"):
		return "keys and values"
	}
	return "one value"
}

// Write prints the settings as a dockgen.yaml would have them.
func (s Settings) Write(w io.Writer) error {
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	defer enc.Close()
	return enc.Encode(s)
}
