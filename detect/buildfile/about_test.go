package buildfile_test

import (
	"testing"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/tree/treetest"
)

func TestAbout(t *testing.T) {
	for _, tt := range []struct {
		name, file, text, source, license string
	}{
		{"npm's object", "package.json", `{"license": "MIT", "repository": {"type": "git", "url": "git+https://github.com/a/b.git"}}`, "https://github.com/a/b", "MIT"},
		{"npm's shorthand", "package.json", `{"license": "(MIT OR Apache-2.0)", "repository": "gitlab:a/b"}`, "https://gitlab.com/a/b", "(MIT OR Apache-2.0)"},
		{"npm's short shorthand", "package.json", `{"repository": "a/b.js"}`, "https://github.com/a/b.js", ""},
		{"an address of git", "package.json", `{"repository": "git@git.example.com:team/group/b.git"}`, "https://git.example.com/team/group/b", ""},
		{"an address with a login", "package.json", `{"repository": "https://user:secret@git.example.com/a/b"}`, "", ""},
		{"no address", "package.json", `{"repository": "file:../b", "license": "UNLICENSED"}`, "", ""},
		{"the address of a host", "package.json", `{"repository": "https://example.com/"}`, "", ""},
		{"an address without a scheme", "package.json", `{"repository": "git.example.com/b"}`, "", ""},
		{"a port without TLS", "package.json", `{"repository": "http://git.example.com:3000/a/b"}`, "", ""},
		{"a script", "package.json", `{"repository": "javascript:alert(1)", "license": "SEE LICENSE IN LICENSE.txt"}`, "", ""},
		{"a licence that SPDX has not", "package.json", `{"license": "Proprietary"}`, "", ""},
		{"an exception", "package.json", `{"license": "GPL-2.0-only WITH Classpath-exception-2.0"}`, "", "GPL-2.0-only WITH Classpath-exception-2.0"},
		{"an exception alone", "package.json", `{"license": "Classpath-exception-2.0"}`, "", ""},
		{"a licence for an exception", "package.json", `{"license": "MIT WITH Apache-2.0"}`, "", ""},
		{"a later version in brackets", "package.json", `{"license": "MIT AND (LGPL-2.1+ OR Apache-2.0 WITH LLVM-exception)"}`, "", "MIT AND (LGPL-2.1+ OR Apache-2.0 WITH LLVM-exception)"},
		{"half a bracket", "package.json", `{"license": "(MIT OR Apache-2.0"}`, "", ""},
		{"an empty bracket", "package.json", `{"license": "MIT()"}`, "", ""},
		{"half an expression", "package.json", `{"license": "MIT OR"}`, "", ""},
		{"an object", "package.json", `{"license": {"type": "MIT"}, "repository": 3}`, "", ""},
		{"pyproject", "pyproject.toml", "[project]\nlicense = 'Apache-2.0'\n[project.urls]\n\"Source Code\" = 'https://github.com/a/b/'\n", "https://github.com/a/b", "Apache-2.0"},
		{"pyproject's table", "pyproject.toml", "[project]\nlicense = {text = 'MIT'}\n[project.urls]\nHomepage = 'https://b.example.com'\n", "", "MIT"},
		{"poetry", "pyproject.toml", "[tool.poetry]\nlicense = 'BSD-3-Clause'\nrepository = 'https://github.com/a/b'\n", "https://github.com/a/b", "BSD-3-Clause"},
		{"a shorthand that is npm's alone", "pyproject.toml", "[tool.poetry]\nrepository = 'a/b'\n", "", ""},
		{"pom", "pom.xml", "<project><licenses><license><name>The Apache License, Version 2.0</name><url>http://www.apache.org/licenses/LICENSE-2.0.txt</url></license></licenses><scm><url>https://github.com/a/b</url></scm></project>", "https://github.com/a/b", "Apache-2.0"},
		{"pom with two licences", "pom.xml", "<project><licenses><license><name>MIT</name></license><license><name>EPL-2.0</name></license></licenses><scm><url>${url}</url></scm></project>", "", ""},
		{"a module of a forge", "go.mod", "// x\nmodule github.com/a/b/cmd/v2\n", "https://github.com/a/b", ""},
		{"a module of another host", "go.mod", "module example.com/a/b\n", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := buildfile.Of(treetest.Of(t, map[string]string{tt.file: tt.text}), ".").About()
			if got.Source.Value != tt.source || got.License.Value != tt.license {
				t.Errorf("got %q %q", got.Source.Value, got.License.Value)
			}
			if tt.source != "" && got.Source.Pos.File != tt.file || tt.license != "" && got.License.Pos.File != tt.file {
				t.Error("no place", got)
			}
		})
	}
	app := treetest.Of(t, map[string]string{"package.json": `{"license": "MIT", "repository": "a/b"}`, "apps/web/package.json": `{}`})
	if got := buildfile.Of(app, "apps/web").About(); got.Source.Value != "https://github.com/a/b" || got.License.Value != "" {
		t.Error("a member has the root's repository, and no licence of another package:", got)
	}
}
