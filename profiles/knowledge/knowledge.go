// Package knowledge is what dockgen knows that no repository says: published
// images and their tags, when versions end, and the system packages that
// libraries need. It is YAML with a source beside every row, decoded strictly
// and embedded, so that nothing is fetched when a file is generated.
package knowledge

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed *.table packages/*.table
var files embed.FS

// Base is everything known. It is immutable.
type Base struct {
	Decided string // as in Published
	Images  []Image
	System  []Package
	Tooling []Tool
	Routes  []Route
	Debian  Names
}

// Names are the packages of Debian that other releases, and Ubuntu's, have by another name.
type Names struct {
	Source   string `yaml:"source"`
	Packages []struct {
		Name     string `yaml:"name"`
		Bookworm string `yaml:"bookworm,omitempty"`
		Bullseye string `yaml:"bullseye,omitempty"` // if it is not bookworm's
		Ubuntu   string `yaml:"ubuntu,omitempty"`
		// Other says that the name in bookworm is another package now, which Name does not take the place of.
		Other bool     `yaml:"other,omitempty"`
		Was   []string `yaml:"was,omitempty"`
	} `yaml:"packages"`
}

// Now is the name that a package of an older release has in the one that images are made of.
func (n Names) Now(name string) string {
	for _, p := range n.Packages {
		if name == p.Bookworm && !p.Other || slices.Contains(p.Was, name) {
			return p.Name
		}
	}
	return name
}

// In is the name that a package has in a suite: "bookworm", "noble". Of one that the table does not know it is the name itself.
func (n Names) In(suite, name string) string {
	for _, p := range n.Packages {
		if name != p.Name {
			continue
		}
		switch suite {
		case "bullseye":
			return cmp.Or(p.Bullseye, p.Bookworm, name)
		case "bookworm":
			return cmp.Or(p.Bookworm, name)
		case "noble", "resolute":
			return cmp.Or(p.Ubuntu, name)
		}
	}
	return name
}

// Route is a path by which servers say that they are well.
type Route struct {
	Path   string `yaml:"path"`
	Source string `yaml:"source"`
}

// Published is the table of images, which internal/knowledge/refresh makes of what their sources say.
type Published struct {
	// Decided is the day for which it says what has ended and what is preferred: "2026-11-30".
	Decided string  `yaml:"decided"`
	Images  []Image `yaml:"images"`
}

// Image is a repository of published images.
type Image struct {
	Name string `yaml:"image"` // "golang", "gcr.io/distroless/static"
	// Repository is what the images are published as, if that is not Name.
	// {release} is the release, {debian} the number of the Debian that images are made of.
	Repository string `yaml:"repository,omitempty"`
	// Tag is the tag of every release, if releases differ in the repository.
	Tag     string `yaml:"tag,omitempty"`
	Source  string `yaml:"source"`  // where the tags were read
	Default string `yaml:"default"` // release for a repository that names none
	// Preferred is the default by the rule, where another is kept for now.
	Preferred string `yaml:"preferred,omitempty"`
	// Kept says why, "what builds for Java 8 and 11 has no other".
	Kept string `yaml:"kept,omitempty"`
	// Unused are releases that have, or had, images which dockgen does not use: they are too old, or no one needs them.
	Unused   []string  `yaml:"unused,omitempty"`
	Releases []Release `yaml:"releases"`
}

// Release is one line of versions of an image, newest first in its list.
type Release struct {
	Version  string   `yaml:"version"`            // "1.27", "24", "3.13"
	Number   string   `yaml:"number,omitempty"`   // of a release of Debian, which Version names: "13"
	Variants []string `yaml:"variants,omitempty"` // suffixes that are published, the preferred one first: "trixie-slim", "alpine"
	LTS      bool     `yaml:"lts,omitempty"`      // it had long-term support on the day of Published
	Ended    bool     `yaml:"ended,omitempty"`    // support had ended by that day
	Early    bool     `yaml:"early,omitempty"`    // it was too new to be preferred
	Since    string   `yaml:"since,omitempty"`    // day of the first release, "2026-10-01"; "" is not known, here and below
	Fixes    string   `yaml:"fixes,omitempty"`    // last day of bug fixes
	Until    string   `yaml:"until,omitempty"`    // last day of support
	Patch    int      `yaml:"patch,omitempty"`    // newest patch release
	// Platforms are those of each variant, or with "" of a release without variants: "amd64", "arm/v7".
	Platforms map[string][]string `yaml:"platforms"`
}

// A Suite is a release of Debian or Ubuntu.
type Suite struct {
	Family string // "debian", "ubuntu"
	Number int    // in an order: 13, 24
}

// suites are those that images are named after: https://www.debian.org/releases/, https://releases.ubuntu.com/.
var suites = map[string]Suite{ //nolint:gochecknoglobals // a constant table
	"buster": {"debian", 10}, "bullseye": {"debian", 11}, "bookworm": {"debian", 12}, "trixie": {"debian", 13}, "forky": {"debian", 14},
	"focal": {"ubuntu", 20}, "jammy": {"ubuntu", 22}, "noble": {"ubuntu", 24}, "resolute": {"ubuntu", 26},
}

// SuiteNamed is the release of a name: "trixie".
func SuiteNamed(name string) (s Suite, ok bool) {
	s, ok = suites[name]
	return s, ok
}

// Suite is the release of Debian or Ubuntu that its preferred image is made of: "trixie" of "trixie-slim", "noble" of "jdk-noble". It
// is "" if none says so.
func (r Release) Suite() string {
	for _, v := range r.Variants {
		for part := range strings.SplitSeq(v, "-") {
			if _, ok := SuiteNamed(part); ok {
				return part
			}
		}
	}
	return ""
}

// Has reports whether the release is published with the variant.
func (r Release) Has(variant string) bool { return slices.Contains(r.Variants, variant) }

// Package is the system packages that one library needs.
type Package struct {
	Ecosystem string `yaml:"ecosystem"` // "python", "node", "go"
	Name      string `yaml:"name"`      // normalised name or module path
	Source    string `yaml:"source"`
	// Versions is the range of the library's versions that need this, in the
	// ecosystem's own syntax; "" is all.
	Versions string `yaml:"versions,omitempty"`
	// Unless names a library that, where it is there too, makes the row void.
	Unless string `yaml:"unless,omitempty"`
	Debian Need   `yaml:"debian,omitempty"`
	Alpine Need   `yaml:"alpine,omitempty"`
	// Brought are Debian packages for prod that the language's own images have the files of, distroless too, and Debian itself has not.
	Brought []string `yaml:"brought,omitempty"`
	// Why says what for, of the library: "its engine is linked against it".
	Why string `yaml:"why,omitempty"`
	// NoAlpine says why the library does not run on Alpine; "" where it does.
	NoAlpine string `yaml:"no-alpine,omitempty"`
	// Static says that the library can be linked into a static program on
	// Alpine; nil where that is not known.
	Static *Static `yaml:"static,omitempty"`
	// Wheel says that the library comes prebuilt for glibc, so that its build
	// packages are needed only where it is built from source.
	Wheel bool `yaml:"wheel,omitempty"`
	// Unbuilt are versions of the library that nobody prebuilt for a version of
	// the language, so that its build packages are needed after all.
	Unbuilt []struct {
		Versions string `yaml:"versions"`
		Node     string `yaml:"node"`
		Source   string `yaml:"source"`
		// Runtime are the Debian packages that it is then linked against.
		Runtime []string `yaml:"runtime,omitempty"`
	} `yaml:"unbuilt,omitempty"`
	// Account says that it looks its user up, and fails for one without an entry.
	Account bool `yaml:"account,omitempty"`
	// Note says what the user has to do beside that, "" for nothing.
	Note string `yaml:"note,omitempty"`
	// Refuse says why no image is made of an app that uses the library, "" where one
	// is, and Hint what to do.
	Refuse string `yaml:"refuse,omitempty"`
	Hint   string `yaml:"hint,omitempty"`
	// Env are variables that its use in a container needs, InstallEnv those
	// that its installation alone does.
	Env        map[string]string `yaml:"env,omitempty"`
	InstallEnv map[string]string `yaml:"install-env,omitempty"`
}

// Static is what a static link takes beside the Alpine build packages.
type Static struct {
	Source   string   `yaml:"source"`             // where that it works was read
	Packages []string `yaml:"packages,omitempty"` // Alpine packages with the archives
	Tags     []string `yaml:"tags,omitempty"`     // Go's build tags
}

// Need is package names at build and at run time, and what else a build on
// that system takes.
type Need struct {
	Build   []string `yaml:"build,omitempty"`
	Runtime []string `yaml:"runtime,omitempty"`
	Tags    []string `yaml:"tags,omitempty"` // Go's build tags
}

// Tool is a program that dockgen itself puts into an image, pinned.
type Tool struct {
	Name    string `yaml:"tool"` // "air", "gunicorn"
	Version string `yaml:"version"`
	// Needs is the oldest version of the language that it runs on or is built
	// with; "" is every one. Of several rows the first that fits counts.
	Needs string `yaml:"needs,omitempty"`
	// With is what is installed beside it, without which this version does not do its work.
	With []string `yaml:"with,omitempty"`
	// Older are the last releases of the lines before it.
	Older  []string `yaml:"older,omitempty"`
	Source string   `yaml:"source"`
}

// Load returns the embedded knowledge.
func Load() (*Base, error) { return load() }

var load = sync.OnceValues(func() (*Base, error) { //nolint:gochecknoglobals // decoded once
	b := &Base{}
	names, err := fs.Glob(files, "packages/*.table")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		rows, err := read[[]Package](name)
		if err != nil {
			return nil, err
		}
		b.System = append(b.System, rows...)
	}
	published, err := read[Published]("images.table")
	if err != nil {
		return nil, err
	}
	b.Decided, b.Images = published.Decided, published.Images
	if b.Tooling, err = read[[]Tool]("tools.table"); err != nil {
		return nil, err
	}
	if b.Debian, err = read[Names]("debian.table"); err != nil {
		return nil, err
	}
	b.Routes, err = read[[]Route]("routes.table")
	return b, err
})

func read[T any](name string) (T, error) {
	compiled, err := files.ReadFile(name)
	if err != nil {
		return *new(T), err
	}
	return table.Read[T](table.Text(name), string(compiled))
}

// Image returns the image of that name; ok is false where there is no row.
func (b *Base) Image(name string) (img Image, ok bool) {
	i := slices.IndexFunc(b.Images, func(i Image) bool { return i.Name == name })
	if i < 0 {
		return Image{}, false
	}
	return b.Images[i], true
}

// Until is the last day of support of an image's release, or of the one of a version with a patch; "" if it is not known.
func (b *Base) Until(image, version string) string {
	img, _ := b.Image(image)
	r, _ := img.ReleaseOf(version)
	return r.Until
}

// Soon is how many days before the end of a release's support that is told.
const Soon = 90

// Ending says what people who run a release should know on a day: that its support ended, until being the last day of it, or that it ends within
// Soon days. It is "" for a later end, and for one that is not known.
func Ending(until string, on time.Time) string {
	end, err := time.Parse(time.DateOnly, until)
	if err != nil {
		return ""
	}
	switch days := int(end.Sub(on).Hours() / 24); {
	case days < 0:
		return "is out of support since " + until
	case days <= Soon:
		return fmt.Sprintf("is in support until %s, for %d days more", until, days)
	}
	return ""
}

// Release returns the image's release of that version.
func (i Image) Release(version string) (r Release, ok bool) {
	n := slices.IndexFunc(i.Releases, func(r Release) bool { return r.Version == version })
	if n < 0 {
		return Release{}, false
	}
	return i.Releases[n], true
}

// ReleaseOf returns the release of that version, or the one of a version with a patch.
func (i Image) ReleaseOf(version string) (r Release, ok bool) {
	if r, ok := i.Release(version); ok {
		return r, true
	}
	dot := strings.LastIndexByte(version, '.')
	return i.Release(version[:max(dot, 0)])
}

// Package returns the row for a library.
func (b *Base) Package(ecosystem, name string) (p Package, ok bool) {
	i := slices.IndexFunc(b.System, func(p Package) bool { return p.Ecosystem == ecosystem && p.Name == name })
	if i < 0 {
		return Package{}, false
	}
	return b.System[i], true
}

// Tool returns the pinned version of a program; it panics for a name that
// tools.yaml does not have, which a test excludes.
func (b *Base) Tool(name string) Tool { return b.Tools(name)[0] }

// Tools returns every row of a program, the newest version first. It panics as
// Tool does.
func (b *Base) Tools(name string) []Tool {
	var out []Tool
	for _, t := range b.Tooling {
		if t.Name == name {
			out = append(out, t)
		}
	}
	if out == nil {
		panic("knowledge: no tool " + name)
	}
	return out
}
