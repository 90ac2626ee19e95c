package profiles_test

import (
	"regexp"
	"strings"
	"testing"
)

// TestLabels: prod has the labels that the manifests give a value to, and CI can give the commit; a label of the own Dockerfile stays.
func TestLabels(t *testing.T) {
	const server = "require('http').createServer((q, r) => r.end('x')).listen(3000)\n"
	given := []string{"ARG REVISION", "LABEL org.opencontainers.image.revision=$REVISION", "ARG VERSION", "LABEL org.opencontainers.image.version=$VERSION"}
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"nothing is known", map[string]string{"package.json": `{"main": "s.js"}`, "s.js": server}, nil},
		{
			"a licence",
			map[string]string{"package.json": `{"name": "a", "main": "s.js", "license": "MIT"}`, "s.js": server},
			[]string{"LABEL org.opencontainers.image.title=a", "LABEL org.opencontainers.image.licenses=MIT"},
		},
		{
			"a repository",
			map[string]string{"package.json": `{"name": "a", "main": "s.js", "repository": "o/a"}`, "s.js": server},
			append([]string{"LABEL org.opencontainers.image.title=a", "LABEL org.opencontainers.image.source=https://github.com/o/a"}, given...),
		},
		{
			"a site",
			map[string]string{"package.json": `{"name": "a", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "^7.0.0"}, "repository": "o/a"}`, "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {}, "node_modules/vite": {"version": "7.0.0"}}}`, "index.html": "<p>"},
			append([]string{"LABEL org.opencontainers.image.title=a", "LABEL org.opencontainers.image.source=https://github.com/o/a"}, given...),
		},
		{
			"the own Dockerfile's",
			map[string]string{
				"package.json": `{"name": "a", "main": "s.js", "repository": "o/a", "license": "MIT"}`, "s.js": server,
				"Dockerfile": "FROM node:24\nWORKDIR /a\nCOPY . .\nARG COMMIT=none\nLABEL org.opencontainers.image.source=https://example.com/a/b org.opencontainers.image.revision=$COMMIT\nCMD [\"node\", \"s.js\"]\n",
			},
			[]string{
				"LABEL org.opencontainers.image.source=https://example.com/a/b", "LABEL org.opencontainers.image.title=a", "LABEL org.opencontainers.image.licenses=MIT",
				"ARG COMMIT=none", "LABEL org.opencontainers.image.revision=$COMMIT", "ARG VERSION", "LABEL org.opencontainers.image.version=$VERSION",
			},
		},
		{"a variable of the own Dockerfile", map[string]string{
			"package.json": `{"name": "a", "main": "s.js", "repository": "o/a"}`, "s.js": server,
			"Dockerfile": "FROM node:24\nWORKDIR /a\nCOPY . .\nENV VERSION=7\nCMD [\"node\", \"s.js\"]\n",
		}, append([]string{"LABEL org.opencontainers.image.title=a", "LABEL org.opencontainers.image.source=https://github.com/o/a"}, given[:2]...)},
		{"a hostile one", map[string]string{"package.json": `{"name": "a", "main": "s.js", "repository": "https://example.com/a/b\nRUN id", "license": "MIT\nUSER root"}`, "s.js": server}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got, err := write(t, tt.files, nil)
			if err != nil {
				t.Fatal(err)
			}
			prod := got[strings.LastIndex(got, "\nFROM "):]
			lines := regexp.MustCompile(`(?m)^(LABEL .*|ARG (REVISION|VERSION|COMMIT).*)$`).FindAllString(prod, -1)
			if strings.Join(lines, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}
