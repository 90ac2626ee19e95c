package tree

import (
	"bytes"
	"encoding/binary"
	"sort"
	"strings"
)

// Bounds of git's index. One of the Linux kernel has 80,000 files in 8 MB.
const (
	maxIndex = 64 << 20 // bytes, of the file and of the paths in it
	maxPath  = 4096     // bytes of one path
)

// tracked are the paths in git's index, sorted by bytes. A nil one knows
// nothing.
type tracked struct {
	text string   // all paths, one behind the other
	ends []uint32 // of each path in text
}

func (t *tracked) path(i int) string {
	if i == 0 {
		return t.text[:t.ends[0]]
	}
	return t.text[t.ends[i-1]:t.ends[i]]
}

// search is the number of the first path that is not before p.
func (t *tracked) search(p string) int {
	return sort.Search(len(t.ends), func(i int) bool { return t.path(i) >= p })
}

// has reports whether git tracks the file.
func (t *tracked) has(file string) bool {
	if t == nil {
		return false
	}
	i := t.search(file)
	return i < len(t.ends) && t.path(i) == file
}

// below reports whether git tracks a file in the folder, at any depth.
func (t *tracked) below(dir string) bool {
	if t == nil {
		return false
	}
	i := t.search(dir + "/")
	return i < len(t.ends) && strings.HasPrefix(t.path(i), dir+"/")
}

// parseIndex reads the paths of .git/index, versions 2 to 4, with SHA-1 or
// SHA-256: https://git-scm.com/docs/index-format. ok is false for what is not
// such a file, and for a split index, whose other half is elsewhere.
func parseIndex(data []byte) (*tracked, bool) {
	for _, hash := range []int{20, 32} {
		if t, ok := parseIndexOf(data, hash); ok {
			return t, true
		}
	}
	return nil, false
}

// parseIndexOf reads an index with hashes of that many bytes. The checksum is
// not asked (git may leave it out); the order of the paths is.
func parseIndexOf(data []byte, hash int) (*tracked, bool) {
	const header = 12
	if len(data) < header+hash || string(data[:4]) != "DIRC" {
		return nil, false
	}
	version, count := binary.BigEndian.Uint32(data[4:]), int64(binary.BigEndian.Uint32(data[8:]))
	rest := data[header : len(data)-hash]
	fixed := 40 + hash + 2 // times and other numbers, the hash, the flags
	if version < 2 || version > 4 || count > int64(len(rest)/fixed) {
		return nil, false
	}
	t := &tracked{ends: make([]uint32, 0, count)}
	var text strings.Builder
	text.Grow(max(0, len(rest)-int(count)*fixed))
	var last []byte
	for range count {
		if len(rest) < fixed+2 {
			return nil, false
		}
		mode, flags := binary.BigEndian.Uint32(rest[24:]), binary.BigEndian.Uint16(rest[fixed-2:])
		start := fixed
		if flags&0x4000 != 0 {
			start += 2
		}
		name, size, ok := indexName(rest, start, int(flags&0xfff), version, last)
		order := bytes.Compare(last, name)
		if !ok || order > 0 || len(name) == 0 || len(name) > maxPath || text.Len()+len(name) > maxIndex {
			return nil, false
		}
		rest = rest[size:]
		switch last = name; mode >> 12 {
		case 0o04: // a folder that a sparse checkout leaves out
		case 0o10, 0o12, 0o16: // a file, a symbolic link, a submodule
			if order < 0 { // a file in conflict is there up to three times
				text.Write(name)
				t.ends = append(t.ends, uint32(text.Len()))
			}
		default:
			return nil, false
		}
	}
	t.text = text.String()
	return t, extensions(rest)
}

// indexName reads the path of the entry at the beginning of data, which stands
// at start, and the size of the entry. Version 4 says how much of the path
// before is the same, the others fill up with zero bytes.
func indexName(data []byte, start, length int, version uint32, before []byte) (name []byte, size int, ok bool) {
	if start > len(data) {
		return nil, 0, false
	}
	if version < 4 {
		if length == 0xfff { // it is longer
			if length = bytes.IndexByte(data[start:], 0); length < 0 {
				return nil, 0, false
			}
		}
		end := start + length
		size = (end + 8) &^ 7
		if size > len(data) || len(bytes.Trim(data[end:size], "\x00")) > 0 {
			return nil, 0, false
		}
		return data[start:end], size, bytes.IndexByte(data[start:end], 0) < 0
	}
	// The number's encoding is that of offsets in packs.
	drop, i := 0, start
	for {
		if i == len(data) || drop > maxPath {
			return nil, 0, false
		}
		c := data[i]
		drop |= int(c & 0x7f)
		if i++; c&0x80 == 0 {
			break
		}
		drop = (drop + 1) << 7
	}
	length = bytes.IndexByte(data[i:], 0)
	if length < 0 || length > maxPath || drop > len(before) {
		return nil, 0, false
	}
	keep := before[:len(before)-drop]
	return append(keep[:len(keep):len(keep)], data[i:i+length]...), i + length + 1, true
}

// extensions reports whether what follows the entries leaves them as they
// are: an extension whose name starts with a small letter must be understood.
func extensions(data []byte) bool {
	for len(data) > 0 {
		if len(data) < 8 {
			return false
		}
		name, size := string(data[:4]), int64(binary.BigEndian.Uint32(data[4:]))
		if size > int64(len(data)-8) || name[0] >= 'a' && name != "sdir" {
			return false
		}
		data = data[8+size:]
	}
	return true
}
