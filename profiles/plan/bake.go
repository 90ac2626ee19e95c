package plan

import "strings"

// Bake is the file that builds the images of several apps: docker-bake.hcl of the repository's root.
// Its language: https://docs.docker.com/build/bake/reference/
type Bake struct {
	Targets []Target
	// Only says that bake has to be told of this file: beside it is one of compose's, which it reads, too, with all that this asks for.
	Only bool
}

// Target is one app of it.
type Target struct {
	Name    string // as TargetName makes one
	Context HCL    // the app's folder
	Tag     HCL    // of the image
	File    HCL    // the Dockerfile within the context, empty for the usual place
}

// HCL is a string of HCL's, in its quotes.
type HCL struct{ s string }

// NewHCL returns s as a literal string, or refuses what could end a line.
// https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#template-expressions
func NewHCL(s string) (HCL, error) {
	if hasControl(s) {
		return HCL{}, &RefusedError{"string", s, "holds a control character"}
	}
	return HCL{`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", "$${", "%{", "%%{").Replace(s) + `"`}, nil
}

func (h HCL) String() string { return h.s }

// IsZero reports that there is none.
func (h HCL) IsZero() bool { return h.s == "" }

// TargetName makes a name for a target, which holds letters, digits, - and _ alone:
// https://docs.docker.com/build/bake/reference/#target
func TargetName(s string) string {
	name := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, s)
	if name = strings.Trim(name, "-"); name == "" {
		return "app"
	}
	return name
}
