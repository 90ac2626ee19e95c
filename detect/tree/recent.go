package tree

import "sync"

// recent has the small files that were read last. Several readers look at the same file one after the other, each for what it asks: to open a
// file takes longer than to copy it. What it holds is bounded, however many files the repository has.
type recent struct {
	sync.Mutex
	young, old map[string]head // old ones become young when they are asked for
	bytes      int             // of the young ones
}

// head is the first bytes of a file.
type head struct {
	text  string
	whole bool // there are no others
}

// The largest file that is remembered, and how much is: up to twice as much is held.
const (
	maxRecentFile = 64 << 10
	maxRecent     = 4 << 20
	recentRow     = 200 // what an entry takes beside its text
)

// text is at most the first n bytes of a file, if they are known.
func (r *recent) text(name string, n int64) (string, bool) {
	r.Lock()
	defer r.Unlock()
	h, ok := r.young[name]
	if !ok {
		if h, ok = r.old[name]; ok {
			r.put(name, h)
		}
	}
	if !ok || !h.whole && int64(len(h.text)) < n {
		return "", false
	}
	return h.text[:min(n, int64(len(h.text)))], true
}

// add remembers what was read of a file.
func (r *recent) add(name string, text []byte, whole bool) {
	if len(text) > maxRecentFile {
		return
	}
	r.Lock()
	defer r.Unlock()
	r.put(name, head{string(text), whole})
}

func (r *recent) put(name string, h head) {
	if r.bytes += len(h.text) + recentRow; r.young == nil || r.bytes > maxRecent {
		r.young, r.old, r.bytes = map[string]head{}, r.young, len(h.text)+recentRow
	}
	r.young[name] = h
}
