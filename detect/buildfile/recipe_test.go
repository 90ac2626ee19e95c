package buildfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/tree/treetest"
)

// readerOf is the reader of a repository's root.
func readerOf(t *testing.T, files map[string]string) *Reader {
	t.Helper()
	tr := treetest.Of(t, files)
	return Of(tr, ".")
}

// TestRecipe: the commands of a Makefile's rules stand in the place of the call of make.
func TestRecipe(t *testing.T) {
	const mk = "T = x\nall: ui bin\nui:\n\tcd web && npm run build\nbin: gen\n\tgo build -tags $(T) .\ngen:\n\t$(MAKE) deep X=1\ndeep:\n\tprotoc $(X).proto\nloop:\n\tmake loop\n"
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"a rule and what it needs": {
			map[string]string{"Makefile": mk, "Dockerfile": "FROM golang\nCOPY . /src\nWORKDIR /src\nRUN CGO_ENABLED=0 make -j4 all\nCMD make ui\n"},
			[]string{"4 all web$ CGO_ENABLED=0 npm run build (s)", "10 deep .$ CGO_ENABLED=0 X=1 protoc ?.proto (s)", "6 all .$ CGO_ENABLED=0 go build -tags x . (s)"},
		},
		"the first rule, of another folder": {
			map[string]string{"web/Makefile": "build:\n\tnpm ci\n", "Dockerfile": "FROM node\nCOPY . .\nRUN make -C web\n"},
			[]string{"2 build web$ npm ci (s)"},
		},
		"no such rule, an option, a value that is not known": {
			map[string]string{"Makefile": mk, "Dockerfile": "FROM golang\nCOPY . .\nRUN make none && make -f x && make $(id)\n"},
			[]string{"3 .$ make none (s)", "3 .$ make -f x (s)", "3 .$ make ? (s)"},
		},
		"rules that call themselves": {
			map[string]string{"Makefile": mk, "Dockerfile": "FROM golang\nCOPY . .\nRUN make loop\n"},
			[]string{"12 loop .$ make loop (s)"},
		},
		"files that lie in another stage, or in a folder of another name": {
			map[string]string{"a/b/x.py": "", "Dockerfile": "FROM python AS b\nCOPY pyproject.toml LICENSE /app/\nCOPY a /app/a\nWORKDIR /app\nRUN poetry install\nFROM python\nCOPY --from=b /app /srv\nWORKDIR /srv/a/b\nRUN python x.py\nWORKDIR /other\nRUN python y.py\n"},
			[]string{"5 .$ poetry install (s)", "9 a/b$ python x.py (s)", "11 .$ python y.py (s)"},
		},
	} {
		r := readerOf(t, tt.files)
		var got []string
		for _, recipe := range r.Recipes() {
			if recipe.Own {
				for _, c := range recipe.Commands {
					got = append(got, said(c))
				}
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestRecipeBounds: neither rules nor stages that hold one another take more than their bounds.
func TestRecipeBounds(t *testing.T) {
	var mk, docker strings.Builder
	for i := range 300 {
		fmt.Fprintf(&mk, "r%d:\n\tmake r%d r%d\n\tgo build\n", i, i+1, i+2)
	}
	docker.WriteString("FROM x AS s0\nCOPY . /a\n")
	for i := range 6 {
		fmt.Fprintf(&docker, "FROM x AS s%d\n", i+1)
		for range 150 {
			fmt.Fprintf(&docker, "COPY --from=s%d /a /a\n", i)
		}
	}
	docker.WriteString("WORKDIR /a\nRUN make r0\n")
	for _, recipe := range readerOf(t, map[string]string{"Makefile": mk.String(), "Dockerfile": docker.String()}).Recipes() {
		if n := len(recipe.Commands); n > maxCommands {
			t.Errorf("%d commands", n)
		}
	}
}

// TestGiven: what a build argument gives, and the default that it has there.
func TestGiven(t *testing.T) {
	f := readText("Dockerfile", `ARG VERSION=1
ARG UNUSED=2
FROM node:$VERSION AS base
ARG VERSION
ENV APP_VERSION=$VERSION NOT=$UNUSED
RUN apk add --no-cache --virtual .build gcc make
FROM base AS build
ARG COMMIT=none
ARG BASE_URL
RUN NEXT_PUBLIC_COMMIT=$COMMIT X="${BASE_URL}" Y=$VERSION npm run build -- --base=$BASE_URL
FROM alpine
ARG VERSION
ENV V=${VERSION}
`)
	var got []string
	for _, s := range f.Image.Stages {
		for _, a := range s.Args {
			got = append(got, "ARG "+a.Value.Name+"="+a.Value.Value)
		}
		for _, x := range s.Given {
			got = append(got, x.Name+" of "+x.Arg)
		}
		for _, p := range s.Packages {
			got = append(got, p.Value.Name)
		}
	}
	want := []string{
		"ARG VERSION=1", "APP_VERSION of VERSION", "gcc", "make",
		"ARG COMMIT=none", "ARG BASE_URL=", "APP_VERSION of VERSION", "NEXT_PUBLIC_COMMIT of COMMIT", "X of BASE_URL",
		"ARG VERSION=1", "V of VERSION",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if list := f.Image.Packages; len(list) != 0 {
		t.Errorf("the last stage has %v", list)
	}
}
