package merge_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// sample stands for what dockgen generates of a repository at one moment.
type sample struct {
	version  string
	port     int
	packages []string // system packages, "" for none
	lockfile bool
	build    bool // has a build stage
	test     bool
	health   bool
	alpine   bool
	migrate  bool // has one more stage
	swapped  bool // test comes before dev
	syntax   bool
	manager  string
	env      []string
}

func plain() sample {
	return sample{version: "24", port: 3000, lockfile: true, build: true, test: true, syntax: true, manager: "npm"}
}

func (s sample) dockerfile() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if s.syntax {
		p("# syntax=docker/dockerfile:1\n")
	}
	suite := "trixie-slim"
	if s.alpine {
		suite = "alpine"
	}
	p("ARG NODE_VERSION=%s\n", s.version)
	p("FROM node:${NODE_VERSION}-%s AS base\nWORKDIR /app", suite)
	if s.packages != nil {
		p("# %s is loaded at run time.", s.packages[0])
		if s.alpine {
			p("RUN apk add --no-cache %s", strings.Join(s.packages, " "))
		} else {
			p("RUN apt-get update \\\n && apt-get install -y --no-install-recommends %s \\\n && rm -rf /var/lib/apt/lists/*", strings.Join(s.packages, " "))
		}
	}
	p("")
	p("# deps changes only with the manifests.\nFROM base AS deps")
	if s.lockfile {
		p("COPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm \\\n    %s ci\n", s.manager)
	} else {
		p("COPY package.json ./\nRUN --mount=type=cache,target=/root/.npm \\\n    %s install\n", s.manager)
	}
	dev := func() {
		p("# dev restarts on every save: docker run --rm -v \"$(pwd):/app\" -p %d:%d IMAGE", s.port, s.port)
		p("# The volume keeps the image's node_modules when the source is mounted over /app.")
		p("FROM deps AS dev\nCOPY . .\nVOLUME /app/node_modules\nEXPOSE %d\nCMD [\"npm\", \"run\", \"dev\"]\n", s.port)
	}
	test := func() {
		if s.test {
			p("# test fails the build when a test fails: docker build --target test .\nFROM deps AS test\nENV CI=true\nCOPY . .\nRUN npm test\n")
		}
	}
	if s.swapped {
		test()
		dev()
	} else {
		dev()
		test()
	}
	from := "deps"
	if s.build {
		from = "build"
		p("FROM deps AS build\nCOPY . .\nRUN <<EOF\nset -e\n%s run build\n%s prune --omit=dev\nEOF\n", s.manager, s.manager)
	}
	if s.migrate {
		p("# migrate changes the schema, before prod starts.\nFROM deps AS migrate\nCOPY migrations/ migrations/\nCMD [\"npx\", \"migrate\"]\n")
	}
	if s.alpine {
		p("# prod has Alpine's Node.\nFROM node:${NODE_VERSION}-alpine AS prod")
	} else {
		p("# prod has the compiled code and its production dependencies.\nFROM gcr.io/distroless/nodejs${NODE_VERSION}-debian13:nonroot AS prod")
	}
	p("ENV NODE_ENV=production")
	for _, e := range s.env {
		p("ENV %s", e)
	}
	p("WORKDIR /app\nCOPY --link --from=%s /app/package.json ./\nCOPY --link --from=%s /app/node_modules/ node_modules/", from, from)
	if s.build {
		p("COPY --link --from=build /app/dist/ dist/")
	} else {
		p("COPY --link server.js ./")
	}
	p("USER 65532:65532\nEXPOSE %d", s.port)
	if s.health {
		p("HEALTHCHECK CMD [\"/nodejs/bin/node\", \"-e\", \"fetch('http://127.0.0.1:%d/')\"]", s.port)
	}
	if s.build {
		p("CMD [\"dist/server.js\"]")
	} else {
		p("CMD [\"server.js\"]")
	}
	return b.String()
}

// ignore is the .dockerignore that goes with it.
func (s sample) ignore() string {
	out := "# Version control, editors and CI\n.git\n.github\n.vscode\n\n# Secrets never enter an image\n**/.env\n**/.env.*\n!**/.env.example\n\n"
	if s.build {
		out += "# Made by the build\ndist\n"
		if s.migrate {
			out += "migrated\n"
		}
		out += "\n"
	}
	out += "# Installed in the image\n**/node_modules\n"
	if s.test {
		out += "coverage\n"
	}
	return out
}

// next is the repository after some time.
func (s sample) next(r *rand.Rand) sample {
	for range 1 + r.IntN(3) {
		switch r.IntN(14) {
		case 0:
			s.version = fmt.Sprint(20 + 2*r.IntN(5))
		case 1:
			s.port = 3000 + r.IntN(3)*1000
		case 2:
			s.packages = nil
		case 3:
			s.packages = [][]string{{"libpq5"}, {"libpq5", "openssl"}, {"chromium", "fonts-liberation", "libpq5"}}[r.IntN(3)]
		case 4:
			s.lockfile = !s.lockfile
		case 5:
			s.build = !s.build
		case 6:
			s.test = !s.test
		case 7:
			s.health = !s.health
		case 8:
			s.alpine = !s.alpine
		case 9:
			s.migrate = !s.migrate
		case 10:
			s.swapped = !s.swapped
		case 11:
			s.syntax = !s.syntax
		case 12:
			s.manager = []string{"npm", "pnpm", "yarn"}[r.IntN(3)]
		case 13:
			s.env = [][]string{nil, {"PORT=8080"}, {"PORT=8080", "HOSTNAME=0.0.0.0"}}[r.IntN(3)]
		}
	}
	return s
}
