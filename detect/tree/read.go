package tree

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"iter"
	"path"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/dockgen/dockgen/detect/fact"
)

// Read returns the whole of an indexed file as UTF-8 without a byte order
// mark; UTF-16 with a mark is converted. A file that is not indexed gives
// fs.ErrNotExist; one that is larger than files of its kind are, binary or
// unreadable gives a *fact.Error that names it.
func (t *Tree) Read(name string) ([]byte, error) {
	name = path.Clean(name)
	if !t.Has(name) {
		if t.IsLink(name) {
			return nil, fact.Errorf(fact.At(name, 0), "is a symbolic link, which dockgen does not follow").
				WithHint("replace the link with a copy of the file")
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return t.read(name, t.limit(name))
}

// Lines returns the lines of an indexed file, without their ends and counted
// from 1; a file that is not indexed has none. Errors are those of Read.
func (t *Tree) Lines(name string) (iter.Seq2[int, string], error) {
	if !t.Has(name) {
		return func(func(int, string) bool) {}, nil
	}
	text, err := t.Read(name)
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.Lines(string(text)) {
			if n++; !yield(n, strings.TrimRight(line, "\r\n")) {
				return
			}
		}
	}, err
}

// ReadHead returns at most the first n bytes of an indexed file, for files
// such as lockfiles whose first lines say enough. The text may end within a
// line.
func (t *Tree) ReadHead(name string, n int64) ([]byte, error) {
	name = path.Clean(name)
	if !t.Has(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return t.head(name, n)
}

func (t *Tree) head(name string, n int64) ([]byte, error) {
	text, err := t.bytes(name, n)
	if err != nil {
		return nil, err
	}
	return decode(name, text)
}

func (t *Tree) read(name string, limit int64) ([]byte, error) {
	text, err := t.bytes(name, limit+1)
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > limit {
		return nil, fact.Errorf(fact.At(name, 0), "is larger than %s, the most that dockgen reads of such a file", size(limit))
	}
	return decode(name, text)
}

// bytes reads at most the first n bytes of a file, as they are. The caller may change them.
func (t *Tree) bytes(name string, n int64) ([]byte, error) {
	if text, ok := t.kept[name]; ok {
		return []byte(text[:min(n, int64(len(text)))]), nil
	}
	if text, ok := t.recent.text(name, n); ok {
		return []byte(text), nil
	}
	text, err := t.fromDisk(name, n)
	if err == nil {
		t.recent.add(name, text, int64(len(text)) < n)
	}
	return text, err
}

func (t *Tree) fromDisk(name string, n int64) ([]byte, error) {
	f, err := t.fsys.Open(name)
	if err != nil {
		return nil, readError(name, err)
	}
	defer f.Close()
	var data bytes.Buffer
	if info, err := f.Stat(); err == nil {
		data.Grow(int(min(info.Size(), n)) + bytes.MinRead) // which is the room that ReadFrom wants to see the end
	}
	if _, err := data.ReadFrom(io.LimitReader(f, n)); err != nil {
		return nil, readError(name, err)
	}
	return data.Bytes(), nil
}

func readError(name string, err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return fact.Errorf(fact.At(name, 0), "not readable: %w", err).WithHint("check the file's permissions")
}

func decode(name string, text []byte) ([]byte, error) {
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) || bytes.HasPrefix(text, []byte{0xef, 0xbb, 0xbf}) {
		out, _, err := transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), text)
		if err != nil {
			return nil, fact.Errorf(fact.At(name, 0), "starts with a Unicode byte order mark but does not decode: %w", err)
		}
		text = out
	}
	if before, _, ok := bytes.Cut(text, []byte{0}); ok {
		return nil, fact.Errorf(fact.At(name, 1+bytes.Count(before, []byte("\n"))), "is not a text file: it holds a zero byte").
			WithHint("save it as UTF-8")
	}
	return text, nil
}
