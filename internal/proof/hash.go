package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/scanner"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Digest is the first 128 bits of the SHA-256 of what write writes: enough
// against accidents, and short enough for a line.
func Digest(write func(io.Writer) error) (string, error) {
	h := sha256.New()
	if err := write(h); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// Part writes one part of what is hashed so that no two lists of parts read the same.
func Part(w io.Writer, name, text string) {
	fmt.Fprintf(w, "%d %s %d\n%s", len(name), name, len(text), text)
}

// Tree writes every file below dir, or the file dir: its path, whether it may
// be executed, and what is in it or where it points. That is what Git keeps;
// empty folders, owners and times do not count.
func Tree(w io.Writer, dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.Type()&fs.ModeSymlink != 0 {
			to, err := os.Readlink(name)
			Part(w, "link "+rel, to)
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is neither a file nor a folder nor a link", name)
		}
		text, err := os.ReadFile(name)
		kind := "file "
		if info.Mode()&0o111 != 0 {
			kind = "program "
		}
		Part(w, kind+rel, string(text))
		return err
	})
}

// Engine is a hash of the files and folders that describe a Docker engine and
// its base images, in a list such as PATH is; "" for an empty list: an engine
// that is not described.
func Engine(list string) (string, error) {
	if list == "" {
		return "", nil
	}
	return Digest(func(w io.Writer) error {
		for _, p := range filepath.SplitList(list) {
			Part(w, "engine", filepath.Base(p))
			if err := Tree(w, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// Suite is the code of the end-to-end test, without comments and layout, by
// the file's name.
type Suite map[string]string

// flow names the files that no result of a unit depends on: which units are
// run, and what is said of them.
func flow() []string { return []string{"e2e_test.go", "prove_test.go", "report_test.go"} }

// ReadSuite reads the code of the end-to-end test of the module at root.
func ReadSuite(root string) (Suite, error) {
	out := Suite{}
	for dir, own := range map[string]string{"internal/e2e": ".go", "internal/example": "example.go"} {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(dir), "*"+own))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if name := filepath.Base(f); !slices.Contains(flow(), name) {
				text, err := os.ReadFile(f)
				if err != nil {
					return nil, err
				}
				if out[name], err = Syntax(name, text); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}

// of writes the code that the units of a target depend on: a file TARGET_test.go is
// that target's alone, and every other is everybody's.
func (s Suite) of(w io.Writer, target string) {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if t := strings.TrimSuffix(name, "_test.go"); t == kind(target) || !slices.Contains(kinds(), t) {
			Part(w, name, s[name])
		}
	}
}

// Syntax is Go code as its tokens, which comments and layout are no part of.
func Syntax(file string, text []byte) (string, error) {
	fset := token.NewFileSet()
	var s scanner.Scanner
	var errs scanner.ErrorList
	s.Init(fset.AddFile(file, -1, len(text)), text, errs.Add, 0)
	var b strings.Builder
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			return b.String(), errs.Err()
		}
		if tok == token.SEMICOLON {
			lit = ";" // a newline in the code or not
		}
		fmt.Fprintf(&b, "%s %s\n", tok, lit)
	}
}
