package node

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/nodetest"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// TestOwnBuild: the build runs what the own Dockerfile runs, and takes the build arguments that it takes.
func TestOwnBuild(t *testing.T) {
	const from, app = "FROM node:22 AS build\n", "FROM node:22\nCOPY --from=build /app .\nARG VERSION=9\nENV APP_VERSION=$VERSION\nCMD node a.js\n"
	for name, tt := range map[string]struct {
		own   string
		files map[string]string
		run   string
		args  string
		note  string
	}{
		"scripts before and after":              {from + "COPY . .\nRUN npm ci && npm run css\nRUN npm run build && npm run copy\n" + app, nil, "npm run css && npm run build && npm run copy", "", ""},
		"a script that reads beside the folder": {from + "COPY . .\nRUN npm run above\nRUN npm run build\n" + app, nil, "npm run build", "", "needs files outside of the build context"},
		"arguments": {
			from + "ARG COMMIT=none\nARG VITE_URL\nARG UNREAD=1\nARG API_SECRET=x\nENV BUILD_COMMIT=$COMMIT TOKEN=$API_SECRET NODE_ENV=$UNREAD\nRUN NEXT_PUBLIC_V=\"${COMMIT}\" npm run build\n" + app, nil,
			"npm run build", "COMMIT=none>BUILD_COMMIT COMMIT>NEXT_PUBLIC_V VITE_URL=>VITE_URL", "",
		},
		"arguments of a stage that does not build": {"FROM node:22 AS tools\nARG COMMIT=1\nENV BUILD_COMMIT=$COMMIT\nRUN npm ci\n" + from + "RUN npm run build\n" + app, nil, "npm run build", "", ""},
		"an argument from before the first stage":  {"ARG BASE=/x\n" + from + "ARG BASE\nENV VITE_BASE=$BASE\nRUN npm run build\n" + app, nil, "npm run build", "BASE=/x>VITE_BASE", ""},
		"hostile": {from + "ARG A=\"x\\nUSER root\"\nARG B=$(id)\nENV VITE_A=$A VITE_B=$B\nRUN npm run build\n" + app, nil, "npm run build", "A=x\\nUSER root>VITE_A", ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{
				"package.json": nodetest.Manifest("express", "build: tsc", "start: node a.js", "css: sass a.scss public/a.css", "copy: cp -r views dist", "above: gen ../schema.graphql"),
				"a.js":         "require('express')().listen(3000)", "Dockerfile": tt.own,
			}
			p, log, err := decideBeside(t, files)
			if err != nil {
				t.Fatal(err)
			}
			var run, args []string
			for _, s := range p.Image.Stages {
				b, ok := s.Data.(*Build)
				if !ok {
					continue
				}
				for _, step := range b.Steps {
					for _, c := range step.Run {
						if text := c.String(); !strings.Contains(text, "prune") {
							run = append(run, text)
						}
					}
				}
				for _, g := range b.Given {
					arg := g.From.String()
					if g.Arg.Name.String() != "" {
						arg = g.Arg.Name.String() + "=" + g.Arg.Value.Raw()
					}
					args = append(args, arg+">"+g.Name.String())
				}
			}
			if got := strings.Join(run, " && "); got != tt.run {
				t.Errorf("got %s", got)
			}
			if got := strings.Join(args, " "); got != tt.args {
				t.Errorf("got arguments %s", got)
			}
			var said strings.Builder
			for _, n := range log.Notes() {
				said.WriteString(n.Text + "\n")
			}
			if tt.note != "" && !strings.Contains(said.String(), tt.note) {
				t.Errorf("got notes %s", said.String())
			}
		})
	}
}

// TestPartBeside: what a part's scripts read beside its folder is copied to where they look for it, and a script that reads more is not run.
func TestPartBeside(t *testing.T) {
	for name, tt := range map[string]struct{ script, run, copies string }{
		"a file":                      {"gen --in=../schema.graphql", "npm run gen && npm run build", "../schema.graphql /schema.graphql"},
		"a file and a folder, twice":  {"gen ../schema.graphql '../proto' && gen ../proto/", "npm run gen && npm run build", "../schema.graphql /schema.graphql, ../proto/ /proto/"},
		"a file that is not there":    {"gen ../gone.graphql", "npm run build", ""},
		"the whole folder":            {"gen ..//", "npm run build", ""},
		"a file above the repository": {"gen ../../schema.graphql", "npm run build", ""},
		"nothing beside it":           {"gen schema.graphql", "npm run gen && npm run build", ""},
	} {
		t.Run(name, func(t *testing.T) {
			index := nodetest.Scan(t, map[string]string{
				"web/package.json": nodetest.Manifest("vite", "build: vite build", "gen: "+tt.script), "schema.graphql": "type Query { a: Int }", "proto/a.proto": "",
				"Dockerfile": "FROM node:22\nWORKDIR /src/web\nCOPY web .\nRUN npm run gen && npm run build\n",
			})
			f, err := node.Detect(index, "web")
			if err != nil {
				t.Fatal(err)
			}
			know, err := knowledge.Load()
			if err != nil {
				t.Fatal(err)
			}
			p, err := Part(record.Input{Log: &record.Log{Preferred: plan.Runtimes()}, Know: know, Tree: index, Dir: "web"}, f)
			if err != nil {
				t.Fatal(err)
			}
			b := of[*Build](p)
			var run, copies []string
			for _, step := range b.Steps {
				for _, c := range step.Run {
					run = append(run, c.String())
				}
			}
			for _, a := range b.Sources {
				if a.Copy.From[0].Raw() != "." {
					copies = append(copies, a.Copy.String())
				}
			}
			if got := strings.Join(run, " && "); got != tt.run {
				t.Errorf("runs %s", got)
			}
			if got := strings.Join(copies, ", "); got != tt.copies {
				t.Errorf("copies %s", got)
			}
		})
	}
}
