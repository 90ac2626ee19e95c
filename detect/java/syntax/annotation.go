package syntax

// Annotation is one that stands before a declaration.
type Annotation struct {
	Name string
	// Texts are its arguments that are texts, by their names: "value" for one
	// without. Words are those that are names, the last part of each.
	Texts, Words map[string]string
	// Class says that it stands outside of every class: before one.
	Class bool
}

// The bounds of what is looked at: how far before a name its annotations stand,
// and how long one is, in tokens.
const (
	maxAnnotated  = 80
	maxAnnotation = 40
)

// annotations are those of the declaration whose name, or whose block, is at
// token i, the last one first.
func (f *File) annotations(i int) []Annotation {
	var out []Annotation
	for j := i - 1; j >= 0 && j > i-maxAnnotated; j-- {
		switch {
		case f.Is(j, ")"):
			p := int(f.pair[j])
			if p < 1 || !f.Ident(p-1) {
				return out
			}
			if k := f.at(p - 1); k >= 0 {
				out = append(out, f.AnnotationAt(p-1))
				j = k
				continue
			}
			if f.Is(i, "{") { // the parameters of a record
				j = p
				continue
			}
			return out
		case f.Ident(j) && f.at(j) >= 0:
			out = append(out, f.AnnotationAt(j))
			j = f.at(j)
		case f.Is(j, ";"), f.Is(j, "{"), f.Is(j, "}"), f.Is(j, "("), f.Is(j, "="):
			return out
		case f.Is(j, ",") && !f.Is(i, "{") && !f.generic(j):
			return out
		}
	}
	return out
}

// at is the token of the @ before a name that may have a package, and Kotlin's
// target (@field:Name); -1 if it is no annotation's.
func (f *File) at(name int) int {
	k := name
	for n := 0; n < maxChain && f.Is(k-1, ".") && f.Ident(k-2); n++ {
		k -= 2
	}
	if f.Kotlin && f.Is(k-1, ":") && f.Is(k-3, "@") {
		k -= 2
	}
	if f.Is(k-1, "@") {
		return k - 1
	}
	return -1
}

// generic reports whether the comma at j stands between < and >.
func (f *File) generic(j int) bool {
	for k := j - 1; k >= 0 && k > j-12; k-- {
		switch {
		case f.Is(k, "<"):
			return true
		case f.Ident(k), f.Is(k, "."), f.Is(k, ","):
		default:
			return false
		}
	}
	return false
}

// AnnotationAt is the one whose name is at token i.
func (f *File) AnnotationAt(i int) Annotation {
	a := Annotation{Name: f.Tokens[i].Text, Texts: map[string]string{}, Words: map[string]string{}, Class: f.inside[i] == 0}
	if !f.Is(i+1, "(") {
		return a
	}
	name, depth := "value", 0
	for j := i + 2; j < f.Close(i+1) && j < i+maxAnnotation; j++ {
		switch {
		case f.Is(j, "(") || f.Is(j, "{") || f.Is(j, "["):
			depth++
		case f.Is(j, ")") || f.Is(j, "}") || f.Is(j, "]"):
			depth--
		case depth == 0 && f.Is(j, ","):
			name = "value"
		case depth == 0 && f.Ident(j) && f.Is(j+1, "="):
			name = f.Tokens[j].Text
		}
		into := a.Texts
		text := f.Tokens[j].Text
		switch k, _ := f.Kind(j); {
		case k == Str && !f.Tokens[j].Template:
		case k == Ident && !f.Is(j+1, "=") && !f.Is(j-1, "."):
			dotted, _ := f.Dotted(j)
			_, text, _ = cutLast(dotted)
			into = a.Words
		default:
			continue
		}
		if _, ok := into[name]; !ok {
			into[name] = text
		}
	}
	return a
}

// ClassAnnotations are those of the class that token i stands in directly.
func (f *File) ClassAnnotations(i int) []Annotation {
	b := f.blocks[f.inside[i]]
	if b.kind != typeBlock || b.open < 0 {
		return nil
	}
	return f.annotations(b.open)
}

// Beside is the annotation of that name on the declaration that has the one
// whose name is at token i.
func (f *File) Beside(i int, name string) (Annotation, bool) {
	for _, a := range f.annotations(i - 1) {
		if a.Name == name {
			return a, true
		}
	}
	for range maxChain {
		if i++; f.Is(i, "(") {
			if i = f.Close(i) + 1; i == 0 {
				break
			}
		}
		if !f.Is(i, "@") || !f.Ident(i+1) {
			break
		}
		if i++; f.Tokens[i].Text == name {
			return f.AnnotationAt(i), true
		}
	}
	return Annotation{}, false
}
