package image

import (
	"errors"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// know is the embedded knowledge.
func know(t testing.TB) *knowledge.Base {
	t.Helper()
	k, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// lockedInput is what a Decide gets, with the built-in preference.
func lockedInput(t *testing.T, locked map[string]record.Locked) record.Input {
	t.Helper()
	return record.Input{Know: know(t), Log: &record.Log{
		Locked: locked, Profile: "default", Preferred: []plan.Runtime{plan.Distroless, plan.Slim, plan.Alpine},
	}}
}

// value is the value of a choice, and how often it was recorded.
func value(log *record.Log, key string) (v string, times int) {
	for _, c := range log.Choices() {
		if c.Key == key {
			v = c.Value
			times++
		}
	}
	return v, times
}

func TestRef(t *testing.T) {
	k := know(t)
	for _, tt := range []struct {
		language, release string
		r                 plan.Runtime
		kind, want        string
	}{
		{"go", "1.27", plan.Slim, "", "golang:1.27-trixie"},
		{"go", "1.27.3", plan.Alpine, "", "golang:1.27.3-alpine"},
		{"go", "1.22", plan.Slim, "", "golang:1.22-bookworm"},
		{"go", "1.27", plan.Distroless, "", "gcr.io/distroless/static-debian13:nonroot"},
		{"go", "1.27", plan.Scratch, "", "scratch"},
		{"node", "24", plan.Slim, "", "node:24-trixie-slim"},
		{"node", "18", plan.Slim, "", "node:18-bookworm-slim"},
		{"node", "24", plan.Alpine, "", "node:24-alpine"},
		{"node", "24", plan.Distroless, "", "gcr.io/distroless/nodejs24-debian13:nonroot"},
		{"node", "20", plan.Distroless, "", "there is no distroless image of Node 20"},
		{"node", "24", plan.Scratch, "", "there is no empty image of Node 24"},
		{"bun", "1", plan.Slim, "", "oven/bun:1-slim"},
		{"bun", "1", plan.Distroless, "", "there is no distroless image of Bun 1"},
		{"python", "3.13", plan.Slim, "", "python:3.13-slim-trixie"},
		{"python", "3.8", plan.Alpine, "", "python:3.8-alpine"},
		{"bun", "1", plan.Alpine, "", "oven/bun:1-alpine"},
		{"python", "3.13", plan.Distroless, "", "gcr.io/distroless/python3-debian13:nonroot"},
		{"python", "3.14", plan.Distroless, "", "there is no distroless image of Python 3.14"},
		{"java", "21", plan.Slim, "jdk", "eclipse-temurin:21-jdk-noble"},
		{"java", "21", plan.Alpine, "jre", "eclipse-temurin:21-jre-alpine"},
		{"java", "26", plan.Alpine, "jre", "eclipse-temurin:26-jre-alpine"},
		{"java", "21", plan.Distroless, "", "gcr.io/distroless/java21-debian13:nonroot"},
		{"maven", "3.9", plan.Slim, "eclipse-temurin-21", "maven:3.9-eclipse-temurin-21"},
		{"gradle", "8.14", plan.Slim, "jdk21", "gradle:8.14-jdk21"},
		{"tomcat", "10.1", plan.Slim, "jre21", "tomcat:10.1-jre21-temurin-noble"},
		{"tomcat", "10.1", plan.Alpine, "jre21", "there is no Alpine image of Tomcat 10.1"},
		{"nginx", "1.30", plan.Alpine, "", "nginxinc/nginx-unprivileged:1.30-alpine-slim"},
		{"nginx", "1.30", plan.Slim, "", "nginxinc/nginx-unprivileged:1.30-trixie"},
	} {
		ref, err := ImagesOf(tt.language).Ref(k, tt.release, tt.r, tt.kind)
		got := ref.String()
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s %s on %s: got %s, want %s", tt.language, tt.release, tt.r, got, tt.want)
		}
	}
}

// TestDebianOnce holds the name and the number of the Debian release to one row
// of images.yaml: no image has another.
func TestDebianOnce(t *testing.T) {
	k := know(t)
	debian, _ := k.Image("debian")
	d, _ := debian.Release(debian.Default)
	if d.Number == "" {
		t.Fatal("the release of Debian has no number")
	}
	for _, img := range k.Images {
		if strings.Contains(img.Name+img.Repository, "debian"+d.Number) {
			t.Errorf("image %s: the number of the Debian release is {debian}", img.Name)
		}
		for _, rel := range img.Releases {
			for i, v := range rel.Variants {
				if strings.Contains(v, debian.Default) && i > 0 && strings.Count(strings.Join(rel.Variants[:i], " "), "bookworm") > 0 {
					t.Errorf("image %s %s: an older Debian comes before %s", img.Name, rel.Version, v)
				}
			}
		}
	}
}

func TestRuntimeReasons(t *testing.T) {
	git := []effect.Exec{{Program: effect.Value{Text: "git"}, Pos: fact.At("a.js", 3)}}
	canvas, ok := Library(lockedInput(t, nil), "python", "psycopg2", fact.At("requirements.txt", 1))
	if !ok {
		t.Fatal("no row of psycopg2")
	}
	needs, err := Needed(canvas)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		q    RuntimeRequest
		want plan.Runtime
		why  string // of distroless
		evid string
	}{
		{"nothing", RuntimeRequest{}, plan.Distroless, "", "profile default"},
		{"a program", RuntimeRequest{Starts: git}, plan.Slim, "the code starts git (a.js:3), and distroless has no programs", "profile default; git"},
		{"a shell", RuntimeRequest{Shell: "the start command: npm start"}, plan.Slim, "distroless has no shell for the start command: npm start", "profile default; a shell"},
		{"packages", RuntimeRequest{Needs: needs}, plan.Slim, "psycopg2 needs the package libpq5, and distroless has no package manager", "profile default; psycopg2"},
		{"packages that it has", RuntimeRequest{Needs: needs, Has: []string{"libpq5"}}, plan.Distroless, "", "profile default"},
		{"no image", RuntimeRequest{Release: "20"}, plan.Slim, "there is no distroless image of Node 20", "profile default; Node 20"},
		{"the language's own", RuntimeRequest{Can: func(r plan.Runtime) error {
			if r == plan.Distroless {
				return Because("esbuild", "esbuild runs there not")
			}
			return nil
		}, Facts: []string{"esbuild"}}, plan.Slim, "esbuild runs there not", "profile default; esbuild"},
	} {
		in := lockedInput(t, nil)
		tt.q.Images = ImagesOf("node")
		if tt.q.Release == "" {
			tt.q.Release = "24"
		}
		got, err := Runtime(in, tt.q)
		c := in.Log.Choices()[0]
		if err != nil || got != tt.want || c.Evidence != tt.evid || tt.why != "" && c.Rejected[0].Why != tt.why {
			t.Errorf("%s: got %s, %v, evidence %q, %v; want %s, %q, %q", tt.name, got, err, c.Evidence, c.Rejected, tt.want, tt.evid, tt.why)
		}
		// A lock of a release that knew fewer or more to work moves nothing.
		for _, r := range []plan.Runtime{plan.Slim, plan.Alpine} {
			for _, evidence := range []string{c.Evidence, "profile default, of [alpine slim]"} {
				in := lockedInput(t, map[string]record.Locked{"runtime": {Value: string(r), Evidence: evidence}})
				if got, err := Runtime(in, tt.q); err != nil || got != r {
					t.Errorf("%s, locked as %s (%s): got %s, %v", tt.name, r, evidence, got, err)
				}
				again := lockedInput(t, map[string]record.Locked{"runtime": {Value: string(r), Evidence: in.Log.Choices()[0].Evidence}})
				if got, err := Runtime(again, tt.q); err != nil || got != r {
					t.Errorf("%s, locked as %s twice: got %s, %v", tt.name, r, got, err)
				}
			}
		}
		// What the repository does not say any more binds nothing.
		if tt.want == plan.Slim {
			in := lockedInput(t, map[string]record.Locked{"runtime": {Value: "slim", Evidence: c.Evidence}})
			if got, err := Runtime(in, RuntimeRequest{Images: ImagesOf("node"), Release: "24"}); err != nil || got != plan.Distroless {
				t.Errorf("%s is gone: got %s, %v; want distroless", tt.name, got, err)
			}
		}
	}
}

// TestPlatforms: an image that is not published for the platforms of servers and laptops is said.
func TestPlatforms(t *testing.T) {
	for _, tt := range []struct {
		language, release string
		r                 plan.Runtime
		want              string
	}{
		{"java", "17", plan.Alpine, "eclipse-temurin:17-jre-alpine is not published for linux/arm64"},
		{"java", "17", plan.Slim, ""},
		{"java", "17", plan.Distroless, ""},
		{"java", "21", plan.Alpine, ""},
		{"node", "24", plan.Alpine, ""},
		{"python", "3.13", plan.Distroless, ""},
		{"go", "1.27", plan.Alpine, ""},
	} {
		in := lockedInput(t, nil)
		in.Log.Asked = tt.r
		if _, err := Runtime(in, RuntimeRequest{Images: ImagesOf(tt.language), Release: tt.release}); err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, n := range in.Log.Notes() {
			said = append(said, n.Text)
		}
		if got := strings.Join(said, "; "); got != tt.want {
			t.Errorf("%s %s on %s: got %q, want %q", tt.language, tt.release, tt.r, got, tt.want)
		}
	}
}

func TestRuntimeThatIsLeftIsSaid(t *testing.T) {
	for _, tt := range []struct{ locked, want string }{
		{"distroless", "runtime: distroless cannot run this app any more: the code starts git (:0), and distroless has no programs; slim is taken"},
		{"windows", `runtime: "windows" is none of [scratch distroless alpine slim]: slim is taken`},
	} {
		in := lockedInput(t, map[string]record.Locked{"runtime": {Value: tt.locked, Evidence: "profile default"}})
		got, err := Runtime(in, RuntimeRequest{Images: ImagesOf("node"), Release: "24", Starts: []effect.Exec{{Program: effect.Value{Text: "git"}}}})
		notes := in.Log.Notes()
		if err != nil || got != plan.Slim || len(notes) != 1 || !strings.Contains(notes[0].Text, strings.Split(tt.want, "(")[0]) {
			t.Errorf("%s: got %s, %v, %v", tt.locked, got, err, notes)
		}
	}
	var reason *record.Reason
	if !errors.As(Because("a", "b"), &reason) {
		t.Error("Because makes no reason")
	}
}

func TestScratchIsForBareProgramsAlone(t *testing.T) {
	for _, language := range []string{"node", "bun", "python", "java"} {
		err := RuntimeRequest{Images: ImagesOf(language)}.can(lockedInput(t, nil), plan.Scratch)
		if err == nil || !strings.HasSuffix(err.Error(), "needs its runtime and a C library, and scratch is empty") {
			t.Errorf("%s: got %v", language, err)
		}
	}
	if err := (RuntimeRequest{Images: ImagesOf("go"), Release: "1.27"}).can(lockedInput(t, nil), plan.Scratch); err != nil {
		t.Errorf("go: got %v", err)
	}
}
