package release

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

//go:embed npm.js
var launcher []byte

// npmPlatforms are process.platform and process.arch of Node: https://nodejs.org/api/process.html
var npmPlatforms = map[string]string{ //nolint:gochecknoglobals // a constant table
	"linux/amd64": "linux-x64", "linux/arm64": "linux-arm64",
	"darwin/amd64": "darwin-x64", "darwin/arm64": "darwin-arm64",
	"windows/amd64": "win32-x64", "windows/arm64": "win32-arm64",
}

// manifest is package.json: https://docs.npmjs.com/cli/configuring-npm/package-json
type manifest struct {
	Name        string            `json:"name"`
	Version     string            `json:"version"`
	Description string            `json:"description"`
	License     string            `json:"license"`
	Repository  map[string]string `json:"repository"`
	Bin         map[string]string `json:"bin,omitempty"`
	Files       []string          `json:"files"`
	OS          []string          `json:"os,omitempty"`
	CPU         []string          `json:"cpu,omitempty"`
	Optional    map[string]string `json:"optionalDependencies,omitempty"`
	Engines     map[string]string `json:"engines,omitempty"`
}

// NPM writes the folders of npm's packages: one for each platform, which npm installs only there,
// and dockgen, which depends on all of them and starts the one that is there.
func (r Release) NPM(out string) error {
	of := func(name, description string) manifest {
		return manifest{
			Name: name, Version: r.Version, Description: description, License: license,
			Repository: map[string]string{"type": "git", "url": "git+" + home + ".git"}, Files: []string{"bin"},
		}
	}
	root := of("dockgen", summary)
	root.Bin = map[string]string{"dockgen": "bin/dockgen.js"}
	root.Engines = map[string]string{"node": ">=18"}
	root.Optional = map[string]string{}
	for _, p := range r.Programs {
		target, err := platform(npmPlatforms, p)
		if err != nil {
			return err
		}
		m := of("dockgen-"+target, "The program of the package dockgen for "+target)
		goos, cpu, _ := strings.Cut(target, "-")
		m.OS, m.CPU = []string{goos}, []string{cpu}
		program, err := os.ReadFile(p.File)
		if err != nil {
			return err
		}
		if err := writePackage(out, m, p.exe(), program); err != nil {
			return err
		}
		root.Optional[m.Name] = r.Version // the same one, never another
	}
	return writePackage(out, root, "dockgen.js", launcher)
}

func writePackage(out string, m manifest, name string, program []byte) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return err
	}
	bin := filepath.Join(out, m.Name, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(bin, name), program, 0o755); err != nil {
		return err
	}
	readme := "# " + m.Name + "\n\n" + m.Description + ": <" + home + ">\n"
	if err := os.WriteFile(filepath.Join(out, m.Name, "README.md"), []byte(readme), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, m.Name, "package.json"), text.Bytes(), 0o644)
}
