package tree

import (
	"fmt"
	"path"
	"strings"
)

// kinds are the most bytes that Read accepts of a file, by its base name or by
// how the name ends; the first row counts, and other files have no limit but
// that of the tree. Each is some ten times what large repositories have, and
// little enough for every reader to take less than a second.
var kinds = []struct { //nolint:gochecknoglobals // a constant table
	bytes int64
	names []string
	why   string
}{
	{
		16 << 10,
		[]string{"Procfile"},
		"a line for each process, each of which has to fit into a line of 64 KiB of a Dockerfile",
	},
	{
		64 << 10,
		[]string{".nvmrc", "-version", ".tool-versions", ".sdkmanrc", "runtime.txt", ".npmrc", ".yarnrc", "bunfig.toml"},
		"a few lines, written by hand",
	},
	{
		16 << 20,
		[]string{"package-lock.json", "npm-shrinkwrap.json", "yarn.lock"},
		"a package takes 300 bytes, and the largest monorepos have 30,000",
	},
	{
		8 << 20,
		[]string{"pnpm-lock.yaml", "uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"},
		"a package takes 300 bytes in pnpm's, and in Python's 100 for each file of a release",
	},
	{
		2 << 20,
		[]string{"Pipfile.lock"},
		"a package takes 100 bytes for each file of a release, and Pipenv locks some hundred",
	},
	{
		4 << 20,
		[]string{"bun.lock", "requirements.txt", ".txt", ".in"},
		"one with hashes has 100 bytes for each file of a release",
	},
	{
		4 << 20,
		[]string{".go"},
		"the largest that a generator writes, Kubernetes' OpenAPI definitions, has 3",
	},
	{
		1 << 20,
		[]string{
			"go.mod", "go.work", ".json", ".json5", ".jsonc", ".yaml", ".yml", ".toml", ".cfg", ".ini", ".xml", ".properties", "Pipfile", ".env",
			".prisma", ".md",
		},
		"written by hand, with a list or two that a tool keeps: the go.mod of Kubernetes has 10 KiB, the largest package.json some 100",
	},
}

// limit is the most bytes that Read accepts of a file.
func (t *Tree) limit(name string) int64 {
	base := path.Base(name)
	for _, k := range kinds {
		for _, n := range k.names {
			if base == n || strings.HasPrefix(n, "-") && strings.HasSuffix(base, n) || strings.HasPrefix(n, ".") && path.Ext(base) == n {
				return min(k.bytes, t.limits.Bytes)
			}
		}
	}
	return t.limits.Bytes
}

// size writes a number of bytes, which is one of KiB or MiB.
func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d MiB", n>>20)
}
