package release

import (
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

// Satisfies reports whether a release of the image is what the repository asks for: by a
// version, a range or a name that nvm has for it.
func Satisfies(img knowledge.Image, release, asked string) bool {
	asked = Aliased(img, asked)
	return asked != "" && Matches(asked, release)
}
