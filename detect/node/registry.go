package node

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// variable is a reference to the environment without a default, as npm, pnpm
// and Yarn write it: ${NPM_TOKEN}, not ${NPM_TOKEN:-} or ${NPM_TOKEN?}.
var variable = lazy.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// placeholder is a value that only refers to the environment.
var placeholder = lazy.MustCompile(`^(\$\{[^{}]*\}|\$[A-Za-z_][A-Za-z0-9_]*)$`)

// variables notes the variables that a configuration takes from the
// environment.
func (f *Facts) variables(re *lazy.Regexp, text, file string, line int) {
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
var npmrcSecret = lazy.MustCompile(`(?i)(^|:)(_auth|_authtoken|_password|key)$`)

// NpmrcFile is the .npmrc with which packages are installed.
func (f *Facts) NpmrcFile() string {
	if f.Rush != nil { // https://rushjs.io/pages/configs/npmrc/
		return RushConfig + "/.npmrc"
	}
	return ".npmrc"
}

// npmrc reads .npmrc (https://docs.npmjs.com/cli/configuring-npm/npmrc)
// without what authenticates.
func (f *Facts) npmrc(t *tree.Tree) error {
	file := path.Join(f.Dir, f.NpmrcFile())
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
	v, err := document.Read(t, file)
	if err != nil {
		return err
	}
	f.Yarn = Yarn{Config: ".yarnrc.yml", Path: v.Get("yarnPath").Fact(), Linker: v.Get("nodeLinker").Fact()}
	f.Yarn.Path.Value = strings.TrimPrefix(f.Yarn.Path.Value, "./")
	for _, p := range v.Get("plugins").Items {
		if spec := p.Get("spec"); spec.Kind == document.String {
			f.Yarn.Plugins = append(f.Yarn.Plugins, spec.Text)
		} else if p.Kind == document.String {
			f.Yarn.Plugins = append(f.Yarn.Plugins, p.Text)
		}
	}
	f.catalogs(v)
	f.yarnrcValue("", v)
	return nil
}

// yarnrcValue walks .yarnrc.yml for registries, and for what authenticates:
// https://yarnpkg.com/configuration/yarnrc#npmAuthToken.
func (f *Facts) yarnrcValue(key string, v document.Value) {
	for _, m := range v.Members {
		f.yarnrcValue(m.Key, m.Value)
	}
	for _, i := range v.Items {
		f.yarnrcValue("", i)
	}
	if v.Text == "" {
		return
	}
	f.variables(variable, v.Text, v.File, v.Line)
	switch key {
	case "npmAuthToken", "npmAuthIdent":
		if f.ConfigSecret.IsZero() && !placeholder.MatchString(v.Text) {
			f.ConfigSecret = v.Pos()
		}
	case "npmRegistryServer":
		f.registry(v.Text, v.File, v.Line)
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
var bunVariable = lazy.MustCompile(`\$([A-Za-z_][A-Za-z0-9_]*)`)

// bunfig reads the registries of bunfig.toml: https://bun.com/docs/runtime/bunfig#install-registry.
func (f *Facts) bunfig(t *tree.Tree) error {
	file := path.Join(f.Dir, "bunfig.toml")
	if !t.Has(file) {
		return nil
	}
	doc, err := document.Read(t, file)
	if err != nil {
		return err
	}
	f.bunRegistry(doc.Get("install", "registry"))
	for _, m := range doc.Get("install", "scopes").Sorted() {
		f.bunRegistry(m.Value)
	}
	return nil
}

// bunRegistry reads a registry: its address, or a table.
func (f *Facts) bunRegistry(r document.Value) {
	secret := func(word string, at fact.Pos) {
		if f.ConfigSecret.IsZero() && word != "" && !placeholder.MatchString(word) {
			f.ConfigSecret = at
		}
	}
	for _, key := range []string{"url", "token", "username", "password"} {
		v := r.Get(key)
		if key == "url" && r.Kind == document.String {
			v = r
		}
		if v.Kind != document.String {
			continue
		}
		f.variables(bunVariable, v.Text, v.File, v.Line)
		switch key {
		case "url":
			if u, err := url.Parse(v.Text); err == nil && u.User != nil {
				word, _ := u.User.Password()
				secret(word, v.Pos())
			}
			f.registry(v.Text, v.File, v.Line)
		case "token", "password":
			secret(v.Text, v.Pos())
		}
	}
}
