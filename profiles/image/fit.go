package image

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
)

// Base is an image that a Dockerfile names as it stands: dockgen's, or what a person or a bot made of it.
type Base struct {
	Stage string // its name, "" for none
	Image string // as it is written, with a registry or a digest of theirs
	Line  int
	// Taken is what the line takes files of the image by ("COPY --from=", "RUN --mount=from="), "" for that of a FROM line.
	Taken string
}

// Misfit is a line with an image that cannot be right: a line of the repository, or another stage, speaks against its image.
type Misfit struct {
	Base
	Wanted string // the line that dockgen writes
	Why    string
	Pos    fact.Pos // of the line of the repository, zero for a stage
	Hint   string
}

// Misfits holds the images of a Dockerfile to what the repository says of their releases and to one another. Only what differs from the plan can be one, only a
// stage of the plan's, and only an image of which it is known what it is: a mirror's name, a digest or a more exact tag is no matter.
//
// Of the stages of one app,
//   - the release of the language must be one that no line of the repository speaks against, which the plan's release fulfils;
//   - Node, Python and Bun must be the same where it is built and where it runs, and Java must not be older where it runs;
//   - what holds native code must run on the C library that it was built with: not musl's instead of glibc's, nor that of an older Debian.
//
// Written are the images that dockgen's own file takes files of: a program of another image is held to the lines of the repository, too, and must
// run on the C library of the stage that takes it.
func Misfits(know *knowledge.Base, app *plan.App, file, written []Base) []Misfit {
	f := fitting{know: know, app: app}
	for _, b := range file {
		for _, s := range app.Image.Stages {
			h := s.Data.Stage()
			if h.Name.String() != b.Stage {
				continue
			}
			if b.Taken != "" {
				f.take(b, h, written)
			} else if ref := h.From.Image(); !ref.IsZero() {
				f.stages = append(f.stages, fitted{Base: b, head: h, wants: ref.String(), now: identify(know, b.Image), was: identify(know, ref.String())})
			}
		}
	}
	f.held()
	f.paired()
	f.shared()
	slices.SortStableFunc(f.out, func(a, b Misfit) int { return cmp.Compare(a.Line, b.Line) })
	return f.out
}

type fitting struct {
	know   *knowledge.Base
	app    *plan.App
	stages []fitted
	taken  []fitted // programs of other images
	out    []Misfit
}

// fitted is a stage of the plan with what the file starts it from.
type fitted struct {
	Base
	head     plan.Head
	wants    string // the image that dockgen writes
	now, was identity
}

// take adds an image that a stage takes files of, if dockgen's own file takes them of one of the same name there.
func (f *fitting) take(b Base, head plan.Head, written []Base) {
	now := takenProgram(f.know, b.Image)
	for _, w := range written {
		if was := takenProgram(f.know, w.Image); w.Taken == b.Taken && w.Stage == b.Stage && was.system == now.system && now.system != "" {
			f.taken = append(f.taken, fitted{Base: b, head: head, wants: w.Image, now: now, was: was})
			return
		}
	}
}

// held holds each release to the lines of the repository.
func (f *fitting) held() {
	for _, s := range slices.Concat(f.stages, f.taken) {
		for _, b := range f.app.Bounds {
			if s.now.system != b.Image || s.now.release == "" || s.now == s.was || f.prefix(s) != b.Prefix {
				continue
			}
			if o, ok := b.Against(s.now.release); ok {
				f.say(s, o.Text, o.Pos, fmt.Sprintf("change that line too, or take %s again", s.wants))
				break
			}
		}
	}
}

// paired holds what is built to what it runs on: the last stage.
func (f *fitting) paired() {
	if len(f.stages) == 0 {
		return
	}
	last := f.stages[len(f.stages)-1]
	if stages := f.app.Image.Stages; last.head.Name != stages[len(stages)-1].Data.Stage().Name {
		return
	}
	for _, s := range f.stages[:len(f.stages)-1] {
		if f.prefix(s) != f.prefix(last) || s.was.system == "" {
			continue
		}
		why, hint := "", "move both, or none"
		switch {
		case unlike(s.now, last.now) && !unlike(s.was, last.was):
			why = fmt.Sprintf("stage %s has %s and stage %s has %s", s.Stage, s.now, last.Stage, last.now)
		case f.native(s.was.system) && incompatible(s.now, last.now) && !incompatible(s.was, last.was):
			why = fmt.Sprintf("stage %s builds native code for %s, and stage %s has %s", s.Stage, s.now.os, last.Stage, last.now.os)
		default:
			continue
		}
		at := s
		if last.now != last.was { // the one that was changed
			at = last
		}
		f.say(at, why, fact.Pos{}, hint)
		return
	}
}

// shared holds the programs of other images to the C library of the stages that take them.
func (f *fitting) shared() {
	for _, s := range f.taken {
		base := f.base(s.head)
		if s.now.system == bunSystem && incompatible(s.now, base.now) && !incompatible(s.was, base.was) {
			f.say(s, fmt.Sprintf("%s is of %s, and stage %s has %s", s.now, s.now.os, base.Stage, base.now.os), fact.Pos{}, "take that of the same system: "+s.wants)
		}
	}
}

// base is the stage of the file with the image that a stage is of, by those that it starts from.
func (f *fitting) base(h plan.Head) fitted {
	for range f.app.Image.Stages {
		if i := slices.IndexFunc(f.stages, func(s fitted) bool { return s.head.Name == h.Name }); i >= 0 {
			return f.stages[i]
		}
		i := slices.IndexFunc(f.app.Image.Stages, func(s plan.Stage) bool { return s.Data.Stage().Name == h.From.Stage() })
		if i < 0 {
			break
		}
		h = f.app.Image.Stages[i].Data.Stage()
	}
	return fitted{}
}

func (f *fitting) say(s fitted, why string, at fact.Pos, hint string) {
	if slices.ContainsFunc(f.out, func(m Misfit) bool { return m.Line == s.Line }) {
		return
	}
	wanted := s.Taken + s.wants
	if s.Taken == "" {
		wanted = fmt.Sprintf("FROM %s AS %s", s.head.From, s.head.Name)
	}
	f.out = append(f.out, Misfit{Base: s.Base, Wanted: wanted, Why: why, Pos: at, Hint: hint})
}

// prefix is that of the app or front end that a stage is of.
func (f *fitting) prefix(s fitted) string {
	longest := ""
	for _, b := range f.app.Bounds {
		if strings.HasPrefix(s.head.Name.String(), b.Prefix) && len(b.Prefix) > len(longest) {
			longest = b.Prefix
		}
	}
	return longest
}

// native reports whether what a stage of the system makes may hold code for one C library. Packages of Node and Python bring such code without a word in the manifest;
// Java's class files hold none, unless the build makes a program or a runtime of them.
func (f *fitting) native(system string) bool {
	chosen := func(key, value string) bool {
		return slices.ContainsFunc(f.app.Choices, func(c plan.Choice) bool { return c.Key == key && (value == "" || c.Value == value) })
	}
	switch system {
	case goSystem:
		return chosen("go.cgo", "1")
	case javaSystem:
		return chosen("jlink", "") || chosen("startup", "native program")
	}
	return true
}

// unlike reports whether a release that builds does not fit the one that runs.
func unlike(build, run identity) bool {
	if build.system != run.system || build.release == "" || run.release == "" {
		return false
	}
	if build.system == javaSystem {
		return compareReleases(build.release, run.release) > 0
	}
	return build.release != run.release
}

// incompatible reports whether what is built on one system does not run on another. A newer C library runs what an older one was linked with, not the other way round:
// https://sourceware.org/glibc/wiki/FAQ#What_does_glibc_promise_about_ABI_stability.3F.
func incompatible(build, run identity) bool {
	a, b := build.os, run.os
	if a.family == "" || b.family == "" {
		return false
	}
	return (a.family == alpine) != (b.family == alpine) || a.family == b.family && a.number > 0 && b.number > 0 && a.number > b.number
}

// The images that languages are built on, by their names in the table.
const (
	goSystem   = "golang"
	javaSystem = "eclipse-temurin"
	bunSystem  = "oven/bun"
)

// identity is what an image is, as far as its name tells.
type identity struct {
	system  string // of its language: "node"; "" for none
	release string // of the language; "" where it is not known
	os      origin
}

// String names the release: "Node 24".
func (i identity) String() string {
	for _, l := range []string{"go", "node", "bun", "python", "java"} {
		if images := ImagesOf(l); images.System == i.system {
			return images.Language + " " + plan.Printable(i.release, 20)
		}
	}
	return plan.Printable(i.release, 20)
}

// origin is what an image is made of.
type origin struct {
	family string // "debian", "ubuntu", "alpine", "" where it is not known
	number int    // of the release, in an order; 0 where it is not known
}

const alpine = "alpine"

func (s origin) String() string {
	name := map[string]string{"debian": "Debian", "ubuntu": "Ubuntu", alpine: "Alpine"}[s.family]
	if s.number > 0 {
		return fmt.Sprintf("%s %d", name, s.number)
	}
	return name
}

// identify tells what an image is by its name, whichever registry it is pulled from.
func identify(know *knowledge.Base, ref string) identity {
	name, _, _ := strings.Cut(ref, "@")
	repository, tag := name, ""
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		repository, tag = name[:i], name[i+1:]
	}
	base := path.Base(repository)
	var out identity
	for _, s := range []string{goSystem, "node", bunSystem, "python", javaSystem} {
		if found := releasePatterns[s].FindStringSubmatch(name); found != nil {
			out.system, out.release = s, found[1]
			break
		}
	}
	out.os = systemOf(base, tag)
	if out.system != "" && out.system != javaSystem && out.os.family == "" {
		out.os.family = "debian" // of a tag that does not say which
	}
	debian, _ := know.Image("debian") // a test keeps images.yaml right
	newest, _ := debian.Release(debian.Default)
	if img, ok := know.Image("gcr.io/distroless/python3"); ok && base == "python3-debian"+newest.Number {
		out.system, out.release = "python", img.Default
	}
	return out
}

// UVImage and TomcatImage are the images that a program is taken of, by the names of their bounds.
const (
	UVImage     = "ghcr.io/astral-sh/uv"
	TomcatImage = "tomcat"
)

// programPatterns find the release of a program in the name of the image that it is taken of.
var programPatterns = map[string]*lazy.Regexp{ //nolint:gochecknoglobals // a constant table
	bunSystem:   releasePatterns[bunSystem],
	UVImage:     lazy.MustCompile(`(?:^|/)uv:(\d+\.\d+\.\d+)(?:$|[^\d.])`),
	TomcatImage: lazy.MustCompile(`(?:^|/)tomcat:(\d+\.\d+)(?:$|[^\d])`),
}

// takenProgram tells of which program an image is that files are taken of.
func takenProgram(know *knowledge.Base, ref string) identity {
	name, _, _ := strings.Cut(ref, "@")
	for _, p := range []string{bunSystem, UVImage, TomcatImage} {
		if found := programPatterns[p].FindStringSubmatch(name); found != nil {
			return identity{system: p, release: found[1], os: identify(know, ref).os}
		}
	}
	return identity{}
}

// systemOf tells what an image is made of by the last part of its repository and by its tag.
func systemOf(base, tag string) origin {
	if base == alpine {
		return origin{family: alpine}
	}
	if _, number, ok := strings.Cut(base, "-debian"); ok {
		return origin{"debian", leading(number)}
	}
	for part := range strings.SplitSeq(tag, "-") {
		if strings.HasPrefix(part, alpine) {
			return origin{family: alpine}
		}
		if s, ok := knowledge.SuiteNamed(part); ok {
			return origin{s.Family, s.Number}
		}
	}
	if base == "debian" {
		return origin{"debian", leading(tag)}
	}
	return origin{}
}

// leading is the number that a text begins with, 0 for none.
func leading(s string) int {
	end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		s = s[:end]
	}
	n, _ := strconv.Atoi(s)
	return n
}
