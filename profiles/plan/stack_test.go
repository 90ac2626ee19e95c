package plan

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestYAML: a text is that text for whoever reads the file, and Compose puts nothing in its place.
func TestYAML(t *testing.T) {
	for text, want := range map[string]string{
		"redis":                   "redis",
		"redis://redis:6379/0":    "redis://redis:6379/0",
		"postgres:18":             "postgres:18",
		"./services/api":          "./services/api",
		".":                       ".",
		"yes":                     `"yes"`,
		"5432":                    `"5432"`,
		"1e3":                     `"1e3"`,
		"0x10":                    `"0x10"`,
		"a: b":                    `"a: b"`,
		"a #b":                    `"a #b"`,
		"a:":                      `"a:"`,
		"${HOME}":                 `"$${HOME}"`,
		"*x":                      `"*x"`,
		`say "hi" \n`:             `"say \"hi\" \\n"`,
		"{a}":                     `"{a}"`,
		"-Xms512m -Xmx512m":       `"-Xms512m -Xmx512m"`,
		"host=db password=x":      `"host=db password=x"`,
		"@tcp(mysql:3306)/":       `"@tcp(mysql:3306)/"`,
		"<<":                      `"<<"`,
		"null":                    `"null"`,
		"2026-11-30":              `"2026-11-30"`,
		"https://a.example/?x=%s": `"https://a.example/?x=%s"`,
	} {
		y, err := NewYAML(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if y.String() != want {
			t.Errorf("%q: got %s, want %s", text, y, want)
		}
		for _, form := range []string{y.String(), y.Quoted()} {
			var got map[string]any
			if err := yaml.Unmarshal([]byte("a: "+form+"\n"), &got); err != nil || got["a"] != strings.ReplaceAll(text, "$", "$$") {
				t.Errorf("%q: %s is read as %#v, %v", text, form, got["a"], err)
			}
		}
	}
	for _, text := range []string{"a\nb: c", "a\x00", "a\u2028b", "a\u202eb", "\xff"} {
		if y, err := NewYAML(text); err == nil {
			t.Errorf("%q becomes %s", text, y)
		}
	}
}

func TestServiceName(t *testing.T) {
	for text, want := range map[string]string{
		"api": "api", "Web App": "web-app", "my_app": "my-app", "": "app", ".": "app", "--": "app", "12": "app-12", "Yes": "app-yes", "é": "app", "a\nb": "a-b", "../x": "x",
	} {
		if got := NewServiceName(text).String(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := NewServiceName(strings.Repeat("a", 500)).String(); len(got) > 60 {
		t.Errorf("a name of %d letters", len(got))
	}
}
