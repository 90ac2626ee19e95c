package image

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
)

// A tag that somebody raised is right as long as no line of the repository and no other stage speaks against it.
func TestMisfits(t *testing.T) {
	know := know(t)
	stages := func(names ...string) (out []plan.Stage) {
		for i := 0; i < len(names); i += 2 {
			repository, tag, _ := strings.Cut(names[i+1], ":")
			out = append(out, plan.Stage{Block: "x", Data: plan.Head{Name: plan.MustStageName(names[i]), From: plan.FromImage(plan.MustRef(repository, tag))}})
		}
		return out
	}
	atLeast := func(prefix, image, release, low string) plan.Bound {
		return plan.Bound{Prefix: prefix, Image: image, Release: release, Against: func(r string) (plan.Objection, bool) {
			return plan.Objection{Text: "the file asks for >=" + low, Pos: fact.At("manifest", 7)}, compareReleases(r, low) < 0
		}}
	}
	node := &plan.App{
		Image:  plan.Image{Stages: stages("base", "node:26-trixie-slim", "init", "debian:trixie-slim", "prod", "gcr.io/distroless/nodejs26-debian13:nonroot")},
		Bounds: []plan.Bound{atLeast("", "node", "26", "22")},
	}
	slim := &plan.App{
		Image:  plan.Image{Stages: stages("base", "node:26-alpine", "prod", "node:26-alpine")},
		Bounds: []plan.Bound{atLeast("", "node", "26", "22")},
	}
	python := &plan.App{
		Image:  plan.Image{Stages: stages("base", "python:3.13-slim-trixie", "prod", "gcr.io/distroless/python3-debian13:nonroot")},
		Bounds: []plan.Bound{atLeast("", "python", "3.13", "3.11")},
	}
	java := &plan.App{
		Image:  plan.Image{Stages: stages("build", "maven:3.9-eclipse-temurin-21", "prod", "eclipse-temurin:21-jre-noble")},
		Bounds: []plan.Bound{atLeast("", "eclipse-temurin", "21", "21")},
	}
	eight := &plan.App{Image: plan.Image{Stages: stages("build", "eclipse-temurin:17-jdk-noble", "prod", "eclipse-temurin:8-jre-noble")}}
	jlink := &plan.App{
		Image:   plan.Image{Stages: stages("build", "eclipse-temurin:21-jdk-alpine", "prod", "alpine:3.24")},
		Choices: []plan.Choice{{Key: "jlink", Value: "java.base"}},
	}
	golang := &plan.App{
		Image:   plan.Image{Stages: stages("frontend-base", "node:26-trixie-slim", "base", "golang:1.27-trixie", "prod", "gcr.io/distroless/static-debian13:nonroot")},
		Bounds:  []plan.Bound{atLeast("", "golang", "1.27", "1.26.3"), atLeast("frontend-", "node", "26", "24")},
		Choices: []plan.Choice{{Key: "go.cgo", Value: "0"}},
	}
	cgo := &plan.App{
		Image:   plan.Image{Stages: stages("base", "golang:1.27-trixie", "prod", "gcr.io/distroless/base-debian13:nonroot")},
		Choices: []plan.Choice{{Key: "go.cgo", Value: "1"}},
	}
	digest := "@sha256:" + strings.Repeat("0", 64)
	for _, tt := range []struct {
		app  *plan.App
		file string // the images of its stages, where they differ
		want string // the stage: why (place), "" for none
	}{
		{node, "", ""},
		{node, "base=node:26.1-trixie-slim", ""},
		{node, "base=node:26.1.0-trixie-slim" + digest + " prod=gcr.io/distroless/nodejs26-debian13:nonroot" + digest, ""},
		{node, "base=node" + digest, ""},
		{node, "base=mirror.example.com:5000/hub/node:26-trixie-slim prod=mirror.example.com/gcr/distroless/nodejs26-debian13", ""},
		{node, "base=registry.example.com/corp/base:7", ""},
		{node, "base=node:24-trixie-slim prod=gcr.io/distroless/nodejs24-debian13:nonroot", ""},
		{node, "base=node:24-trixie-slim", "base: stage base has Node 24 and stage prod has Node 26"},
		{node, "base=mirror.example.com/node:24-trixie-slim", "base: stage base has Node 24 and stage prod has Node 26"},
		{node, "prod=gcr.io/distroless/nodejs24-debian13:nonroot", "prod: stage base has Node 26 and stage prod has Node 24"},
		{node, "base=node:20-trixie-slim prod=gcr.io/distroless/nodejs20-debian13:nonroot", "base: the file asks for >=22 (manifest:7), prod: the file asks for >=22 (manifest:7)"},
		{node, "base=node:26-alpine", "base: stage base builds native code for Alpine, and stage prod has Debian 13"},
		{node, "base=node:26-bookworm-slim", ""},
		{node, "base=node:26-slim", ""},
		{node, "prod=gcr.io/distroless/nodejs26-debian12:nonroot", "prod: stage base builds native code for Debian 13, and stage prod has Debian 12"},
		{node, "init=debian:bookworm-slim", ""},
		{slim, "base=node:26.1-alpine3.22 prod=node:26.1-alpine3.22", ""},
		{slim, "prod=node:26-trixie-slim", "prod: stage base builds native code for Alpine, and stage prod has Debian 13"},
		{python, "base=python:3.13.9-slim-trixie", ""},
		{python, "base=python:3.14-slim-trixie", "base: stage base has Python 3.14 and stage prod has Python 3.13"},
		{python, "base=python:3.14-slim-trixie prod=python:3.14-slim-trixie", ""},
		{python, "base=python:3.14-slim-trixie prod=gcr.io/distroless/python3-debian14:nonroot", ""},
		{java, "build=maven:3.9.16-eclipse-temurin-21", ""},
		{java, "build=maven:3.9-eclipse-temurin-25", "build: stage build has Java 25 and stage prod has Java 21"},
		{java, "build=maven:3.9-eclipse-temurin-25 prod=eclipse-temurin:25-jre-noble", ""},
		{java, "prod=eclipse-temurin:25.0.1_8-jre-alpine", ""},
		{java, "prod=eclipse-temurin:17-jre-noble", "prod: the file asks for >=21 (manifest:7)"},
		{eight, "build=eclipse-temurin:21-jdk-noble", ""},
		{jlink, "prod=debian:trixie-slim", "prod: stage build builds native code for Alpine, and stage prod has Debian 13"},
		{golang, "base=golang:1.28-trixie", ""},
		{golang, "base=golang:1.28-bookworm", ""},
		{golang, "base=golang:1.26.3-trixie", ""},
		{golang, "base=golang:1.26.2-trixie", "base: the file asks for >=1.26.3 (manifest:7)"},
		{golang, "base=golang:1.19-alpine", "base: the file asks for >=1.26.3 (manifest:7)"},
		{golang, "frontend-base=node:22-alpine", "frontend-base: the file asks for >=24 (manifest:7)"},
		{golang, "frontend-base=node:24-alpine", ""},
		{cgo, "base=golang:1.27-alpine", "base: stage base builds native code for Alpine, and stage prod has Debian 13"},
		{cgo, "base=golang:1.27-bookworm", ""},
		{cgo, "base=golang:1.27-alpine prod=alpine:3.24", ""},
		{cgo, "prod=registry.example.com/corp/base:7", ""},
	} {
		changed := map[string]string{}
		for pair := range strings.FieldsSeq(tt.file) {
			name, image, _ := strings.Cut(pair, "=")
			changed[name] = image
		}
		var file []Base
		for i, s := range tt.app.Image.Stages {
			h := s.Data.Stage()
			b := Base{Stage: h.Name.String(), Image: h.From.Image().String(), Line: i + 1}
			if x := changed[b.Stage]; x != "" {
				b.Image = x
			}
			file = append(file, b)
		}
		file = append(file, Base{Stage: "mine", Image: "node:4", Line: 99})
		var got []string
		for _, m := range Misfits(know, tt.app, file, nil) {
			s := m.Stage + ": " + m.Why
			if !m.Pos.IsZero() {
				s += fmt.Sprintf(" (%s)", m.Pos)
			}
			got = append(got, s)
			if m.Wanted == "" || m.Hint == "" || m.Line == 0 {
				t.Errorf("%s: no line, no hint or no wanted image: %+v", tt.file, m)
			}
		}
		if all := strings.Join(got, ", "); all != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.file, all, tt.want)
		}
	}
}

// A program that is taken of an image is held to the repository and to the C library of the stage that takes it.
func TestMisfitsTaken(t *testing.T) {
	know := know(t)
	stage := func(name string, from plan.From) plan.Stage {
		return plan.Stage{Block: "x", Data: plan.Head{Name: plan.MustStageName(name), From: from}}
	}
	at := fact.At("manifest", 7)
	app := func(image, from string) *plan.App {
		repository, tag, _ := strings.Cut(from, ":")
		base := stage("base", plan.FromImage(plan.MustRef(repository, tag)))
		return &plan.App{
			Image: plan.Image{Stages: []plan.Stage{base, stage("deps", plan.FromStage(base.Data.Stage().Name))}},
			Bounds: []plan.Bound{{Image: image, Against: func(r string) (plan.Objection, bool) {
				return plan.Objection{Text: "the file speaks against it", Pos: at}, r == "0.8.1" || r == "11.0"
			}}},
		}
	}
	const copied, mounted = "COPY --from=", "RUN --mount=from="
	for _, tt := range []struct {
		app              *plan.App
		from             string // of the file, "" for the plan's
		taken, was, file string
		want             string
	}{
		{app("ghcr.io/astral-sh/uv", "python:3.14-slim-trixie"), "", mounted, "ghcr.io/astral-sh/uv:0.13.9", "ghcr.io/astral-sh/uv:0.14.2", ""},
		{app("ghcr.io/astral-sh/uv", "python:3.14-slim-trixie"), "", mounted, "ghcr.io/astral-sh/uv:0.13.9", "mirror.example.com/uv:0.8.1@sha256:0", "manifest:7: the file speaks against it; RUN --mount=from=ghcr.io/astral-sh/uv:0.13.9"},
		{app("ghcr.io/astral-sh/uv", "python:3.14-slim-trixie"), "", copied, "ghcr.io/astral-sh/uv:0.13.9", "ghcr.io/astral-sh/uv:0.8.1", ""},
		{app("tomcat", "eclipse-temurin:17-jre-noble"), "", copied, "tomcat:10.1-jre17-temurin-noble", "tomcat:10.1.40-jre21-temurin-noble", ""},
		{app("tomcat", "eclipse-temurin:17-jre-noble"), "", copied, "tomcat:10.1-jre17-temurin-noble", "tomcat:11.0-jre17-temurin-noble", "manifest:7: the file speaks against it; COPY --from=tomcat:10.1-jre17-temurin-noble"},
		{app("x", "node:26-trixie-slim"), "", copied, "oven/bun:1", "oven/bun:1.3.0", ""},
		{app("x", "node:26-trixie-slim"), "", copied, "oven/bun:1", "oven/bun:1-alpine", ": Bun 1 is of Alpine, and stage base has Debian 13; COPY --from=oven/bun:1"},
		{app("x", "node:26-alpine"), "", copied, "oven/bun:1-alpine", "oven/bun:1", ": Bun 1 is of Debian, and stage base has Alpine; COPY --from=oven/bun:1-alpine"},
		{app("x", "node:26-alpine"), "node:26-trixie-slim", copied, "oven/bun:1-alpine", "oven/bun:1", ""},
		{app("x", "node:26-trixie-slim"), "", copied, "registry.example.com/corp/tools:1", "registry.example.com/corp/tools:1-alpine", ""},
	} {
		base := Base{Stage: "base", Image: tt.app.Image.Stages[0].Data.Stage().From.Image().String(), Line: 1}
		if tt.from != "" {
			base.Image = tt.from
		}
		written := Base{Stage: "deps", Image: tt.was, Line: 4, Taken: tt.taken}
		if tt.taken == copied && strings.Contains(tt.was, "uv") {
			written.Taken = mounted // another line than the user's
		}
		got := ""
		for _, m := range Misfits(know, tt.app, []Base{base, {Stage: "deps", Image: tt.file, Line: 5, Taken: tt.taken}}, []Base{written}) {
			got = fmt.Sprintf("%s: %s; %s", m.Pos, m.Why, m.Wanted)
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.file, got, tt.want)
		}
	}
}
