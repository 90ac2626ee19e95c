package js

// Import is one place at which a file loads another module.
type Import struct {
	Specifier string // "" if it is computed
	Token     int    // of the specifier; of the keyword if it is computed
	// Types says that the import is gone once the types are: import type.
	Types bool
	// Dynamic is import() and require().
	Dynamic bool
}

// export is what a file exports under a name: an expression of its own, or a
// name of another module.
type export struct {
	value int32  // the first token of the expression, -1 for none
	local string // or a name of the file
	from  string // or of this module: the name is local
}

func (s *scoper) add(m Import) int32 {
	s.Imports = append(s.Imports, m)
	return int32(len(s.Imports) - 1)
}

// loads adds the import that the string at i names.
func (s *scoper) loads(i int, types, dynamic bool) int32 {
	name, ok := s.Str(i)
	if !ok {
		return -1
	}
	return s.add(Import{Specifier: name, Token: i, Types: types, Dynamic: dynamic})
}

// requiring reads require('x').
func (s *scoper) requiring(i int) {
	if !s.is(i+1, "(") || s.is(i-1, "function") {
		return
	}
	s.dynamic(i)
}

// dynamic reads the argument of require or import, whose keyword is at i: a string
// that goes on, 'x' + y, is computed.
func (s *scoper) dynamic(i int) {
	if s.is(i+3, ")") || s.is(i+3, ",") || i+3 >= len(s.Tokens) {
		if s.loads(i+2, false, true) >= 0 {
			return
		}
	}
	s.add(Import{Token: i, Dynamic: true})
}

// importing reads an import declaration: https://tc39.es/ecma262/#sec-imports,
// https://www.typescriptlang.org/docs/handbook/modules/reference.html.
func (s *scoper) importing(i int) {
	switch {
	case s.is(i+1, "("):
		s.dynamic(i)
		return
	case s.is(i+1, "."): // import.meta
		return
	case s.loads(i+1, false, false) >= 0:
		return
	}
	j, types := i+1, false
	if s.is(j, "type") && !s.is(j+1, "from") && !s.is(j+1, ",") && !s.is(j+1, "=") {
		j, types = j+1, true
	}
	if s.word(j) != "" && s.is(j+1, "=") { // import x = require('y')
		s.bind(s.top(), j, write{kind: assigned, scope: s.top(), value: int32(j + 2), typ: -1})
		return
	}
	type name struct {
		at       int
		imported string
	}
	var names []name
	const maxNames = 2000
	for range maxNames {
		switch {
		case s.is(j, "*") && s.is(j+1, "as") && s.word(j+2) != "":
			names = append(names, name{j + 2, "*"})
			j += 3
		case s.is(j, "{"):
			end := s.Close(j)
			for k := j + 1; k < end; {
				stop := min(int(s.stops[k]), end)
				at := k
				if s.is(at, "type") && s.word(at+1) != "" && !s.is(at+1, "as") {
					at++
				}
				imported := s.text(at)
				if v, ok := s.Str(at); ok {
					imported = v
				}
				if s.is(at+1, "as") {
					at += 2
				}
				names = append(names, name{at, imported})
				k = behind(s.File, stop, k)
			}
			j = end + 1
		case s.word(j) != "" && !s.is(j, "from"), s.is(j, "from") && s.is(j+1, "from"):
			names = append(names, name{j, "default"})
			j++
		case s.is(j, ","):
			j++
		case s.is(j, "from"):
			module := s.loads(j+1, types, false)
			for _, n := range names {
				if module >= 0 {
					s.bind(s.top(), n.at, write{kind: imported, scope: s.top(), value: -1, module: module, path: nil, steps: []step{{key: n.imported, value: -1}}, typ: -1})
				}
			}
			return
		default:
			return
		}
	}
}

// exporting reads an export declaration: https://tc39.es/ecma262/#sec-exports.
func (s *scoper) exporting(i int) {
	j, types := i+1, false
	if s.is(j, "type") && (s.is(j+1, "{") || s.is(j+1, "*")) {
		j, types = j+1, true
	}
	switch {
	case s.is(j, "default"):
		s.exports["default"] = export{value: int32(j + 1)}
	case s.is(j, "="): // export = x
		s.commonJS = append(s.commonJS, write{kind: assigned, at: int32(j), scope: s.top(), value: int32(j + 1), typ: -1})
	case s.is(j, "*"):
		name := ""
		if s.is(j+1, "as") {
			name, j = s.text(j+2), j+2
		}
		if !s.is(j+1, "from") {
			return
		}
		module := s.loads(j+2, types, false)
		switch {
		case module < 0:
		case name == "":
			s.stars = append(s.stars, s.Imports[module].Specifier)
		default:
			s.exports[name] = export{value: -1, local: "*", from: s.Imports[module].Specifier}
		}
	case s.is(j, "{"):
		end := s.Close(j)
		from := ""
		if s.is(end+1, "from") {
			if module := s.loads(end+2, types, false); module >= 0 {
				from = s.Imports[module].Specifier
			}
		}
		for k := j + 1; k < end; {
			stop := min(int(s.stops[k]), end)
			local, name := s.text(k), s.text(k)
			if s.is(k+1, "as") {
				name = s.text(k + 2)
			}
			s.exports[name] = export{value: -1, local: local, from: from}
			k = behind(s.File, stop, k)
		}
	}
}
