package java_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestWindows: a setting that is a folder of Windows is one of prod's own.
func TestWindows(t *testing.T) {
	const spring = "org.springframework.boot:spring-boot-starter"
	const file = "src/main/resources/application.yml"
	for _, tt := range []struct {
		name, dep, text string
		want            []string
		note            string
	}{
		{"a folder", spring, "shop:\n  upload: D:/shop/uploads\n", []string{"ENV SHOP_UPLOAD=/app/uploads", "/folders/app/uploads/ uploads/"}, "writes to uploads"},
		{"a folder, with the other slashes", spring, "shop:\n  upload: 'C:\\shop\\files'\n", []string{"ENV SHOP_UPLOAD=/app/files"}, "writes to files"},
		{"two of them", spring, "a:\n  b: D:/x\n  c: E:/y\n", []string{"ENV A_B=/app/x", "ENV A_C=/app/y"}, "writes to x"},
		{"a name in several words, which code reads in two ways", spring, "shop:\n  up-load: D:/shop/uploads\n", nil, "is a path of Windows"},
		{"a file", spring, "shop:\n  list: D:/shop/list.txt\n", nil, "is a path of Windows"},
		{"no Spring Boot", "g:b", "shop:\n  upload: D:/shop/uploads\n", nil, "is a path of Windows"},
		{"a name that is none", spring, "shop:\n  upload: 'D:/a b$(x)'\n", nil, "is a path of Windows"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app, err := decide(t, map[string]string{"pom.xml": pom(dependencies(tt.dep)), mainFile: mainText, file: tt.text})
			if err != nil {
				t.Fatal(err)
			}
			text := render(t, app)
			for _, line := range tt.want {
				if !strings.Contains(text, line) {
					t.Errorf("no %q in\n%s", line, text)
				}
			}
			if len(tt.want) == 0 && strings.Contains(text, "ENV SHOP") {
				t.Errorf("a variable in\n%s", text)
			}
			if !slices.ContainsFunc(app.Notes, func(n plan.Note) bool { return strings.Contains(n.Text, tt.note) }) {
				t.Errorf("said %v, want %q", app.Notes, tt.note)
			}
		})
	}
}
