package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/java/syntax"
)

// routing are the annotations of methods that answer a GET, with the package
// that the file imports them from:
// https://docs.spring.io/spring-framework/reference/web/webmvc/mvc-controller/ann-requestmapping.html,
// https://docs.micronaut.io/latest/guide/#routing,
// https://jakarta.ee/specifications/restful-ws/3.1/jakarta-restful-ws-spec-3.1#declaring_method.
var routing = []struct { //nolint:gochecknoglobals // a constant table
	pkg          string
	class        string // the annotation with the path of the class
	methods      []string
	path         string // the annotation with the path, if it is another
	ofController []string
}{
	{"org.springframework.web.bind.annotation", "RequestMapping", []string{"GetMapping", "RequestMapping"}, "", []string{"RestController", "Controller"}},
	{"io.micronaut.http.annotation", "Controller", []string{"Get"}, "", []string{"Controller"}},
	{"jakarta.ws.rs", "Path", []string{"GET"}, "Path", []string{"Path"}},
	{"javax.ws.rs", "Path", []string{"GET"}, "Path", []string{"Path"}},
}

// annotated adds the routes of methods with annotations.
func (e *effects) annotated() {
	for _, r := range routing {
		if !slices.ContainsFunc(e.imports, func(i string) bool { return strings.HasPrefix(i, r.pkg+".") }) {
			continue
		}
		for i := range e.f.Tokens {
			if !e.f.Is(i-1, "@") || !e.f.Ident(i) || !slices.Contains(r.methods, e.f.Tokens[i].Text) {
				continue
			}
			class := e.f.ClassAnnotations(i)
			if !slices.ContainsFunc(class, func(a syntax.Annotation) bool { return slices.Contains(r.ofController, a.Name) }) {
				continue
			}
			own, ok := e.f.AnnotationAt(i), true
			if r.path != "" {
				own, ok = e.f.Beside(i, r.path)
			}
			if e.f.Is(i, "RequestMapping") && (own.Class || own.Words["method"] != "" && own.Words["method"] != "GET") {
				continue
			}
			var prefix string
			known := true
			for _, a := range class {
				if a.Name == r.class {
					prefix, known = pathOfAnnotation(a)
				}
			}
			name := prefix
			if ok {
				below, whole := pathOfAnnotation(own)
				name, known = strings.TrimSuffix(prefix, "/")+"/"+strings.TrimPrefix(below, "/"), known && whole
			}
			if name = "/" + strings.Trim(name, "/"); !known || strings.ContainsAny(name, "{}*:$") {
				continue
			}
			x := effect.Route{Pos: e.pos(i), Method: "GET", Path: name}
			if r.path != "" {
				e.rest = limit(append(e.rest, x))
			} else {
				e.Routes = limit(append(e.Routes, x))
			}
		}
	}
}

// application is the path below which the resources of JAX-RS answer, if the
// file has it:
// https://jakarta.ee/specifications/restful-ws/3.1/jakarta-restful-ws-spec-3.1#publication.
func (e *effects) application() {
	for i := range e.f.Tokens {
		if e.f.Is(i, "ApplicationPath", "(") && e.f.Is(i-1, "@") {
			e.below, _ = pathOfAnnotation(e.f.AnnotationAt(i))
		}
	}
}

// under are the routes below the path of the application.
func under(base string, routes []effect.Route) []effect.Route {
	for i := range routes {
		routes[i].Path = path.Join("/", base, routes[i].Path)
	}
	return routes
}

// pathOfAnnotation is the path that an annotation names first, "" for none. It
// is not known if it is a constant, or has one in it.
func pathOfAnnotation(a syntax.Annotation) (name string, known bool) {
	for _, key := range []string{"value", "path", "uri"} {
		s, isText := a.Texts[key]
		if _, isName := a.Words[key]; isText || isName {
			return s, isText && !isName
		}
	}
	return "", true
}
