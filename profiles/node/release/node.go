package release

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

// codenames are the names of Node's LTS lines:
// https://github.com/nodejs/Release/blob/main/CODENAMES.md.
var codenames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"argon": "4", "boron": "6", "carbon": "8", "dubnium": "10", "erbium": "12", "fermium": "14",
	"gallium": "16", "hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24",
}

// Aliased turns the names that nvm and others give versions of Node into
// versions: https://github.com/nvm-sh/nvm#usage. "" is none that is known.
func Aliased(img knowledge.Image, asked string) string {
	asked = strings.ToLower(strings.TrimSpace(asked))
	name, isLTS := strings.CutPrefix(asked, "lts")
	name = strings.TrimPrefix(name, "/")
	switch {
	case isLTS && (name == "" || name == "*"):
		return img.Default
	case isLTS && strings.HasPrefix(name, "-"):
		// lts/-1 is the LTS line before the current one.
		back, err := strconv.Atoi(name[1:])
		if err != nil {
			return ""
		}
		for _, r := range img.Releases {
			if n := Major(r.Version); n%2 == 0 && n <= Major(img.Default) {
				if back == 0 {
					return r.Version
				}
				back--
			}
		}
		return ""
	case isLTS:
		return codenames[name]
	case codenames[asked] != "":
		return codenames[asked]
	case asked == "node" || asked == "latest" || asked == "current" || asked == "stable":
		for _, r := range img.Releases {
			if !r.Ended {
				return r.Version
			}
		}
	}
	return asked
}

// Resolve turns what the repository asks for into a published release:
// the preferred one where it fits, else the newest LTS in support, else the
// newest in support, else the newest. Of those that fit, what is in the ranges of
// prefer too comes first; "" is no range.
func Resolve(img knowledge.Image, asked string, prefer ...string) (knowledge.Release, bool) {
	asked = Aliased(img, asked)
	if asked == "" {
		return knowledge.Release{}, false
	}
	var fits []knowledge.Release
	for _, r := range img.Releases {
		if Matches(asked, r.Version) {
			fits = append(fits, r)
		}
	}
	for _, p := range prefer {
		both := slices.DeleteFunc(slices.Clone(fits), func(r knowledge.Release) bool { return !Matches(p, r.Version) })
		if p != "" && len(both) > 0 {
			fits = both
		}
	}
	for _, want := range []func(knowledge.Release) bool{
		func(r knowledge.Release) bool { return r.Version == img.Default },
		func(r knowledge.Release) bool { return r.LTS && !r.Ended },
		func(r knowledge.Release) bool { return !r.Ended },
		func(r knowledge.Release) bool { return Major(r.Version)%2 == 0 }, // was an LTS line
		func(knowledge.Release) bool { return true },
	} {
		if i := slices.IndexFunc(fits, want); i >= 0 {
			return fits[i], true
		}
	}
	return knowledge.Release{}, false
}

// Next is the oldest release that is newer than what is asked for, where
// that is a version or range without an image of its own: it breaks the least.
func Next(img knowledge.Image, asked, minimum string) (knowledge.Release, bool) {
	asked = Aliased(img, asked)
	n, ok := Lowest(asked)
	if !ok || asked == "" {
		return knowledge.Release{}, false
	}
	for _, r := range slices.Backward(img.Releases) {
		if Major(r.Version) >= n && (minimum == "" || Matches(minimum, r.Version)) {
			return r, true
		}
	}
	return knowledge.Release{}, false
}

// Newer reports whether a range lies above every release of the image.
func Newer(img knowledge.Image, rng string) bool {
	n, ok := Lowest(rng)
	return ok && n > Major(img.Releases[0].Version)
}

// Versions lists the releases of an image, newest first: "26, 25, 24".
func Versions(img knowledge.Image) string {
	var list []string
	for _, r := range img.Releases {
		list = append(list, r.Version)
	}
	return strings.Join(list, ", ")
}
