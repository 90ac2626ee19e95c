package gradle

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Files that a script itself reads while Gradle configures the build, version.txt above all, have to be there from the start. A script
// says so with a path that is read at once, or that a variable holds:
// https://docs.gradle.org/current/userguide/working_with_files.html

// reading are the members and calls that read the file that they are called on, or that they are given.
var reading = []string{ //nolint:gochecknoglobals // a constant table
	"text", "getText", "readText", "readLines", "readLine", "readBytes", "bytes", "eachLine", "forEachLine", "useLines", "lines", "withInputStream", "withReader",
	"inputStream", "newInputStream", "newDataInputStream", "newReader", "reader", "bufferedReader", "FileInputStream", "FileReader", "InputStreamReader",
	"load", "loadProperties", "parse", "parseText", "fileContents", "readString", "readAllLines", "readAllBytes", "lastModified",
}

// paths are the calls that make a path.
var paths = []string{"file", "File", "resolve", "of", "get"} //nolint:gochecknoglobals // a constant table

// maxReads bounds the files that one script reads.
const maxReads = 50

// needs are what a script needs beside itself while Gradle configures the build.
type needs struct {
	paths []*node // that it reads
	git   int     // the line that runs git, 0 for none
}

// needsOf are those of a script, found once.
func (b *builder) needsOf(tree *node, kotlin bool) needs {
	if out, ok := b.needs[tree]; ok {
		return out
	}
	var inside []*node
	out := pathsRead(tree, false, nil, &inside)
	for _, n := range inside {
		for _, p := range n.parts {
			if p.code && len(out) < maxReads {
				out = pathsRead(parse([]byte(p.text), p.line, kotlin), false, out, nil)
			}
		}
	}
	b.needs[tree] = needs{out, runsGit(tree)}
	return b.needs[tree]
}

// pathsRead adds the paths below a node that are read, and the strings to texts, unless that is nil. read says that what the node makes
// is read.
func pathsRead(n *node, read bool, out []*node, texts *[]*node) []*node {
	if n == nil || len(out) >= maxReads {
		return out
	}
	inner := n.kind == varNode || n.kind == pairNode && read
	if n.kind == memberNode {
		inner = slices.Contains(reading, n.text)
	}
	if n.kind == callNode {
		callee := n.kids[0]
		inner = slices.Contains(reading, callee.text)
		if read && slices.Contains(paths, callee.text) {
			out = append(out, n)
		}
	}
	if n.kind == strNode && texts != nil {
		*texts = append(*texts, n)
	}
	for _, k := range n.kids {
		out = pathsRead(k, inner, out, texts)
	}
	return pathsRead(n.cond, false, pathsRead(n.block, false, out, texts), texts)
}

// addNeeds adds the files that a script reads to those that Gradle reads, and notes where it runs git.
func (e env) addNeeds(tree *node) {
	n := e.b.needsOf(tree, e.kotlin)
	if n.git > 0 && e.b.build.Git.IsZero() {
		e.b.build.Git = fact.At(e.file, n.git)
	}
	for _, n := range n.paths {
		v, sure, ok := e.eval(n).asText()
		if !ok || !sure {
			continue
		}
		if at := e.p.pathOf(v); !path.IsAbs(at) && !hidden(at) {
			e.b.addFile(at)
		}
	}
}

// hidden reports whether a file is none that a build of an image sees: what builds make, what version control keeps, and secrets.
func hidden(file string) bool {
	for part := range strings.SplitSeq(file, "/") {
		if part == "build" || part == ".gradle" || strings.HasPrefix(part, ".git") || strings.HasPrefix(part, ".env") {
			return true
		}
	}
	return path.Ext(file) == ".pem" || path.Ext(file) == ".key"
}
