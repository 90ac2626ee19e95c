package load

import (
	"bytes"
	"go/build"
	"io"
	"io/fs"
	"path"
	"strconv"
	"time"

	"github.com/dockgen/dockgen/detect/tree"
)

// Config is how the go command is called.
type Config struct {
	Tags        []string
	Experiments []string // of GOEXPERIMENT
	NoCgo       bool     // CGO_ENABLED=0
}

// newestGo is the minor version of the newest Go that dockgen knows of.
const newestGo = 27

// maxHead is how much of a file go/build sees: all of one that Read accepts.
const maxHead = 4 << 20

// newContext makes go/build read a tree, for linux/amd64.
func newContext(t *tree.Tree, c Config) build.Context {
	ctx := build.Context{
		GOOS: "linux", GOARCH: "amd64", Compiler: "gc", CgoEnabled: !c.NoCgo,
		BuildTags:     c.Tags,
		JoinPath:      path.Join,
		SplitPathList: func(string) []string { return nil },
		IsAbsPath:     path.IsAbs,
		IsDir:         t.HasDir,
		HasSubdir:     func(_, _ string) (string, bool) { return "", false },
		ReadDir: func(dir string) ([]fs.FileInfo, error) {
			var out []fs.FileInfo
			for _, n := range t.Names(dir) {
				out = append(out, info(n))
			}
			return out, nil
		},
		OpenFile: func(name string) (io.ReadCloser, error) {
			text, err := t.ReadHead(name, maxHead) // of what is larger too, the imports are known
			if err != nil {
				return nil, err
			}
			return io.NopCloser(bytes.NewReader(text)), nil
		},
	}
	for i := 1; i <= newestGo; i++ { // older sources know no others
		ctx.ReleaseTags = append(ctx.ReleaseTags, "go1."+strconv.Itoa(i))
	}
	for _, x := range c.Experiments {
		ctx.ToolTags = append(ctx.ToolTags, "goexperiment."+x)
	}
	return ctx
}

// info is the name of a regular file; go/build asks for nothing else.
type info string

func (i info) Name() string       { return string(i) }
func (i info) Size() int64        { return 0 }
func (i info) Mode() fs.FileMode  { return 0o644 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }
