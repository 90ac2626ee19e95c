package node

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// variable is a reference to the environment without a default, as npm, pnpm
// and Yarn write it: ${NPM_TOKEN}, not ${NPM_TOKEN:-} or ${NPM_TOKEN?}.
var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// placeholder is a value that only refers to the environment.
var placeholder = regexp.MustCompile(`^(\$\{[^{}]*\}|\$[A-Za-z_][A-Za-z0-9_]*)$`)

// variables notes the variables that a configuration takes from the
// environment.
func (f *Facts) variables(re *regexp.Regexp, text, file string, line int) {
	for _, m := range re.FindAllStringSubmatch(text, -1) {
		if !slices.ContainsFunc(f.Variables, func(v fact.Fact[string]) bool { return v.Value == m[1] }) {
			f.Variables = append(f.Variables, fact.New(m[1], file, line))
		}
	}
}

// registry notes the host of a registry.
func (f *Facts) registry(raw, file string, line int) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return
	}
	if !slices.ContainsFunc(f.Registries, func(h fact.Fact[string]) bool { return h.Value == u.Host }) {
		f.Registries = append(f.Registries, fact.New(u.Host, file, line))
	}
}

// npmrcSecret are the keys of .npmrc whose values authenticate:
// https://docs.npmjs.com/cli/configuring-npm/npmrc#auth-related-configuration.
var npmrcSecret = regexp.MustCompile(`(?i)(^|:)(_auth|_authtoken|_password|key)$`)

// npmrc reads .npmrc (https://docs.npmjs.com/cli/configuring-npm/npmrc)
// without what authenticates.
func (f *Facts) npmrc(t *tree.Tree) error {
	file := path.Join(f.Dir, ".npmrc")
	lines, err := t.Lines(file)
	if err != nil {
		return err
	}
	for n, line := range lines {
		key, val, ok := strings.Cut(strings.TrimSpace(line), "=")
		key, val = strings.TrimSpace(key), strings.Trim(strings.TrimSpace(val), `"'`)
		if !ok || strings.HasPrefix(key, "#") || strings.HasPrefix(key, ";") {
			continue
		}
		f.variables(variable, val, file, n)
		switch {
		case npmrcSecret.MatchString(key):
			if !placeholder.MatchString(val) && f.NpmrcSecret.IsZero() {
				f.NpmrcSecret = fact.At(file, n)
			}
			continue
		case strings.HasPrefix(key, "//"):
			continue
		case key == "registry" || strings.HasSuffix(key, ":registry"):
			f.registry(val, file, n)
		}
		f.Npmrc = append(f.Npmrc, fact.New(key+"="+val, file, n))
	}
	return nil
}

// yarnrc reads .yarnrc.yml, or the .yarnrc of Yarn 1.
func (f *Facts) yarnrc(t *tree.Tree) error {
	file := path.Join(f.Dir, ".yarnrc.yml")
	if !t.Has(file) {
		return f.yarnrc1(t)
	}
	v, err := readValue(t, file)
	if err != nil {
		return err
	}
	f.Yarn = Yarn{Config: ".yarnrc.yml", Path: v.get("yarnPath").fact(), Linker: v.get("nodeLinker").fact()}
	f.Yarn.Path.Value = strings.TrimPrefix(f.Yarn.Path.Value, "./")
	for _, p := range v.get("plugins").items {
		if spec := p.get("spec"); spec.str {
			f.Yarn.Plugins = append(f.Yarn.Plugins, spec.text)
		} else if p.str {
			f.Yarn.Plugins = append(f.Yarn.Plugins, p.text)
		}
	}
	f.yarnrcValue("", v)
	return nil
}

// yarnrcValue walks .yarnrc.yml for registries, and for what authenticates:
// https://yarnpkg.com/configuration/yarnrc#npmAuthToken.
func (f *Facts) yarnrcValue(key string, v value) {
	for _, m := range v.members {
		f.yarnrcValue(m.key, m.value)
	}
	for _, i := range v.items {
		f.yarnrcValue("", i)
	}
	if v.text == "" {
		return
	}
	f.variables(variable, v.text, v.file, v.line)
	switch key {
	case "npmAuthToken", "npmAuthIdent":
		if f.ConfigSecret.IsZero() && !placeholder.MatchString(v.text) {
			f.ConfigSecret = fact.At(v.file, v.line)
		}
	case "npmRegistryServer":
		f.registry(v.text, v.file, v.line)
	}
}

// yarnrc1 reads the .yarnrc of Yarn 1: a key and a value a line.
func (f *Facts) yarnrc1(t *tree.Tree) error {
	file := path.Join(f.Dir, ".yarnrc")
	if !t.Has(file) {
		return nil
	}
	lines, err := t.Lines(file)
	if err != nil {
		return err
	}
	f.Yarn.Config = ".yarnrc"
	for n, line := range lines {
		key, val, ok := strings.Cut(strings.TrimSpace(line), " ")
		val = strings.Trim(strings.TrimSpace(val), `"'`)
		if !ok || val == "" {
			continue
		}
		switch strings.Trim(key, `"'`) {
		case "yarn-path":
			f.Yarn.Path = fact.New(strings.TrimPrefix(val, "./"), file, n)
		case "yarn-offline-mirror":
			f.Yarn.Mirror = fact.New(strings.TrimPrefix(val, "./"), file, n)
		case "registry":
			f.registry(val, file, n)
		}
	}
	return nil
}

// bunVariable is a reference to the environment in bunfig.toml.
var bunVariable = regexp.MustCompile(`\$([A-Za-z_][A-Za-z0-9_]*)`)

// bunfig reads the registries of bunfig.toml: https://bun.com/docs/runtime/bunfig#install-registry.
func (f *Facts) bunfig(t *tree.Tree) error {
	file := path.Join(f.Dir, "bunfig.toml")
	if !t.Has(file) {
		return nil
	}
	var doc struct {
		Install struct {
			Registry any            `toml:"registry"`
			Scopes   map[string]any `toml:"scopes"`
		} `toml:"install"`
	}
	text, err := t.ReadTOML(file, &doc)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(doc.Install.Scopes))
	for name := range doc.Install.Scopes {
		names = append(names, name)
	}
	slices.Sort(names)
	list := []any{doc.Install.Registry}
	lines := []int{lineOfKey(text, "registry")}
	for _, name := range names {
		list, lines = append(list, doc.Install.Scopes[name]), append(lines, lineOfKey(text, name))
	}
	for i, r := range list {
		f.bunRegistry(r, file, lines[i])
	}
	return nil
}

func (f *Facts) bunRegistry(r any, file string, line int) {
	table, ok := r.(map[string]any)
	if raw, is := r.(string); is {
		table, ok = map[string]any{"url": raw}, true
	}
	if !ok {
		return
	}
	secret := func(s string) {
		if f.ConfigSecret.IsZero() && s != "" && !placeholder.MatchString(s) {
			f.ConfigSecret = fact.At(file, line)
		}
	}
	for _, key := range []string{"url", "token", "username", "password"} {
		s, ok := table[key].(string)
		if !ok {
			continue
		}
		f.variables(bunVariable, s, file, line)
		switch key {
		case "url":
			if u, err := url.Parse(s); err == nil && u.User != nil {
				word, _ := u.User.Password()
				secret(word)
			}
			f.registry(s, file, line)
		case "token", "password":
			secret(s)
		}
	}
}

// lineOfKey finds the line of TOML that sets a key.
func lineOfKey(text []byte, key string) int {
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		name, _, ok := strings.Cut(line, "=")
		if ok && strings.Trim(strings.TrimSpace(name), `"'`) == key {
			return n
		}
	}
	return 0
}
