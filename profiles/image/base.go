package image

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/record"
)

// builtOn is what the own Dockerfile says of the release of its language.
const builtOn Verb = " is built on "

// releasePatterns find a language's release in the name of an image, by the image of it that
// dockgen builds on. Of Go, ownRelease does not ask: its go line says what it needs, and any newer
// release builds it.
var releasePatterns = map[string]*lazy.Regexp{ //nolint:gochecknoglobals // a constant table
	// python:3.14-alpine, ghcr.io/astral-sh/uv:python3.13-bookworm-slim
	"python": lazy.MustCompile(`(?:^|[/:-])python:?(3\.\d+)(?:$|[^\d])`),
	// node:24-alpine, cimg/node:24.1, gcr.io/distroless/nodejs24-debian13
	"node": lazy.MustCompile(`(?:^|/)node(?:js)?:?(\d+)(?:$|[^\d])`),
	// golang:1.27-trixie
	"golang": lazy.MustCompile(`(?:^|/)golang:(\d+\.\d+(?:\.\d+)?)(?:$|[^\d.])`),
	// oven/bun:1-slim
	"oven/bun": lazy.MustCompile(`(?:^|/)bun:(\d+)(?:$|[^\d])`),
	// eclipse-temurin:25-jre, maven:3.9-eclipse-temurin-21, amazoncorretto:21, gcr.io/distroless/java21-debian13,
	// tomcat:11.0-jre21-temurin-noble, registry.access.redhat.com/ubi9/openjdk-21-runtime:1.23
	"eclipse-temurin": lazy.MustCompile(`(?:jdk|jre|java|temurin|openjdk|corretto|semeru-runtimes:open|sapmachine|zulu-openjdk(?:-[a-z]+)?|liberica-open(?:jdk|jre)-[a-z]+)[:-]?(\d+)(?:$|[^\d])`),
}

// ownRelease is the release that the repository's own Dockerfile is built on, as its evidence has it: of
// the image that runs, or else of those that build, the last one first. "" for none.
func ownRelease(in record.Input, key, system string) (release string, at fact.Pos, evidence string) {
	pattern := releasePatterns[system]
	if pattern == nil || system == goSystem || system == bunSystem {
		return "", fact.Pos{}, ""
	}
	own := OwnImage(in)
	if own == nil {
		old, ok := Remembered(in, key, builtOn)
		if !ok {
			return "", fact.Pos{}, ""
		}
		release, _, _ = strings.Cut(strings.TrimPrefix(old.Evidence, ownDockerfile+string(builtOn)), ";")
		return release, fact.At(record.LockFile, 0), ownDockerfile + string(builtOn) + release
	}
	for _, s := range FromLast(own.Image.Stages) {
		if found := pattern.FindStringSubmatch(s.Base); found != nil {
			return found[1], s.Pos, Adopted(in, s.Pos, builtOn, found[1])
		}
	}
	return "", fact.Pos{}, ""
}

// FromLast are the stages that start from an image: the one that the last stage stands on first, then
// the others, the last one first.
func FromLast(stages []buildfile.Stage) []buildfile.Stage {
	var out []buildfile.Stage
	named := func(name string) int {
		return slices.IndexFunc(stages, func(s buildfile.Stage) bool { return s.Name != "" && strings.EqualFold(s.Name, name) })
	}
	if len(stages) == 0 {
		return nil
	}
	i := len(stages) - 1
	for range stages {
		if next := named(stages[i].Base); next >= 0 && next < i {
			i = next
		}
	}
	out = append(out, stages[i])
	for j, s := range slices.Backward(stages) {
		if j != i && named(s.Base) < 0 {
			out = append(out, s)
		}
	}
	return out
}

// takeOwn is the release to take instead of rel because the repository's own Dockerfile is built on it: its
// people run the app on that one. It must be what win asks for, and within all limits that rel
// is within; one that is out of support leads to the next one that is not. without is the evidence of rel: a
// lock that was written on it keeps what it holds.
func (d *versions) takeOwn(rel knowledge.Release, win record.Option, without string) (own knowledge.Release, at fact.Pos, evidence string) {
	if win.Rule == asked {
		return rel, fact.Pos{}, ""
	}
	if old, ok := d.in.Log.Locked[d.q.Key]; ok && old.Evidence == without {
		return rel, fact.Pos{}, ""
	}
	release, at, evidence := ownRelease(d.in, d.q.Key, d.q.Images.System)
	if release == "" {
		return rel, fact.Pos{}, ""
	}
	long := slices.ContainsFunc(d.published, func(r knowledge.Release) bool { return r.LTS })
	for _, r := range slices.Backward(d.published) {
		if compareReleases(r.Version, release) < 0 || r.Ended || long && !r.LTS {
			continue
		}
		outside := slices.ContainsFunc(d.q.Limits, func(l Limit) bool { return !l.Fits(r.Version) && (l.Must || l.Fits(rel.Version)) })
		if r.Version == rel.Version || outside || win.Value != "" && !d.q.Satisfies(r.Version, win.Value) {
			break
		}
		return r, at, evidence
	}
	return rel, fact.Pos{}, ""
}
