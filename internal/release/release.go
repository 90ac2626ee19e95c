// Package release makes packages of npm and PyPI of what goreleaser built. They hold the program
// and nothing else: no script runs when they are installed, and nothing is downloaded.
package release

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

const (
	home    = "https://github.com/dockgen/dockgen"
	summary = "Writes the Dockerfile that a repository needs, and keeps it right"
	license = "Apache-2.0"
)

// Release is what goreleaser left in its dist folder.
type Release struct {
	Version  string // as semver has it, without v
	Programs []Program
}

// Program is the command for one platform.
type Program struct {
	OS, Arch string // as Go names them
	File     string
}

// exe is the name of the command's file on its platform.
func (p Program) exe() string {
	if p.OS == "windows" {
		return "dockgen.exe"
	}
	return "dockgen"
}

// Read takes a release from goreleaser's dist folder, whose metadata.json and artifacts.json
// (https://goreleaser.com/customization/general/dist/) say what is there. Paths in them are relative to root.
func Read(root, dist string) (Release, error) {
	var meta struct {
		Version string `json:"version"`
	}
	var artifacts []struct {
		Type string `json:"type"`
		Path string `json:"path"`
		OS   string `json:"goos"`
		Arch string `json:"goarch"`
	}
	for name, into := range map[string]any{"metadata.json": &meta, "artifacts.json": &artifacts} {
		text, err := os.ReadFile(filepath.Join(dist, name))
		if err != nil {
			return Release{}, err
		}
		if err := json.Unmarshal(text, into); err != nil {
			return Release{}, fmt.Errorf("%s: %w", filepath.Join(dist, name), err)
		}
	}
	r := Release{Version: meta.Version}
	for _, a := range artifacts {
		if a.Type == "Binary" {
			r.Programs = append(r.Programs, Program{OS: a.OS, Arch: a.Arch, File: filepath.Join(root, filepath.FromSlash(a.Path))})
		}
	}
	if r.Version == "" || len(r.Programs) == 0 {
		return Release{}, fmt.Errorf("%s has no version or no program: run goreleaser first", dist)
	}
	slices.SortFunc(r.Programs, func(a, b Program) int { return slices.Compare([]string{a.OS, a.Arch}, []string{b.OS, b.Arch}) })
	return r, nil
}

// platform finds the name that a package index has for a program's platform.
func platform(names map[string]string, p Program) (string, error) {
	name, ok := names[p.OS+"/"+p.Arch]
	if !ok {
		return "", fmt.Errorf("no package is known for %s/%s", p.OS, p.Arch)
	}
	return name, nil
}
