package load

import (
	"go/scanner"
	"go/token"
)

// maxDepth is how deep brackets, blocks and else branches of one file nest.
// Code written by hand has some 20, generated literals 60. The type checker
// looks a name up in every block around it, so that its time grows with the
// depth times the names.
const maxDepth = 250

// measure counts the tokens of a Go file and how deep it nests, in one pass,
// before the parser recurses into it. It stops at the first token that is
// deeper than maxDepth; line is that token's, and 0 if there is none.
func measure(text []byte) (tokens, line int) {
	file := token.NewFileSet().AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0)
	// chains[d] are the else branches of the statement that is open at depth d:
	// each holds those after it.
	chains, depth := []int{0}, 0
	for {
		pos, tok, _ := s.Scan()
		if tok == token.EOF {
			return tokens, 0
		}
		tokens++
		switch tok { //nolint:exhaustive // the others do not nest
		case token.LPAREN, token.LBRACK, token.LBRACE:
			chains = append(chains, 0)
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(chains) > 1 {
				last := len(chains) - 1
				depth -= 1 + chains[last]
				chains = chains[:last]
			}
		case token.ELSE:
			chains[len(chains)-1]++
			depth++
		case token.SEMICOLON:
			depth -= chains[len(chains)-1]
			chains[len(chains)-1] = 0
		}
		if depth > maxDepth {
			return tokens, file.Line(pos)
		}
	}
}
