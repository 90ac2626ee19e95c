package tree_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/tree"
)

// counted counts the files that are opened.
type counted struct {
	fstest.MapFS
	opened *atomic.Int32
}

func (c counted) Open(name string) (fs.File, error) {
	if f, ok := c.MapFS[name]; ok && f.Mode.IsRegular() {
		c.opened.Add(1)
	}
	return c.MapFS.Open(name)
}

// TestRecent: what is read several times is opened once, gives each reader bytes of its own, and is forgotten in the end.
func TestRecent(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	fsys := fstest.MapFS{"a.txt": {Data: []byte("hello")}, "long.txt": {Data: []byte(long)}}
	for i := range 300 {
		fsys[fmt.Sprintf("big/%d.txt", i)] = &fstest.MapFile{Data: []byte(long[:60<<10])}
	}
	c := counted{fsys, new(atomic.Int32)}
	tr, err := tree.Scan(context.Background(), c, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	opens := func(want int32, name, text string, n int64) {
		t.Helper()
		before := c.opened.Load()
		got, err := tr.ReadHead(name, n)
		if err != nil || string(got) != text {
			t.Errorf("%s, %d: got %.10q, %v", name, n, got, err)
		}
		if len(got) > 0 {
			got[0] = '!' // which is the reader's own
		}
		if is := c.opened.Load() - before; is != want {
			t.Errorf("%s, %d: opened %d times, want %d", name, n, is, want)
		}
	}
	opens(1, "a.txt", "he", 2)
	opens(0, "a.txt", "h", 1)
	opens(1, "a.txt", "hello", 100) // of which the first look saw a part
	opens(0, "a.txt", "hello", 5)
	opens(0, "a.txt", "hel", 3)
	opens(0, "a.txt", "hello", 1<<20)
	opens(1, "long.txt", long, 2<<20)
	opens(1, "long.txt", long, 2<<20)
	for i := range 300 {
		if _, err := tr.Read(fmt.Sprintf("big/%d.txt", i)); err != nil {
			t.Fatal(err)
		}
	}
	opens(1, "a.txt", "hello", 100)
}
