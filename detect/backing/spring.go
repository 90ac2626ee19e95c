package backing

import (
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

var (
	springName   = lazy.MustCompile(`^(application|bootstrap)(-[A-Za-z0-9_-]+)?\.(properties|ya?ml)$`)
	activeLine   = lazy.MustCompile(`(?m)^(?:spring\.profiles\.active\s*=|\s+active\s*:)\s*["']?([A-Za-z0-9_, -]+?)["']?\s*$`)
	besideOfURLs = lazy.MustCompile(`^(username|user|password|host|port)$`)
)

// active are the profiles that the settings of a folder take by themselves.
func (r *reader) active(dir string) []string {
	if list, ok := r.on[dir]; ok {
		return list
	}
	var out []string
	for _, base := range []string{"application.properties", "application.yml", "application.yaml"} {
		text, err := r.t.ReadHead(dir+"/"+base, maxFile)
		if err != nil {
			continue
		}
		if m := activeLine.FindSubmatch(text); m != nil {
			for name := range strings.SplitSeq(string(m[1]), ",") {
				out = append(out, strings.TrimSpace(name))
			}
		}
	}
	r.on[dir] = out
	return out
}

// maxLeaves is how many properties of one file are looked at, maxKeys how deep they lie.
const (
	maxLeaves = 5000
	maxKeys   = 12
)

// properties keeps the variables of the properties that hold an address, and of those beside them: each property of Spring Boot's has one.
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties.relaxed-binding.environment-variables
func (r *reader) properties(name string) {
	text, err := r.t.ReadHead(name, maxFile)
	if err != nil {
		return
	}
	docs, err := document.ParseAll(name, text)
	if err != nil {
		return
	}
	type leaf struct {
		key, value string
		line       int
	}
	var leaves []leaf
	var walk func(v document.Value, key string, depth int)
	walk = func(v document.Value, key string, depth int) {
		for _, m := range v.Members {
			at := strings.TrimPrefix(key+"."+m.Key, ".")
			switch {
			case len(leaves) >= maxLeaves || depth > maxKeys:
				return
			case m.Value.Kind == document.Object:
				walk(m.Value, at, depth+1)
			case m.Value.IsScalar():
				leaves = append(leaves, leaf{at, m.Value.Text, m.Line})
			}
		}
	}
	for _, doc := range docs {
		walk(doc, "", 0)
	}
	addresses := map[string]string{} // the variables of addresses, by what their properties are in
	for _, l := range leaves {
		parent, last := cutKey(l.key)
		if m := address.FindString(l.value); m == "" || m != strings.TrimSpace(l.value) && !strings.HasPrefix(l.value, m) || elsewhere.MatchString(m) || strings.Contains(l.value, "${") || last == "" {
			continue
		}
		addresses[parent] = relaxed(l.key)
		r.add(Var{Name: relaxed(l.key), Value: l.value, Pos: fact.At(name, l.line), Code: true})
	}
	for _, l := range leaves {
		if parent, last := cutKey(l.key); addresses[parent] != "" && besideOfURLs.MatchString(last) && !strings.Contains(l.value, "${") {
			r.add(Var{Name: relaxed(l.key), Pos: fact.At(name, l.line), Code: true, Beside: addresses[parent], Key: last})
		}
	}
}

// cutKey is what a property is in, and its last word.
func cutKey(key string) (parent, last string) {
	i := strings.LastIndexByte(key, '.')
	return key[:max(i, 0)], key[i+1:]
}

// relaxed is the variable of a property.
func relaxed(key string) string {
	return strings.ToUpper(strings.NewReplacer(".", "_", "-", "", "[", "_", "]", "").Replace(key))
}
