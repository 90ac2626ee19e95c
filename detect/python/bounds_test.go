package python

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// However many files there are and however dense they are, no more tokens are
// kept than the bound and one file.
func TestSourceBounded(t *testing.T) {
	for name, line := range map[string]string{
		"assignments": "x = f(1)\n", "functions": "def f(a):\n return a+1\n", "one line": "x=f(1);", "operators": "a+b-c*d\n", "brackets": "[[[()]]]\n",
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{
				"requirements.txt": {Data: []byte("flask\n")}, "app.py": {Data: []byte("from flask import Flask\napp = Flask(__name__)\n")},
			}
			text := strings.Repeat(line, (700<<10)/len(line))
			for i := range 8 {
				files[fmt.Sprintf("m%d.py", i)] = &fstest.MapFile{Data: []byte(text)}
			}
			f := detected(t, files, ".")
			tokens, most, app := 0, 0, false
			for _, m := range f.Modules {
				tokens, most = tokens+m.file.Tokens, max(most, m.file.Tokens)
				app = app || m.File == "app.py"
			}
			if tokens > maxSourceTokens+most || !app {
				t.Errorf("%d tokens, app.py %v", tokens, app)
			}
			if tokens < maxSourceTokens {
				t.Errorf("only %d tokens: the test does not meet the bound", tokens)
			}
		})
	}
}

// What lies near to the root is read where there is more than is read, and tests and migrations last.
func TestNearestIsRead(t *testing.T) {
	text := strings.Repeat("a = b(c, d, e, f)\n", 4000)
	files := fstest.MapFS{"requirements.txt": {Data: []byte("django\n")}, "site/manage.py": {Data: []byte("import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n")}}
	for i := range 40 {
		files[fmt.Sprintf("site/a%02d/deep/x/models.py", i)] = &fstest.MapFile{Data: []byte(text)}
		files[fmt.Sprintf("a%02d/migrations/one.py", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	if f := detected(t, files, "."); f.Django == nil || f.Django.Dir != "site" {
		t.Errorf("got %+v", f.Django)
	}
}

// Requirements are counted over all files, and the line that is one too many
// is the error's.
func TestRequirementsBounded(t *testing.T) {
	for name, tt := range map[string]struct{ line, want string }{
		"requirements": {"a==1\n", "requirements.txt:50001: has more than"},
		"options":      {"--pre\n", "requirements.txt:50001: has more than"},
		"comments":     {"# a\n", ""},
		"included":     {strings.Repeat("\n", 2) + "a==1\n", "requirements.txt:"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"requirements.txt": "-r more.txt\n" + strings.Repeat(tt.line, maxRequirements+1), "more.txt": "# none\n"}
			_, err := readRequirements(scan(t, files), ".", "requirements.txt")
			if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %.300v, want %q", err, tt.want)
			}
		})
	}
}
