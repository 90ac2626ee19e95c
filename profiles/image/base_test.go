package image

import (
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestOwnRelease: the release that the own Dockerfile is built on decides between those that the manifest allows.
func TestOwnRelease(t *testing.T) {
	nodeSatisfies, nodeLowest := exactly(1)
	pySatisfies, pyLowest := exactly(2)
	later := func(release, want string) bool { return compareReleases(release, want) >= 0 }
	requests := map[string]VersionRequest{
		"node":   {Key: "node.version", Images: ImagesOf("node"), Satisfies: nodeSatisfies, Lowest: nodeLowest},
		"python": {Key: "python.version", Images: ImagesOf("python"), Satisfies: pySatisfies, Lowest: pyLowest, Strict: true},
		"java":   {Key: "java.version", Images: ImagesOf("java"), Satisfies: later, Lowest: nodeLowest, Raise: true},
		"go":     {Key: "go.version", Images: ImagesOf("go"), Satisfies: later, Lowest: pyLowest, Raise: true},
	}
	atMost := func(top string) []Limit {
		return []Limit{{Fits: func(r string) bool { return compareReleases(r, top) <= 0 }, Text: "lxml is prebuilt up to " + top, Quiet: true}}
	}
	for _, tt := range []struct {
		name, language, own string
		wants               string
		asked               string
		limits              []Limit
		want                string
	}{
		{name: "within a range", language: "python", own: "FROM python:3.14-alpine3.23 AS base\nFROM base\n", wants: ">=3.10", want: "3.14"},
		{name: "no version is named", language: "python", own: "FROM python:3.12\n", want: "3.12"},
		{name: "a pin comes before", language: "python", own: "FROM python:3.14\n", wants: "3.12", want: "3.12"},
		{name: "older than the range", language: "python", own: "FROM python:3.11\n", wants: ">=3.12", want: "3.13"},
		{name: "out of support", language: "python", own: "FROM python:3.8-slim\n", wants: ">=3.8", want: "3.11"},
		{name: "by an argument", language: "python", own: "ARG V=3.12\nFROM docker.io/library/python:${V}-slim AS app\nFROM app AS prod\n", want: "3.12"},
		{name: "by an argument without a value", language: "python", own: "ARG V\nFROM python:${V}-slim\n", want: "3.13"},
		{name: "uv's image", language: "python", own: "FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim\n", want: "3.12"},
		{name: "of a stage that builds", language: "python", own: "FROM python:3.12 AS b\nFROM gcr.io/distroless/python3-debian12\nCOPY --from=b /a /a\n", want: "3.12"},
		{name: "a limit of a dependency", language: "python", own: "FROM python:3.14\n", limits: atMost("3.13"), want: "3.13"},
		{name: "the user asks", language: "python", own: "FROM python:3.12\n", asked: "3.11", want: "3.11"},
		{name: "python2", language: "python", own: "FROM python:2.7\n", want: "3.13"},
		{name: "of tomorrow", language: "python", own: "FROM python:3.99\n", want: "3.13"},
		{name: "within engines", language: "node", own: "FROM node:22-alpine\n", wants: ">=18", want: "22"},
		{name: "out of support and no engines", language: "node", own: "FROM node:16-stretch\n", want: "22"},
		{name: "odd", language: "node", own: "FROM node:23.1.0-alpine\n", want: "24"},
		{name: "distroless", language: "node", own: "FROM node:24 AS b\nFROM gcr.io/distroless/nodejs22-debian12\nCOPY --from=b /a /a\n", want: "22"},
		{name: "a named release", language: "node", own: "FROM node:lts-alpine\n", want: "26"},
		{name: "node in another name", language: "node", own: "FROM node-exporter:22\n", want: "26"},
		{name: "newer than the POM", language: "java", own: "FROM eclipse-temurin:25-jdk-noble AS b\nFROM eclipse-temurin:25-jre-noble\n", wants: "17", want: "25"},
		{name: "older than the POM", language: "java", own: "FROM openjdk:11-jre-slim\n", wants: "17", want: "17"},
		{name: "Maven's image", language: "java", own: "FROM maven:3.9-eclipse-temurin-21 AS b\nFROM alpine\n", wants: "17", want: "21"},
		{name: "distroless Java", language: "java", own: "FROM gcr.io/distroless/java21-debian12\n", wants: "11", want: "21"},
		{name: "no long-term support", language: "java", own: "FROM eclipse-temurin:24-jre\n", wants: "21", want: "25"},
		{name: "Corretto", language: "java", own: "FROM amazoncorretto:21-alpine\n", want: "21"},
		{name: "the number of an image that is no JDK", language: "java", own: "FROM maven:3.9 AS b\nFROM debian:25\n", wants: "17", want: "17"},
		{name: "Go goes by its own line", language: "go", own: "FROM golang:1.27\n", wants: "1.26", want: "1.26"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			version := func(files map[string]string, old []plan.Choice) (string, record.Input) {
				in := beside(t, tt.language, files, old)
				in.Settings = settings.Settings{Version: tt.asked}
				q := requests[tt.language]
				q.Limits = tt.limits
				if tt.wants != "" {
					q.Candidates = []record.Option{{Value: tt.wants, Pos: fact.At("file", 1), Rule: "the manifest"}}
				}
				v, err := Version(in, q)
				if err != nil {
					t.Fatal(err)
				}
				return v.Version, in
			}
			got, in := version(map[string]string{"Dockerfile": tt.own}, nil)
			if got != tt.want {
				t.Fatalf("got %s, want %s", got, tt.want)
			}
			// It stays when dockgen's Dockerfile has taken its place, and what was locked without it, too.
			if again, _ := version(nil, in.Log.Choices()); again != tt.want {
				t.Errorf("then %s, want %s", again, tt.want)
			}
			before, bare := version(nil, nil)
			if kept, _ := version(map[string]string{"Dockerfile": tt.own}, bare.Log.Choices()); kept != before {
				t.Errorf("a lock with %s becomes %s", before, kept)
			}
		})
	}
}
