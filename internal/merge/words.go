package merge

import (
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/internal/lazy"
)

// The most that one instruction's words may cost: the product of the two sides' numbers of words, and the texts that are held against the hash.
const (
	maxWords = 200_000
	maxTries = 4096
)

// wordForm is the grain in which two changes of one instruction are told apart: the brackets of a list, and what stands between spaces and
// commas, with those in front of it. An image with its tag, a flag with its value and an assignment are one word each.
var wordForm = lazy.MustCompile(`\s*,?\s*(?:[\[\]]+|[^\s\[\],]+(?:,[^\s\[\],]+)*)|\s*,|\s+$`)

// part is a run of words of each side at one place of the instruction.
type part struct {
	ours, theirs []string
	same         bool
	dockgens     bool // dockgen made the difference: the base had the user's words here
}

// mergeWords combines two changes of one instruction that are of different words. Of the base only the hash is known. But if each
// difference is the work of one side alone, then the base had the other side's words there; and a text that is so made of both and has the
// base's hash is the base. It returns false if there is none: both sides changed the same words.
func mergeWords(ours, theirs, base string) (string, bool) {
	o, t := wordForm.FindAllString(ours, -1), wordForm.FindAllString(theirs, -1)
	if len(o)*len(t) > maxWords || strings.Join(o, "") != ours || strings.Join(t, "") != theirs {
		return "", false
	}
	s := search{base: base, left: maxTries}
	parts := compareWords(o, t)
	for cuts := range 3 {
		if found := s.find(nil, parts, cuts); found != nil {
			return join(found, func(p part) bool { return p.dockgens }), true
		}
	}
	return "", false
}

// join is the text of the parts, with dockgen's words of those that fit.
func join(parts []part, dockgens func(part) bool) string {
	var b strings.Builder
	for _, p := range parts {
		words := p.ours
		if dockgens(p) {
			words = p.theirs
		}
		for _, w := range words {
			b.WriteString(w)
		}
	}
	return b.String()
}

// search looks for what the base was.
type search struct {
	base string
	left int // tries
}

// find decides of the rest who made each difference, and cuts just so many of them in two: changes of the two sides that stand side by side.
func (s *search) find(done, rest []part, cuts int) []part {
	for len(rest) > 0 && rest[0].same {
		done, rest = append(done, rest[0]), rest[1:]
	}
	if s.left == 0 {
		return nil
	}
	if len(rest) == 0 {
		s.left--
		if cuts == 0 && short(join(done, func(p part) bool { return !p.dockgens }), 12) == s.base {
			return done
		}
		return nil
	}
	p, rest := rest[0], rest[1:]
	for _, p.dockgens = range []bool{false, true} {
		if found := s.find(append(done, p), rest, cuts); found != nil {
			return found
		}
	}
	if cuts == 0 || controls(p.ours) || controls(p.theirs) {
		return nil
	}
	for i := range len(p.ours) + 1 {
		for j := range len(p.theirs) + 1 {
			if i+j == 0 || i == len(p.ours) && j == len(p.theirs) {
				continue
			}
			// What both put in at one place is dockgen's first: of two flags the last counts.
			for _, first := range []bool{true, false} {
				left := part{ours: p.ours[:i], theirs: p.theirs[:j], dockgens: first}
				right := part{ours: p.ours[i:], theirs: p.theirs[j:], dockgens: !first}
				if found := s.find(append(done, left, right), rest, cuts-1); found != nil {
					return found
				}
			}
		}
	}
	return nil
}

// controls reports whether words end or join commands of a shell: which of two changes beside one another belongs to which command is unknown then.
func controls(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.ContainsAny(w, "&|;<>\\\n") })
}

// compareWords aligns the words of two texts: the longest sequence that both have.
func compareWords(o, t []string) []part {
	best := make([][]int, len(o)+1) // from there on
	best[len(o)] = make([]int, len(t)+1)
	for i := range slices.Backward(o) {
		best[i] = make([]int, len(t)+1)
		for j := range slices.Backward(t) {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if o[i] == t[j] {
				best[i][j] = best[i+1][j+1] + 1
			}
		}
	}
	var out []part
	at := func(same bool) *part {
		if len(out) == 0 || out[len(out)-1].same != same {
			out = append(out, part{same: same})
		}
		return &out[len(out)-1]
	}
	for i, j := 0, 0; i < len(o) || j < len(t); {
		switch {
		case i < len(o) && j < len(t) && o[i] == t[j]:
			p := at(true)
			p.ours, p.theirs = append(p.ours, o[i]), append(p.theirs, t[j])
			i, j = i+1, j+1
		case j == len(t) || i < len(o) && best[i+1][j] >= best[i][j+1]:
			p := at(false)
			p.ours = append(p.ours, o[i])
			i++
		default:
			p := at(false)
			p.theirs = append(p.theirs, t[j])
			j++
		}
	}
	return out
}

// sameForm reports whether a text is one instruction of the same keyword and of the same form (a list or a command line) as another.
func sameForm(text, like string) bool {
	is, was := alone(text), alone(like)
	return is != nil && was != nil && strings.EqualFold(is.Value, was.Value) && is.Attributes["json"] == was.Attributes["json"] && len(is.Heredocs) == len(was.Heredocs)
}

// alone is the one instruction of a text, nil if there is none or are several.
func alone(text string) *parser.Node {
	res, err := parser.Parse(strings.NewReader(text))
	if err != nil || len(res.AST.Children) != 1 {
		return nil
	}
	return res.AST.Children[0]
}
