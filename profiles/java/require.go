package java

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/internal/lazy"
)

// placeholder matches a variable of the environment that a value of the configuration
// names without a default.
var placeholder = lazy.MustCompile(`\$\{([A-Z][A-Z0-9_]*)\}`)

// vital begin the keys whose value a server needs when it starts: where its database is, and
// where it listens. Spring leaves a placeholder that it cannot fill in as it stands, which is no
// address and no number; Quarkus does not start.
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.property-placeholders,
// https://quarkus.io/guides/config-reference#property-expressions
var vital = []string{"spring.datasource.", "spring.r2dbc.", "spring.data.mongodb.uri", "server.port", "quarkus.datasource.", "quarkus.http.port", "datasources.default."} //nolint:gochecknoglobals // a constant table

// required are the variables without which the module does not start: those of vital keys, and those of what the code has injected.
func (m *module) required() []effect.Env {
	var out []effect.Env
	seen := map[string]bool{}
	for _, q := range m.parts {
		for _, s := range q.Settings {
			if seen[s.Key] { // the first of a key counts
				continue
			}
			seen[s.Key] = true
			if !slices.ContainsFunc(vital, func(start string) bool { return strings.HasPrefix(s.Key, start) }) {
				continue
			}
			for _, found := range placeholder.FindAllStringSubmatch(s.Value, 8) {
				if name := found[1]; !m.setting(name).Found() {
					out = append(out, effect.Env{Pos: s.Pos, Name: name, Required: true})
				}
			}
		}
	}
	for _, x := range of(m, func(s java.Sources) []fact.Fact[string] { return s.Injected }) {
		text, pos := x.Value, x.Pos
		if s := m.setting(strings.Trim(text, "${}")); s.Found() {
			text, pos = s.Value, s.Pos
		}
		for _, found := range placeholder.FindAllStringSubmatch(text, 8) {
			if name := found[1]; !m.setting(name).Found() {
				out = append(out, effect.Env{Pos: pos, Name: name, Required: true})
			}
		}
	}
	return append(out, of(m, func(s java.Sources) []effect.Env { return s.Env })...)
}
