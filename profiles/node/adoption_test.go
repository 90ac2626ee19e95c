package node

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// opens is the port and the variables of such a plan.
func opens(t *testing.T, files map[string]string, old ...plan.Choice) (port string, env []plan.Env, choices []plan.Choice) {
	t.Helper()
	p, log, err := decideBeside(t, files, old...)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range log.Choices() {
		if c.Key == "port" {
			port = c.Value
		}
	}
	return port, p.Run.Env, log.Choices()
}

// TestOwnDockerfile: an app whose code does not say where it listens does so where the
// repository's own image opens a port. What that said stays if dockgen's Dockerfile takes
// its place; what is gone elsewhere is gone.
func TestOwnDockerfile(t *testing.T) {
	app := map[string]string{
		"package.json": `{"scripts": {"start": "node a.js"}, "dependencies": {"express": "5", "joi": "17"}}`,
		"a.js":         "const express = require('express'); const config = require('joi').validate(load()); express().listen(config.port)",
	}
	const from = "FROM node:20\nCOPY . .\n"
	const compose = "services:\n  db: {image: postgres, ports: ['5432:5432']}\n  web: {build: ., ports: ['80:4000']}\n"
	none := map[string]string{}
	for name, c := range map[string]struct {
		before, after map[string]string
		port, env     string // first
		then          string // the port afterwards
	}{
		"nothing":                       {none, none, "none", "", "none"},
		"in dockgen's place":            {map[string]string{"Dockerfile": from + "EXPOSE 3000 9229\n"}, none, "3000 9229", "", "3000 9229"},
		"kept as a backup":              {map[string]string{"Dockerfile": from + "EXPOSE 3000\n"}, map[string]string{"Dockerfile.bak": from + "EXPOSE 3000\n"}, "3000", "", "3000"},
		"a backup without it":           {map[string]string{"Dockerfile": from + "EXPOSE 3000\n"}, map[string]string{"Dockerfile.bak": from}, "3000", "", "none"},
		"changed":                       {map[string]string{"Dockerfile": from + "EXPOSE 3000\n"}, map[string]string{"Dockerfile": from + "EXPOSE 5000\n"}, "3000", "", "5000"},
		"in its place, another is left": {map[string]string{"Dockerfile": from + "EXPOSE 3000\n", "Dockerfile.web": from + "EXPOSE 80\n"}, map[string]string{"Dockerfile.web": from + "EXPOSE 80\n"}, "3000", "", "3000"},
		"elsewhere":                     {map[string]string{"docker/Dockerfile": from + "EXPOSE 3000\n"}, none, "3000", "", "none"},
		"of something else":             {map[string]string{"docker/Dockerfile": "FROM nginx\nEXPOSE 3000\n"}, none, "none", "", "none"},
		"udp":                           {map[string]string{"Dockerfile": from + "EXPOSE 3000/udp\n"}, none, "none", "", "none"},
		"a variable":                    {map[string]string{"Dockerfile": from + "ENV PORT=5000\nEXPOSE 5000\n"}, none, "5000", "PORT=5000", "5000"},
		"a low port in a variable":      {map[string]string{"Dockerfile": from + "ENV PORT=80\nEXPOSE 80\n"}, none, "80", "PORT=80", "80"},
		"no number":                     {map[string]string{"Dockerfile": from + "ENV PORT=$X\nEXPOSE 5000\n"}, none, "5000", "", "5000"},
		"compose":                       {map[string]string{"compose.yaml": compose}, map[string]string{"compose.yaml": compose}, "4000", "", "4000"},
		"compose, gone":                 {map[string]string{"compose.yaml": compose}, none, "4000", "", "none"},
		"a Dockerfile before compose":   {map[string]string{"compose.yaml": compose, "Dockerfile": from + "EXPOSE 3000\n"}, map[string]string{"compose.yaml": compose}, "3000", "", "3000"},
		"another's in compose":          {map[string]string{"compose.yaml": "services: {web: {build: ./web, ports: ['80:4000']}}\n"}, none, "none", "", "none"},
	} {
		files := maps.Clone(app)
		maps.Copy(files, c.before)
		port, env, choices := opens(t, files)
		if set := strings.Contains(assignments(env), "PORT="); port != c.port || set != (c.env != "") || !strings.Contains(assignments(env), c.env) {
			t.Errorf("%s: got port %q and %v, want %q and %q", name, port, env, c.port, c.env)
		}
		files = maps.Clone(app)
		maps.Copy(files, c.after)
		if port, again, _ := opens(t, files, choices...); port != c.then || port == c.port && assignments(again) != assignments(env) {
			t.Errorf("%s: then got port %q and %v, want %q", name, port, again, c.then)
		}
	}
	said := maps.Clone(app)
	maps.Copy(said, map[string]string{"a.js": "require('express')().listen(7000)", "Dockerfile": from + "ENV PORT=5000\nEXPOSE 3000\n"})
	if port, _, _ := opens(t, said); port != "7000" {
		t.Errorf("got port %s, want that of the code", port)
	}
}

func assignments(env []plan.Env) string {
	var out []string
	for _, e := range env {
		out = append(out, e.String())
	}
	return strings.Join(out, " ")
}
