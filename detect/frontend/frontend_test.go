package frontend_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/frontend"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/detect/tree/treetest"
)

func scan(t *testing.T, files map[string]string) *tree.Tree {
	t.Helper()
	return treetest.Of(t, files)
}

// TestMakers lists what a front end's own files name: "PATH" or "PATH SCRIPT".
func TestMakers(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a flag", map[string]string{"ui/package.json": `{"scripts":{"build":"vite build --outDir=../static"}}`}, "ui: ui/vite ui/build static"},
		{"a variable", map[string]string{"ui/package.json": `{"scripts":{"build":"BUILD_PATH='../static' react-scripts build"}}`}, "ui: ui/BUILD_PATH static ui/react-scripts ui/build"},
		{"a script that build runs", map[string]string{"ui/package.json": `{"scripts":{"build":"run-s build:*","build:web":"vite -o ../a"}}`}, "ui: ui/run-s ui/vite a"},
		{"a script of its own", map[string]string{"ui/package.json": `{"scripts":{"build":"x","release":"vite -o ../a","dev":"vite -o ../b"}}`}, "ui: ui/x ui/vite release a release"},
		{"a configuration", map[string]string{"ui/package.json": `{"scripts":{"build":"x"}}`, "ui/webpack.prod.js": "path: path.resolve(__dirname, '..',\n 'static', 'js')"}, "ui: ui/x static/js ui/static ui/js"},
		{"an address", map[string]string{"ui/package.json": `{"scripts":{"build":"x"}}`, "ui/vite.config.mjs": "a(new URL('../static', import.meta.url), resolve(f('x'), 'y'), join('a', 'b'))"}, "ui: ui/x static ui/a/b ui/y ui/a ui/b"},
		{"no build", map[string]string{"ui/package.json": `{"scripts":{"dev":"x"}}`}, ""},
		{"no JSON", map[string]string{"ui/package.json": `{`}, ""},
		{"tests", map[string]string{"tests/package.json": `{"scripts":{"build":"x"}}`}, ""},
		{"out of the repository", map[string]string{"ui/package.json": `{"scripts":{"build":"x --out ../../a -o /b -p ../.. -q .. -r ."}}`}, "ui: ui/x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, m := range frontend.Makers(scan(t, c.files), ".") {
				words := []string{m.Dir + ":"}
				for _, n := range m.Named {
					words = append(words, strings.TrimSpace(n.Path+" "+n.Script))
				}
				got = append(got, strings.Join(words, " "))
			}
			if got := strings.Join(got, "; "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestBundlers has the script that makes what a tool's configuration names, where none is called build; "none" is no front end.
func TestBundlers(t *testing.T) {
	for scripts, want := range map[string]string{
		`"pack":"webpack"`:                           "pack",
		`"pack":"webpack","watch":"webpack --watch"`: "pack",
		`"pack":"cross-env NODE_ENV=production webpack -c a.js","packdev":"webpack"`:   "pack",
		`"a":"webpack","b":"rollup -c"`:                                                "none", // either may
		`"dist":"npm run clean && vite build","serve":"vite","preview":"vite preview"`: "dist",
		`"make":"ng build --configuration production","start":"ng serve"`:              "make",
		`"make":"gulp build","dev":"gulp build --watch"`:                               "make",
		`"start":"webpack serve"`:                                                      "none",
		`"hot":"webpack --hot"`:                                                        "none",
		`"w":"rollup -c -w"`:                                                           "none",
		`"x":"echo ` + strings.Repeat("webpack ", 300) + `"`:                           "none",
		`"lint":"eslint webpack.config.js"`:                                            "none",
	} {
		list := frontend.Makers(scan(t, map[string]string{"ui/package.json": `{"scripts":{` + scripts + `}}`, "ui/webpack.config.js": "'pack'"}), ".")
		if want == "none" || len(list) == 0 {
			if len(list) != 0 || want != "none" {
				t.Errorf("%.80s: got %v, want %s", scripts, list, want)
			}
			continue
		}
		at := slices.IndexFunc(list[0].Named, func(n frontend.Name) bool { return n.Path == "ui/pack" })
		if at < 0 || list[0].Named[at].Script != want {
			t.Errorf("%s: got %v, want %s", scripts, list[0].Named, want)
		}
	}
}

// A script may have more words than can be looked up in all the others.
func TestMakersOfManyScripts(t *testing.T) {
	var text strings.Builder
	text.WriteString(`{"scripts":{"build":"` + strings.Repeat("a* ", 30000) + `"`)
	for i := range 5000 {
		fmt.Fprintf(&text, `,"a%d":"x"`, i)
	}
	got := frontend.Makers(scan(t, map[string]string{"ui/package.json": text.String() + "}}"}), ".")
	if len(got) != 1 || got[0].Named[len(got[0].Named)-1].Path != "ui/x" {
		t.Errorf("got %v", got)
	}
}

func TestCopies(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"a Makefile", "Makefile", "all:\n\tcp -r ui/dist internal/static\n", "ui/dist > internal/static"},
		{"a step further", "Makefile", "all:\n\tcd ui && npm run build && mv build ../server/site\n", "ui/build > server/site"},
		{"a star", "build.sh", "#!/bin/sh\nrsync -a ui/dist/* static/\n", "ui/dist > static"},
		{"a variable", "build.sh", "#!/bin/sh\ncp -r $OUT static/\n", ""},
		{"outside", "build.sh", "#!/bin/sh\ncp -r ui/dist /srv\ncp -r ../x static\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := scan(t, map[string]string{c.file: c.text, "ui/a": ""})
			var got []string
			for _, x := range frontend.Copies(buildfile.Of(tr, "."), ".") {
				got = append(got, x.From+" > "+x.To)
			}
			if got := strings.Join(got, "; "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// Of the files of tools, no more is read than anybody writes, and each name has its line.
func TestConfigurationsHaveBounds(t *testing.T) {
	long := strings.Repeat("x\n", 32<<10)
	files := map[string]string{"ui/package.json": `{"scripts":{"build":"x"}}`, "ui/a.config.js": "\njoin(\n'a',\n'b')\n'c'\n"}
	for i := range 5 {
		files[fmt.Sprintf("ui/b%d.config.js", i)] = fmt.Sprintf("'d%d'\n", i) + long
	}
	var got []string
	for _, n := range frontend.Makers(scan(t, files), ".")[0].Named {
		got = append(got, fmt.Sprintf("%s:%d", n.Path, n.Pos.Line))
	}
	if got, want := strings.Join(got, " "), "ui/x:0 ui/a/b:2 ui/a:3 ui/b:4 ui/c:5 ui/d0:1 ui/d1:1 ui/d2:1 ui/d3:1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestShipped lists what a Dockerfile takes from the stage of a front end: "FROM > TO (SCRIPT) $VARIABLE".
func TestShipped(t *testing.T) {
	const app = "FROM python:3.13\nWORKDIR /app\n"
	for _, c := range []struct{ name, text, want string }{
		{"a folder beside the code", "FROM node AS ui\nWORKDIR /ui\nCOPY ui .\nRUN npm ci && npm run build\n" + app + "COPY app ./app\nCOPY --from=ui /ui/dist ./ui/dist\n", "ui/dist > ui/dist"},
		{"all of the repository", "FROM node AS ui\nWORKDIR /ui\nCOPY ui/package.json ./\nRUN yarn install\nCOPY ui/ ./\nRUN yarn generate\n" + app + "COPY . .\nCOPY --from=ui /ui/.output/public static/\n", "ui/.output/public > static (generate)"},
		{"out of its own folder", "FROM node AS ui\nCOPY ./ui /src/ui\nWORKDIR /src/ui\nRUN pnpm i\nRUN ./node_modules/.bin/ng build --configuration production\nFROM python:3.13\nWORKDIR /srv/app\nCOPY ./app ./\nCOPY --from=ui /src/app/static/ui/ ./static/ui/\n", "app/static/ui > app/static/ui (ng build --configuration production)"},
		{"into a stage that compiles", "FROM node AS ui\nWORKDIR /w\nCOPY ui .\nRUN npm run build -- --mode docker\nFROM golang AS b\nWORKDIR /src\nCOPY . .\nCOPY --from=0 /w/dist internal/web\nRUN go build\nFROM scratch\nCOPY --from=b /src/app /app\n", "ui/dist > internal/web (build --mode docker)"},
		{"a variable names it", "FROM node AS ui\nWORKDIR /w\nCOPY ui .\nRUN npm run build\n" + app + "COPY app /app/app\nENV SPA=/spa\nCOPY --from=ui /w/dist ${SPA}\n", "ui/dist > /spa $SPA"},
		{"a web server", "FROM node AS ui\nWORKDIR /w\nCOPY ui .\nRUN npm run build\nFROM nginx\nCOPY --from=ui /w/dist /usr/share/nginx/html\n", ""},
		{"beside a program", "FROM node AS ui\nWORKDIR /w\nCOPY ui .\nRUN npm run build\nFROM golang AS b\nRUN go build -o /notes\nFROM alpine\nWORKDIR /srv\nCOPY --from=b /notes ./\nCOPY --from=ui /w/dist ./public\n", "ui/dist > public in place"},
		{"at the root", "FROM node AS ui\nWORKDIR /w\nCOPY ui .\nRUN npm run build\nFROM golang AS b\nRUN go build -o /notes\nFROM scratch\nCOPY --from=b /notes /\nCOPY --from=ui /w/dist /public\n", "ui/dist > public in place"},
		{"beside a program of the source's folder", "FROM node AS ui\nWORKDIR /w\nCOPY ui .\nRUN npm run build\nFROM golang AS b\nWORKDIR /src\nCOPY . .\nRUN go build .\nFROM scratch\nCOPY --from=b /src/notes /src/notesd /\nCOPY --from=ui /w/dist /public\n", "ui/dist > public in place"},
		{"beside the working directory", "FROM node AS ui\nWORKDIR /w\nCOPY ui .\nRUN npm run build\nFROM golang AS b\nRUN go build -o /notes\nFROM alpine\nWORKDIR /srv\nCOPY --from=b /notes ./\nCOPY --from=ui /w/dist /public\n", ""},
		{"packages", "FROM node AS ui\nWORKDIR /w\nCOPY ui .\nRUN npm ci\n" + app + "COPY . .\nCOPY --from=ui /w/node_modules ./ui/node_modules\n", ""},
		{"a stage that is no front end", "FROM golang AS b\nWORKDIR /w\nCOPY ui .\nRUN go build\n" + app + "COPY . .\nCOPY --from=b /w/dist ./static\n", ""},
		{"an argument decides", "ARG OUT\nFROM node AS ui\nWORKDIR /w\nCOPY ui .\nRUN npm run build\n" + app + "COPY . .\nCOPY --from=ui /w/$OUT ./static\n", ""},
		{"a stage that takes itself", "FROM node AS ui\nCOPY --from=ui /a /b\nRUN npm run build\n" + app + "COPY --from=ui /b/c ./static\n", ""},
		{"a hostile command", "FROM node AS ui\nWORKDIR /w\nCOPY ui .\nRUN npm run 'x; rm -rf /'\n" + app + "COPY . .\nCOPY --from=ui /w/dist ./static\n", "ui/dist > static"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := scan(t, map[string]string{"Dockerfile": c.text, "ui/package.json": "{}", "app/main.py": ""})
			var got []string
			for _, x := range frontend.Shipped(buildfile.Of(tr, ".").Image(), tr, ".") {
				text := x.From + " > " + x.To
				if x.Script != "" {
					text += " (" + x.Script + ")"
				}
				if x.Variable != "" {
					text += " $" + x.Variable
				}
				if x.Found {
					text += " in place"
				}
				got = append(got, text)
			}
			if got := strings.Join(got, "; "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
