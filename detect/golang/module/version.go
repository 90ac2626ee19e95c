package module

import (
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/toolversion"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Pin is a version of Go and the kind of line that it stands in.
type Pin struct {
	Version string // "1.26", "1.26.5", "1.27rc1"; as written, without a "go" before it
	Source  Source
}

// Source is a kind of line that names a version of Go.
type Source string

// The sources.
const (
	GoLine        Source = "go line"
	ToolchainLine Source = "toolchain line"
	GoVersionFile Source = ".go-version"
	ToolVersions  Source = ".tool-versions"
	Mise          Source = "mise"
)

var versionPattern = lazy.MustCompile(`^(?:go)?([0-9]+(?:\.[0-9]+){0,2}(?:(?:rc|beta)[0-9]+)?)$`)

// Pins reads the files of version managers in some folders. mise reads the
// mise.toml of one of them.
func Pins(f Folder, dirs []string, mise func(dir string) (toolversion.Mise, error)) ([]fact.Fact[Pin], error) {
	var out []fact.Fact[Pin]
	add := func(version string, pos fact.Pos, source Source) {
		if m := versionPattern.FindStringSubmatch(version); m != nil {
			out = append(out, fact.Fact[Pin]{Value: Pin{m[1], source}, Pos: pos})
		}
	}
	for _, near := range dirs {
		dir := f.At(near)
		single, err := toolversion.Single(f.Tree, dir, ".go-version")
		if err != nil {
			return nil, err
		}
		add(single.Value, single.Pos, GoVersionFile)
		asdf, err := toolversion.ToolVersions(f.Tree, dir)
		if err != nil {
			return nil, err
		}
		for _, v := range toolversion.Pick(asdf, "go") {
			add(v.Value, v.Pos, ToolVersions)
		}
		tools, err := mise(near)
		if err != nil {
			return nil, err
		}
		for _, v := range toolversion.Pick(tools.Tools, "go") {
			add(v.Value, v.Pos, Mise)
		}
	}
	return out, nil
}
