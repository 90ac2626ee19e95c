// Package image decides what every image decides, whatever its language: the
// version and the runtime, system packages, the port, the health check, PID 1,
// the folders that the app writes to, secrets and the ignore file. A language
// gives candidates and reasons; the policy is here, once.
package image

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// NonRoot is the user of every prod but the web server's: distroless' nonroot,
// numeric so that it needs no passwd entry anywhere else
// (https://github.com/GoogleContainerTools/distroless/blob/main/common/variables.bzl).
func NonRoot() plan.User { return plan.User{UID: 65532, GID: 65532} }

// nonRootID is the number of NonRoot's user and group in a command.
const nonRootID = "65532"

// Images are the published images of a language, by their names in
// knowledge/images.yaml.
type Images struct {
	Language   string // as a sentence says it: "Node"
	System     string // of the toolchain, and of prod on slim and alpine: "node"
	Distroless string // of prod on distroless, "" if there is no such image
	Prod       string // how the variants for prod begin, if they differ from the toolchain's: "jre"
	Bare       bool   // prod needs no files of the language: it runs on Debian, Alpine or nothing at all
}

// ImagesOf returns the images of a language, or of a server that an app needs
// instead of it: "bun", "nginx", "tomcat".
func ImagesOf(language string) Images {
	switch language {
	case "go":
		return Images{Language: "Go", System: "golang", Distroless: "gcr.io/distroless/static", Bare: true}
	case "node":
		return Images{Language: "Node", System: "node", Distroless: "gcr.io/distroless/nodejs"}
	case "bun":
		return Images{Language: "Bun", System: "oven/bun"}
	case "python":
		return Images{Language: "Python", System: "python", Distroless: "gcr.io/distroless/python3"}
	case "java":
		return Images{Language: "Java", System: "eclipse-temurin", Distroless: "gcr.io/distroless/java", Prod: "jre"}
	case "java-base": // what a runtime of Java that the build makes runs on
		return Images{Language: "Java", Distroless: "gcr.io/distroless/java-base", Bare: true}
	case "graalvm":
		return Images{Language: "GraalVM", System: "ghcr.io/graalvm/native-image-community"}
	case "maven":
		return Images{Language: "Maven", System: "maven"}
	case "gradle":
		return Images{Language: "Gradle", System: "gradle"}
	case "tomcat":
		return Images{Language: "Tomcat", System: "tomcat"}
	case "html":
		return Images{Language: "HTML"} // which has none: the image is that of nginx
	case "nginx":
		return Images{Language: "nginx", System: "nginxinc/nginx-unprivileged"}
	}
	return Images{Language: language}
}

// Ref names the image of a release for a runtime, with its literal tag:
// "node:24-trixie-slim". A release may have a patch ("1.27.3"), which the tag
// has too. kind is how the variant begins if an image has several kinds:
// "jdk", "jre21". An image that is not published is a *record.Reason.
func (i Images) Ref(know *knowledge.Base, release string, r plan.Runtime, kind string) (plan.Ref, error) {
	ref, _, err := i.published(know, release, r, kind)
	return ref, err
}

// published is what Ref names, with the platforms that it is published for.
func (i Images) published(know *knowledge.Base, release string, r plan.Runtime, kind string) (ref plan.Ref, platforms []string, err error) {
	name := i.System
	switch {
	case i.Bare && r == plan.Scratch:
		return plan.ScratchRef(), nil, nil
	case r == plan.Scratch:
		return ref, nil, i.unpublished(release, r)
	case r == plan.Distroless:
		name = i.Distroless
	}
	img, ok := know.Image(name)
	if !ok {
		return ref, nil, i.unpublished(release, r)
	}
	if r == plan.Distroless && i.Bare {
		release = img.Default // it has no release of the language
	}
	rel, ok := img.ReleaseOf(release)
	if !ok {
		return ref, nil, i.unpublished(release, r)
	}
	tag, v := release, ""
	if len(rel.Variants) > 0 {
		if v, ok = variant(rel, r, kind); !ok {
			return ref, nil, i.unpublished(release, r)
		}
		tag += "-" + v
	}
	repository := img.Name
	if img.Repository != "" {
		debian, _ := know.Image("debian")
		d, _ := debian.Release(debian.Default) // a test keeps images.yaml right
		repository = strings.NewReplacer("{release}", release, "{debian}", d.Number).Replace(img.Repository)
	}
	if img.Tag != "" {
		tag = img.Tag
	}
	ref, err = plan.NewRef(repository, tag)
	return ref, rel.Platforms[v], err
}

// unpublished says that an image is not published.
func (i Images) unpublished(release string, r plan.Runtime) error {
	kind := map[plan.Runtime]string{plan.Distroless: "distroless ", plan.Alpine: "Alpine ", plan.Scratch: "empty "}[r]
	what := strings.TrimSpace(i.Language + " " + release)
	return Because(what, "there is no %simage of %s", kind, plan.Printable(what, 40))
}

// variant is the preferred variant of a release for a runtime.
func variant(rel knowledge.Release, r plan.Runtime, kind string) (string, bool) {
	i := slices.IndexFunc(rel.Variants, func(v string) bool {
		alpine := slices.Contains(strings.Split(v, "-"), "alpine") // "alpine", "jre-alpine", "alpine-slim"
		return alpine == (r == plan.Alpine) && (kind == "" || v == kind || strings.HasPrefix(v, kind+"-"))
	})
	if i < 0 {
		return "", false
	}
	return rel.Variants[i], true
}

// Bare chooses the release of the system that a program of its own starts
// from, for the runtimes that have one: "alpine:3.24", "debian:trixie-slim". For
// the others it returns a zero Ref. The choice is "go.alpine" for language "go".
func Bare(in record.Input, language string, r plan.Runtime) (plan.Ref, error) {
	name := map[plan.Runtime]string{plan.Alpine: "alpine", plan.Slim: "debian"}[r]
	if name == "" {
		return plan.Ref{}, nil
	}
	images := Images{Language: name, System: name}
	release, err := Current(in, language+"."+name, images, plan.Choice{Rule: "the newest release that dockgen knows", Evidence: "the image that prod starts from"})
	if err != nil {
		return plan.Ref{}, err
	}
	return images.Ref(in.Know, release, r, "")
}

// Current chooses the release of an image that nothing in the repository asks for. c
// has its rule, and the evidence with which the lock keeps it.
func Current(in record.Input, key string, images Images, c plan.Choice) (string, error) {
	img, ok := in.Know.Image(images.System)
	if !ok {
		return "", fmt.Errorf("knowledge: no image %s", images.System)
	}
	c.Key, c.Value, c.Link, c.Image = key, img.Default, img.Source, img.Name
	release := in.Log.Choose(c)
	if _, ok := img.Release(release); !ok {
		return "", record.RefuseLocked(fact.At(record.LockFile, 0), "%s %s, which has no image", images.Language, plan.Printable(release, 20))
	}
	return release, nil
}

// Because is why a runtime cannot run an app. about names what the
// repository says that makes it so, such as the name of a dependency or program, for the
// lock; "" is a reason that holds whatever the repository says.
func Because(about, format string, args ...any) error {
	return &record.Reason{Fact: about, Text: fmt.Sprintf(format, args...)}
}

// RuntimeRequest is what a language knows of what its app needs to run.
type RuntimeRequest struct {
	Images  Images
	Release string // of the language
	Kind    string // of the variant that prod needs, see Images.Ref; "" is Images.Prod
	Needs   System // system packages
	// Starts are the programs that the code or the start command starts, each
	// one that a runtime without programs does not have.
	Starts []effect.Exec
	// Shell is what needs a shell, beside a start command of the user's that is one's:
	// "the start command: npm start && …"; "" needs none.
	Shell string
	// Has are packages whose files distroless has.
	Has []string
	// Can says why a runtime cannot run the app for the language's own reasons, nil for none.
	// It is asked after the general ones. Its errors are made with Because.
	Can func(plan.Runtime) error
	// Ask is the program that a runtime asks a page with, as for Probe; nil: each has one.
	Ask func(plan.Runtime) Asker
	// Facts are the names that Can's reasons are about, as far as the repository has
	// them: dependencies, "writes". The lock keeps a runtime while they stay.
	Facts []string
}

// Runtime decides what prod runs on, for every language: what was asked for,
// or the first runtime of the profile that can run the app. The reasons that
// all languages share are given here.
func Runtime(in record.Input, q RuntimeRequest) (plan.Runtime, error) {
	if start := in.Settings.Start; q.Shell == "" && len(start) > 0 && shell.IsShell(start[0]) {
		q.Shell = "the start command: " + strings.Join(start, " ")
	}
	if script := decideEntry(in, q.Images.Language); script != "" && q.Shell == "" {
		q.Shell = script
	}
	if q.Shell == "" {
		q.Shell = promisedShell(in)
	}
	r, err := in.Log.Runtime(func(r plan.Runtime) error { return q.can(in, r) }, q.facts(in)...)
	if err == nil && !q.Images.Bare {
		q.Images.SayPlatforms(in, q.Release, r, q.kind())
	}
	return r, err
}

// common are the platforms that people build on: servers and laptops.
var common = []string{"amd64", "arm64"} //nolint:gochecknoglobals // a constant table

// SayPlatforms notes that an image is published for one of the common platforms and not for the other, where a build there fails. Runtime says it of
// prod's.
func (i Images) SayPlatforms(in record.Input, release string, r plan.Runtime, kind string) {
	ref, has, err := i.published(in.Know, release, r, kind)
	if err != nil {
		return
	}
	for n, p := range common {
		if other := common[1-n]; len(has) > 0 && !slices.Contains(has, p) {
			in.Log.Note(fact.Pos{}, fmt.Sprintf("%s is not published for linux/%s", ref, p), "build with --platform linux/"+other+" there, or take another runtime")
		}
	}
}

// The facts that have no name of their own in the repository.
const (
	factPackages = "packages"
	factShell    = "a shell"
)

func (q RuntimeRequest) facts(in record.Input) []string {
	out := append(slices.Clone(q.Facts), q.Images.Language, strings.TrimSpace(q.Images.Language+" "+q.Release))
	if len(in.Settings.Packages) > 0 {
		out = append(out, factPackages)
	}
	if q.Shell != "" {
		out = append(out, factShell)
	}
	for _, x := range q.Starts {
		out = append(out, path.Base(x.Program.Text))
	}
	for _, n := range q.Needs.needs {
		out = append(out, n.Name)
	}
	return append(out, promisedFacts(in)...)
}

// kind is how the variant of prod begins.
func (q RuntimeRequest) kind() string { return cmp.Or(q.Kind, q.Images.Prod) }

func (q RuntimeRequest) can(in record.Input, r plan.Runtime) error {
	if r == plan.Scratch && !q.Images.Bare {
		return Because(q.Images.Language, "%s needs its runtime and a C library, and scratch is empty", q.Images.Language)
	}
	kind := q.kind()
	if q.Images.Distroless == "" && r == plan.Distroless {
		return Because(q.Images.Language, "there is no distroless image of %s", q.Images.Language)
	}
	if !q.Images.Bare {
		if _, err := q.Images.Ref(in.Know, q.Release, r, kind); err != nil {
			return err
		}
	}
	if r == plan.Scratch || r == plan.Distroless {
		if err := q.bare(in, r); err != nil {
			return err
		}
	}
	if err := q.askable(in, r); err != nil {
		return err
	}
	if r == plan.Alpine && q.Needs.noAlpine != nil {
		return q.Needs.noAlpine
	}
	if q.Can != nil {
		return q.Can(r)
	}
	return nil
}

// bare says why an app needs more than a runtime without programs and without a
// package manager.
func (q RuntimeRequest) bare(in record.Input, r plan.Runtime) error {
	if q.Shell != "" {
		return Because(factShell, "%s has no shell for %s", r, plan.Printable(q.Shell, 80))
	}
	if len(q.Starts) > 0 {
		name := path.Base(q.Starts[0].Program.Text)
		return Because(name, "the code starts %s (%s), and %s has no programs", plan.Printable(name, 40), q.Starts[0].Pos, r)
	}
	if len(in.Settings.Packages) > 0 {
		return Because(factPackages, "packages are asked for, and %s has no package manager", r)
	}
	for _, n := range q.Needs.needs {
		if n.Dev {
			continue
		}
		for _, p := range n.Row.Debian.Runtime {
			if r == plan.Scratch || !slices.Contains(q.Has, p) {
				return Because(n.Name, "%s needs the package %s, and %s has no package manager", plan.Printable(n.Name, 40), p, r)
			}
		}
	}
	return nil
}
