package image

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// forCompiling matches packages that serve nothing but a build: compilers, and headers of libraries.
var forCompiling = lazy.MustCompile(`^(build-essential|build-base|gcc|g\+\+|make|cmake|autoconf|automake|libtool|nasm|pkg-config|pkgconf|python3|protobuf-compiler|protobuf|[a-z0-9][a-z0-9.+]{0,30}(-[a-z0-9.+]{1,20}){0,4}-dev)$`)

// noPackages are packages of older releases that the image's Debian and Alpine do not have.
var noPackages = []string{"python-dev", "python2-dev", "libssl1.0-dev", "libpng12-dev", "libmysqlclient-dev", "libgl1-mesa-dev"} //nolint:gochecknoglobals // a constant table

// headers are the packages of Debian with what Alpine has in a package of another name: what compiles against a library does so on both.
var headers = map[string]string{ //nolint:gochecknoglobals // a constant table
	"cairo-dev": "libcairo2-dev", "pango-dev": "libpango1.0-dev", "jpeg-dev": "libjpeg-dev", "libjpeg-turbo-dev": "libjpeg-dev", "giflib-dev": "libgif-dev", "librsvg-dev": "librsvg2-dev",
	"pixman-dev": "libpixman-1-dev", "vips-dev": "libvips-dev", "openssl-dev": "libssl-dev", "postgresql-dev": "libpq-dev", "libpq-dev": "libpq-dev", "sqlite-dev": "libsqlite3-dev",
	"libxml2-dev": "libxml2-dev", "libxslt-dev": "libxslt1-dev", "libffi-dev": "libffi-dev", "zlib-dev": "zlib1g-dev", "eudev-dev": "libudev-dev", "libusb-dev": "libusb-1.0-0-dev",
	"imagemagick-dev": "libmagick++-dev", "opus-dev": "libopus-dev", "libsodium-dev": "libsodium-dev", "zeromq-dev": "libzmq3-dev", "unixodbc-dev": "unixodbc-dev", "mariadb-dev": "libmariadb-dev",
}

// compilers are what a compilation needs on Debian, whatever the library.
var compilers = []string{"g++", "make", "pkg-config", "python3"} //nolint:gochecknoglobals // a constant table

// OwnBuildNeeds are the compilers and headers that the stages of the own Dockerfile install: on the system that these are of, as they are
// written, on Debian also those of Alpine's headers; Alpine's own only where that is asked for, because elsewhere packages of Node bring what is compiled. A library that is compiled in another way everywhere is in the language's table.
func OwnBuildNeeds(in record.Input) []Need {
	c := contractOf(in)
	if c.Own == nil {
		return nil
	}
	i := c.Own.Image
	var debian, alpine []string
	var at fact.Pos
	against := false
	add := func(list *[]string, name string, pos fact.Pos) {
		if !slices.Contains(*list, name) && len(*list) < maxKept {
			if *list = append(*list, name); at.IsZero() {
				at = pos
			}
		}
	}
	for _, p := range installedBy(i) {
		name := p.Value.Name
		if !forCompiling.MatchString(name) || slices.Contains(noPackages, name) {
			continue
		}
		switch p.Value.Manager {
		case "apt":
			add(&debian, name, p.Pos)
		case "apk":
			if in.Log.Asked == plan.Alpine {
				add(&alpine, name, p.Pos)
			}
			if of, ok := headers[name]; ok {
				against = true
				add(&debian, of, p.Pos)
			}
		}
	}
	if against {
		for _, name := range compilers {
			add(&debian, name, at)
		}
	}
	if len(debian)+len(alpine) == 0 {
		return nil
	}
	slices.Sort(debian)
	slices.Sort(alpine)
	in.Log.Choose(plan.Choice{Key: "packages.build", Value: strings.Join(slices.Compact(slices.Sorted(slices.Values(slices.Concat(debian, alpine)))), " "), Pos: record.At(at), Rule: DisplayName(in, at) + " installs them for its build"})
	row := knowledge.Package{Debian: knowledge.Need{Build: debian}, Alpine: knowledge.Need{Build: alpine}}
	return []Need{{Name: "build", Pos: at, Row: row, Why: DisplayName(in, at) + " builds with {}"}}
}

// installedBy are the packages of all stages of a Dockerfile.
func installedBy(i *buildfile.Image) []fact.Fact[buildfile.Package] {
	out := slices.Clone(i.Packages)
	for _, s := range i.Stages {
		for _, p := range s.Packages {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}
