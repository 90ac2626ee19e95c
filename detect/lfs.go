package detect

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/dockgen/dockgen/detect/tree"
)

// The files of a repository that are looked at for a pointer: all that .gitattributes
// names, or without one those of the usual kinds.
const (
	maxPointers     = 2000
	maxUsual        = 300
	maxLFSPatterns  = 200
	pointerOfGitLFS = "version https://git-lfs.github.com/spec/v1\n"
)

// usualLFS are the extensions of what people keep outside of Git:
// https://docs.github.com/repositories/working-with-files/managing-large-files/configuring-git-large-file-storage.
var usualLFS = []string{ //nolint:gochecknoglobals // a constant table
	".bin", ".onnx", ".pt", ".pth", ".safetensors", ".gguf", ".pkl", ".joblib", ".h5", ".npz", ".parquet", ".tflite", ".wasm", ".so", ".jar",
	".db", ".sqlite", ".sqlite3", ".mmdb", ".zip", ".gz", ".tar", ".tgz", ".7z", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".mp3", ".mp4", ".wav", ".ttf", ".otf", ".woff2", ".pdf", ".glb",
}

// pointers are the files that stand for others, which Git LFS has not fetched:
// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md.
func pointers(t *tree.Tree) []string {
	patterns, limit := lfsPatterns(t), maxPointers
	if patterns == nil {
		limit = maxUsual
	}
	var out []string
	for _, file := range t.Files(".") {
		if patterns == nil && !slices.Contains(usualLFS, path.Ext(file)) || patterns != nil && !slices.ContainsFunc(patterns, func(p string) bool { return doublestar.MatchUnvalidated(p, file) }) {
			continue
		}
		if limit--; limit < 0 {
			break
		}
		if head, err := t.ReadHead(file, int64(len(pointerOfGitLFS))); err == nil && bytes.Equal(head, []byte(pointerOfGitLFS)) {
			out = append(out, file)
		}
	}
	return out
}

// lfsPatterns are the patterns of .gitattributes whose files Git LFS keeps, nil for none:
// https://git-scm.com/docs/gitattributes.
func lfsPatterns(t *tree.Tree) []string {
	if !t.Has(".gitattributes") {
		return nil
	}
	text, err := t.Read(".gitattributes")
	if err != nil {
		return nil
	}
	var out []string
	for l := range strings.Lines(string(text)) {
		words := strings.Fields(l)
		if len(words) < 2 || !slices.Contains(words[1:], "filter=lfs") || len(out) == maxLFSPatterns {
			continue
		}
		p := strings.TrimPrefix(words[0], "/")
		if !strings.Contains(words[0], "/") {
			p = "**/" + p
		}
		if !strings.ContainsAny(p, "{}") && doublestar.ValidatePattern(p) { // Git knows no alternatives, and many of them take for ever
			out = append(out, p)
		}
	}
	return out
}
