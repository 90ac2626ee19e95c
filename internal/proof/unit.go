package proof

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/profiles/plan"
)

// Unit is one thing that the end-to-end test proves of an example.
type Unit struct {
	Example *example.Example
	Several string // in the place of Example and Runtime: two words for a repository of several apps and one of them
	Runtime plan.Runtime
	Target  string // a target of the Dockerfile, or what is tried with one
	Hash    string // of everything that the result depends on but the engine
}

// The targets, in the order in which they are tried. Behind TargetPrefix is the name
// of a final stage beside prod.
const (
	Check        = "check"   // docker build --check of the whole file
	Prod         = "prod"    // the image runs as it should
	TargetPrefix = "target:" // so does that of another final stage
	Rebuild      = "rebuild" // prod after an edit, which fetches and compiles no dependency again
	Own          = "own"     // prod beside a Dockerfile that was written by hand
	Test         = "test"    // the target fails as the repository's tests do
	Dev          = "dev"     // an edit shows without a rebuild
	Watch        = "watch"   // under docker compose watch too
)

func kinds() []string {
	return []string{Check, Prod, kind(TargetPrefix), Rebuild, Own, Test, Dev, Watch}
}

// kind is what all further targets have in common, or the target.
func kind(target string) string {
	k, _, _ := strings.Cut(target, ":")
	return k
}

// String is the unit's name: "STACK/EXAMPLE RUNTIME TARGET".
func (u Unit) String() string {
	if u.Several != "" {
		return u.Several + " " + u.Target
	}
	return fmt.Sprintf("%s %s %s", u.Example, u.Runtime, u.Target)
}

// Units lists what there is to prove of all the examples, in the order in which it
// is tried: the default's runtime first, so that the times of its builds are
// those of a user, then the others. What does not differ between two runtimes
// of an example is one unit, of the first.
func Units(all []*example.Example, suite Suite) ([]Unit, error) {
	watched := map[string]bool{} // stacks
	var out []Unit
	for _, e := range all {
		runtimes, err := e.Runtimes()
		if err != nil {
			return nil, err
		}
		inputs, err := inputsOf(e)
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for i, r := range runtimes {
			f, err := filesOf(e, r)
			if err != nil {
				return nil, err
			}
			for _, target := range targets(e, i == 0, &watched) {
				recipe := f.recipe(target)
				key := kind(target) + recipe
				if !e.AllBases && slices.Contains([]string{Test, Dev, Watch}, target) {
					key = variant.ReplaceAllString(key, "")
				}
				if seen[key] {
					continue
				}
				seen[key] = true
				hash, err := Digest(func(w io.Writer) error {
					Part(w, "target", target)
					Part(w, "recipe", recipe)
					Part(w, "example", inputs)
					suite.of(w, target)
					if target == Own {
						return Tree(w, e.Own())
					}
					return nil
				})
				if err != nil {
					return nil, err
				}
				out = append(out, Unit{Example: e, Runtime: r, Target: target, Hash: hash})
			}
		}
	}
	return out, nil
}

// variant is what the tags of two runtimes' base images differ in.
var variant = regexp.MustCompile(`-(trixie-slim|bookworm-slim|slim-trixie|slim-bookworm|slim|trixie|bookworm|alpine)\b`)

// targets are those of one runtime, which is the example's default or not.
// The first example of a stack with a server is the one that is watched.
func targets(e *example.Example, first bool, watched *map[string]bool) []string {
	out := []string{Check, Prod}
	for _, name := range slices.Sorted(maps.Keys(e.Targets)) {
		out = append(out, TargetPrefix+name)
	}
	if first && e.Dev != nil {
		out = append(out, Rebuild)
	}
	if first && e.Own() != "" {
		out = append(out, Own)
	}
	out = append(out, Test, Dev)
	if first && e.Dev != nil && !(*watched)[e.Stack] {
		(*watched)[e.Stack] = true
		out = append(out, Watch)
	}
	return out
}

// inputsOf is a hash of the repository and of what example.yaml asks of its images.
func inputsOf(e *example.Example) (string, error) {
	return Digest(func(w io.Writer) error {
		asked := *e
		asked.About, asked.Always = "", false // which say nothing about the images
		text, err := yaml.Marshal(asked)
		if err != nil {
			return err
		}
		Part(w, e.String(), string(text))
		return Tree(w, e.Input())
	})
}

// files are what dockgen writes for one runtime.
type files struct {
	docker *example.Dockerfile
	ignore string // without comments and blank lines
}

func filesOf(e *example.Example, r plan.Runtime) (files, error) {
	dir := filepath.Join(e.Want(), string(r))
	text, err := os.ReadFile(filepath.Join(dir, "Dockerfile"))
	if err != nil {
		return files{}, err
	}
	f := files{}
	if f.docker, err = example.ParseDockerfile(text, nil); err != nil {
		return files{}, fmt.Errorf("%s: %w", dir, err)
	}
	text, err = os.ReadFile(filepath.Join(dir, ".dockerignore"))
	for s := range strings.Lines(string(text)) {
		if !strings.HasPrefix(s, "#") && strings.TrimSpace(s) != "" {
			f.ignore += s
		}
	}
	return f, err
}

// recipe is the text of the two files that the result for a target depends on.
func (f files) recipe(target string) string {
	var stages []string
	switch kind(target) {
	case Check:
		for _, s := range f.docker.Stages {
			stages = append(stages, s.Name)
		}
	case kind(TargetPrefix):
		stages = f.docker.Needs(strings.TrimPrefix(target, TargetPrefix))
	case Test:
		stages = f.docker.Needs(Test)
	case Dev, Watch:
		stages = f.docker.Needs(Dev)
	default:
		stages = f.docker.Needs(Prod)
	}
	return f.docker.Recipe(stages...) + f.ignore
}
