package shell

import "slices"

// scope holds variables. Those of a branch or a subshell lie over those around
// it, so that entering one costs nothing.
type scope struct {
	up     *scope
	vars   map[string]string
	arrays map[string][]Word
}

func newScope(up *scope) *scope { return &scope{up: up, vars: map[string]string{}} }

func (s *scope) get(name string) (string, bool) {
	for ; s != nil; s = s.up {
		if v, ok := s.vars[name]; ok {
			return v, true
		}
	}
	return "", false
}

func (s *scope) set(name, value string) {
	s.vars[name] = value
	delete(s.arrays, name)
}

func (s *scope) array(name string) ([]Word, bool) {
	for ; s != nil; s = s.up {
		if l, ok := s.arrays[name]; ok {
			return l, true
		}
		if _, ok := s.vars[name]; ok {
			return nil, false
		}
	}
	return nil, false
}

func (s *scope) setArray(name string, list []Word) {
	if s.arrays == nil {
		s.arrays = map[string][]Word{}
	}
	s.arrays[name] = list
	delete(s.vars, name)
}

// join writes to s what is known after one of the branches has run. always
// reports that one of them does run. fallbacks are variables that a branch gives
// a value only if they have none.
func (s *scope) join(branches []*scope, always bool, fallbacks []string) {
	type written struct {
		value string
		same  bool
		times int
	}
	all := map[string]written{}
	for _, b := range branches {
		for name, v := range b.vars {
			w, ok := all[name]
			all[name] = written{v, !ok || w.same && w.value == v, w.times + 1}
		}
		for name := range b.arrays {
			all[name] = written{times: -len(branches)}
		}
	}
	for name, w := range all {
		before, set := s.get(name)
		switch {
		case w.same && (always && w.times == len(branches) || set && before == w.value):
			s.set(name, w.value)
		case w.same && !set && slices.Contains(fallbacks, name):
			s.set(name, w.value)
		default:
			s.set(name, Unknown)
		}
	}
}
