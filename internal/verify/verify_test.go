package verify_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/internal/verify"
)

// files is a build context.
type files []string

func (f files) Has(name string) bool {
	return name == "." || slices.ContainsFunc(f, func(s string) bool { return s == name || strings.HasPrefix(s, name+"/") })
}

func (f files) Glob(pattern string) bool {
	return slices.ContainsFunc(f, func(s string) bool { ok, _ := path.Match(pattern, s); return ok })
}

// packages is what is known of programs in these tests.
func packages(f verify.Family, program string) ([]string, bool) {
	switch {
	case program == "ffmpeg":
		return []string{"ffmpeg"}, true
	case program == "ps" && f == verify.Debian:
		return []string{"procps"}, true
	case program == "sh", program == "sleep", program == "ps":
		return nil, true
	}
	return nil, false
}

func TestFaults(t *testing.T) {
	node := files{"package.json", "index.js", "lib/start.mjs", "bin/run.sh", "public/a.css", "apps/api/package.json"}
	for _, tt := range []struct {
		name string
		text string
		want []string
	}{
		{"what the repository has", "FROM node:24-alpine AS prod\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"index.js\"]\n", nil},
		{"Node's own endings", "FROM node:24-alpine AS prod\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"--enable-source-maps\", \"index\"]\n", nil},
		{
			"a file that no step makes", "FROM node:24-alpine AS prod\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"dist/main\"]\n",
			[]string{"4: starts dist/main, which is neither in the repository nor made by a step"},
		},
		{"a file that a build may make", "FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\n\nFROM node:24-alpine AS prod\nWORKDIR /app\nCOPY --from=build /app/dist/ dist/\nCMD [\"node\", \"dist/main\"]\n", nil},
		{
			"a build whose output stays behind", "FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\n\nFROM node:24-alpine AS prod\nWORKDIR /app\nCOPY --from=build /app/dist/ dist/\nCMD [\"node\", \"server/main.js\"]\n",
			[]string{"9: starts server/main.js, which is neither in the repository nor made by a step"},
		},
		{
			"packages alone make no main", "FROM node:24 AS deps\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci --ignore-scripts\n\nFROM node:24-alpine AS prod\nWORKDIR /app\nCOPY --from=deps /app/ ./\nCMD [\"node\", \"index.js\"]\n",
			[]string{"9: starts index.js, which is neither in the repository nor made by a step"},
		},
		{
			"a distroless image's own entry point", "FROM gcr.io/distroless/nodejs24-debian13:nonroot AS prod\nWORKDIR /app\nCOPY . .\nCMD [\"main.js\"]\n",
			[]string{"4: starts main.js, which is neither in the repository nor made by a step"},
		},
		{
			"an entry point that takes the image's away", "FROM gcr.io/distroless/python3-debian13:nonroot AS prod\nENV PATH=/opt/venv/bin:$PATH\nWORKDIR /app\nCOPY . .\nENTRYPOINT []\nCMD [\"gunicorn\", \"app:app\"]\n",
			[]string{"6: starts gunicorn, which its image does not have"},
		},
		{"a virtual environment on the PATH", "FROM python:3.13-slim AS deps\nRUN python -m venv /opt/venv\n\nFROM gcr.io/distroless/python3-debian13:nonroot AS prod\nENV PATH=/opt/venv/bin:$PATH\nWORKDIR /app\nCOPY --from=deps /opt/venv/ /opt/venv/\nENTRYPOINT []\nCMD [\"gunicorn\", \"app:app\"]\n", nil},
		{
			"a shell in an image without one", "FROM gcr.io/distroless/nodejs24-debian13:nonroot AS prod\nWORKDIR /app\nCOPY . .\nENTRYPOINT []\nCMD [\"sh\", \"-c\", \"exec node index.js\"]\n",
			[]string{"5: starts a shell, which its image does not have"},
		},
		{
			"behind tini, in a shell", "FROM node:24-slim AS prod\nWORKDIR /app\nCOPY . .\nENTRYPOINT [\"tini\", \"--\"]\nCMD [\"sh\", \"-c\", \"node lib/migrate.mjs && exec node lib/start.mjs\"]\n",
			[]string{"5: starts lib/migrate.mjs, which is neither in the repository nor made by a step"},
		},
		{"a folder that the command enters", "FROM node:24-slim AS prod\nWORKDIR /app\nCOPY . .\nCMD [\"sh\", \"-c\", \"cd lib && exec node start.mjs\"]\n", nil},
		{"a script of the repository", "FROM debian:trixie-slim AS prod\nWORKDIR /app\nCOPY bin/ bin/\nCMD [\"bin/run.sh\"]\n", nil},
		{
			"a script of the repository that is not copied", "FROM debian:trixie-slim AS prod\nWORKDIR /app\nCOPY public/ public/\nCMD [\"./bin/run.sh\"]\n",
			[]string{"4: starts ./bin/run.sh, which is neither in the repository nor made by a step"},
		},
		{
			"a program of another language", "FROM node:24-slim AS prod\nWORKDIR /app\nCOPY . .\nCMD [\"uwsgi\", \"x.ini\"]\n",
			[]string{"4: starts uwsgi, which its image does not have"},
		},
		{
			"a program whose package is not installed", "FROM node:24-slim AS prod\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends git \\\n && rm -rf /var/lib/apt/lists/*\nCMD [\"ffmpeg\", \"-version\"]\n",
			[]string{"5: starts ffmpeg, which its image does not have"},
		},
		{"a program whose package is installed", "FROM node:24-slim AS prod\nRUN apt-get install -y ffmpeg\nCMD [\"ffmpeg\", \"-version\"]\n", nil},
		{"what BusyBox has and Debian has not", "FROM node:24-alpine AS prod\nCMD [\"ps\"]\n", nil},
		{"what Debian has not", "FROM node:24-slim AS prod\nCMD [\"ps\"]\n", []string{"2: starts ps, which its image does not have"}},
		{"an image of which nothing is known", "FROM example/thing:1 AS prod\nCMD [\"uwsgi\"]\n", nil},
		{"dev holds the tools", "FROM node:24-slim AS dev\nWORKDIR /app\nCOPY . .\nCMD [\"air\"]\n\nFROM dev AS prod\nCMD [\"node\", \"index.js\"]\n", nil},
		{
			"a jar", "FROM eclipse-temurin:21-jre AS prod\nWORKDIR /app\nCOPY public/ ./\nENTRYPOINT [\"java\", \"-jar\", \"app.jar\"]\n",
			[]string{"4: starts app.jar, which is neither in the repository nor made by a step"},
		},
		{"a class is no file", "FROM eclipse-temurin:21-jre AS prod\nENTRYPOINT [\"java\", \"-cp\", \"classes:lib/*\", \"a.App\"]\n", nil},
		{
			"a COPY of what is not there", "FROM node:24-slim AS prod\nWORKDIR /app\nCOPY yarn.lock package.json ./\nCMD [\"node\", \"-e\", \"0\"]\n",
			[]string{"3: copies yarn.lock, which is not in the build context"},
		},
		{
			"a COPY from a stage that does not have it", "FROM node:24-slim AS deps\nWORKDIR /app\nCOPY package.json ./\n\nFROM node:24-slim AS prod\nWORKDIR /app\nCOPY --from=deps /app/node_modules/ node_modules/\n",
			[]string{"7: copies /app/node_modules/, which is not in the stage deps"},
		},
		{"a COPY from an image", "FROM node:24-slim AS prod\nWORKDIR /app\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /usr/local/bin/uv\nCMD [\"uv\"]\n", nil},
		{"manifests by pattern", "FROM node:24-slim AS prod\nWORKDIR /app\nCOPY --parents apps/*/package.json ./\nRUN cd apps/api && touch x\n", nil},
		{
			"a folder that is not there", "FROM debian:trixie-slim AS folders\nRUN touch /folders/app/config/.env\n",
			[]string{"2: makes /folders/app/config/.env, and /folders/app/config is not there"},
		},
		{"a folder that a step makes", "FROM debian:trixie-slim AS folders\nRUN mkdir -p /folders/app/config \\\n && touch /folders/app/config/.env\n\nFROM folders AS prod\nCOPY --from=folders /folders/app/ /app/\n", nil},
		{
			"a folder that is entered", "FROM debian:trixie-slim AS prod\nWORKDIR /app\nCOPY public/ public/\nRUN cd client && touch x\n",
			[]string{"4: works in /app/client, which is not there", "4: makes x, and /app/client is not there"},
		},
		{"a text that the file holds", "FROM debian:trixie-slim AS prod\nCOPY --chmod=755 <<'EOF' /app/start\n#!/bin/sh\nexec true\nEOF\n\nCMD [\"/app/start\"]\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := verify.Faults([]byte(tt.text), node, packages)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, f := range got {
				lines = append(lines, fmt.Sprintf("%d: %s", f.Line, f.Text))
			}
			if diff := cmp.Diff(tt.want, lines); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFaultsOfNoDockerfile(t *testing.T) {
	if _, err := verify.Faults([]byte("FROM\n"), files{}, packages); err == nil {
		t.Error("no error")
	}
}

// A stage that copies from the one before it, which copies from the one before it, is followed
// once for each, not twice.
func TestFaultsOfManyStages(t *testing.T) {
	var b strings.Builder
	b.WriteString("FROM debian:trixie-slim AS s0\nWORKDIR /app\n")
	for i := range 30 {
		from, to := "s"+string(rune('0'+i/10))+string(rune('0'+i%10)), "s"+string(rune('0'+(i+1)/10))+string(rune('0'+(i+1)%10))
		if i == 0 {
			from = "s0"
		}
		b.WriteString("\nFROM debian:trixie-slim AS " + to + "\nWORKDIR /app\nCOPY --from=" + from + " /app/x /app/\nCOPY --from=" + from + " /app/ /app/\n")
	}
	if _, err := verify.Faults([]byte(b.String()), files{}, packages); err != nil {
		t.Fatal(err)
	}
}

func FuzzFaults(f *testing.F) {
	f.Add("FROM a AS b\nWORKDIR /x\nCOPY --from=b /x ./\nRUN cd $X && touch \"$Y\"/z\nCMD node $X\n")
	f.Add("FROM scratch\nCOPY * /\nENTRYPOINT exec \\\"\n")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = verify.Faults([]byte(text), files{"a"}, packages)
	})
}
