package golang

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/polyglot"
)

// Custom is what the repository's own builds ask of the go command, where all
// of them that count agree: the releases, else its Dockerfiles, else the task
// runners, else scripts, else CI. What mise.toml and .envrc set for whoever
// works in the folder counts beside them.
type Custom struct {
	Tags        []fact.Fact[string] // build tags, sorted
	Some        []fact.Fact[string] // tags of some of these builds only
	Experiments []fact.Fact[string] // of GOEXPERIMENT
	Debug       fact.Fact[string]   // GODEBUG
	NoCgo       fact.Fact[bool]     // CGO_ENABLED=0
	NoWork      fact.Fact[bool]     // GOWORK=off
	NoModules   fact.Fact[bool]     // GO111MODULE=off
}

// Rewrite is a line of git's configuration that the repository's own files
// write: a clone from one place goes to another, or takes a credential along
// (https://git-scm.com/docs/git-config#Documentation/git-config.txt-urlltbasegtinsteadOf).
type Rewrite struct {
	From string // "https://github.com/acme/"
	SSH  string // what stands for it where that is ssh: "git@github.com:acme/"; "" for https
}

// recipe is what one file says of building.
type recipe struct {
	rank   int
	env    []fact.Fact[Var] // for every command in the file
	builds []goBuildCommand
}

// command is a go build or go install of the repository's own programs.
type goBuildCommand struct {
	pos  fact.Pos
	env  map[string]string // of the go command's variables
	tags []string
}

// The ranks of recipes. What is released counts most.
const (
	released = iota
	imaged
	made
	scripted
	checked
	nowhere // none of the files
)

func recipeRank(name string) int {
	base := strings.ToLower(path.Base(name))
	switch {
	case strings.HasPrefix(strings.TrimPrefix(base, "."), "goreleaser."):
		return released
	case strings.HasPrefix(base, "dockerfile"), strings.HasSuffix(base, ".dockerfile"):
		return imaged
	case strings.HasSuffix(base, ".sh"):
		return scripted
	case strings.Contains(name, ".github/"), strings.Contains(name, ".circleci/"), base == ".gitlab-ci.yml", base == ".travis.yml":
		return checked
	}
	return made
}

// custom reads the recipes, and what mise.toml and .envrc set.
func (r *reader) custom(f *Facts) error {
	var recipes []recipe
	for _, name := range r.recipes() {
		text, err := r.t.ReadHead(name, 256<<10)
		if err != nil {
			continue
		}
		recipes = append(recipes, readRecipe(name, string(text)))
		f.Rewrites = append(f.Rewrites, rewrites(name, string(text))...)
	}
	here, err := r.here()
	if err != nil {
		return err
	}
	all := slices.Clone(here)
	for _, x := range recipes {
		all = append(all, x.env...)
		for _, c := range x.builds {
			for _, name := range privates {
				if v := c.env[name]; v != "" {
					all = append(all, fact.Fact[Var]{Value: Var{name, v}, Pos: c.pos})
				}
			}
		}
	}
	for _, v := range all {
		if slices.Contains(privates, v.Value.Name) && !slices.Contains(f.Env, v) {
			f.Env = append(f.Env, v)
		}
	}
	f.Custom = agree(recipes, here)
	return nil
}

// here are the variables that mise.toml and .envrc set:
// https://mise.jdx.dev/environments/ and https://direnv.net/.
func (r *reader) here() ([]fact.Fact[Var], error) {
	var out []fact.Fact[Var]
	for _, dir := range r.near(".") {
		mise, err := polyglot.ReadMise(r.t, r.at(dir))
		if err != nil {
			return nil, err
		}
		for _, v := range mise.Env {
			if slices.Contains(variables, v.Name) && plainValue.MatchString(v.Value) {
				out = append(out, fact.Fact[Var]{Value: Var{v.Name, v.Value}, Pos: v.Pos})
			}
		}
		name := r.at(path.Join(dir, ".envrc"))
		if text, err := r.t.ReadHead(name, 64<<10); err == nil {
			out = append(out, settings(name, string(text))...)
		}
	}
	return out, nil
}

// privates are the variables that say where modules come from, and which are
// nobody else's business: https://go.dev/ref/mod#private-modules.
var privates = []string{"GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE", "GOPROXY"} //nolint:gochecknoglobals // a constant table

// variables are those of the go command that are read.
var variables = append([]string{"GOFLAGS", "GOEXPERIMENT", "GODEBUG", "CGO_ENABLED", "GOWORK", "GO111MODULE", "GOOS"}, privates...) //nolint:gochecknoglobals // a constant table

var (
	// setting is a variable that is set for what follows: export X=v and X ?= v
	// of a shell and of make, X: v of YAML, "- X=v" of a list, ENV X=v of a
	// Dockerfile, go env -w X=v.
	setting = regexp.MustCompile(`^(export\s+|ENV\s+|\s*(?:-\s+)?|.*\bgo\s+env\s+-w\s+|[\w.-]+:\s*export\s+)["']?(` + strings.Join(variables, "|") + `)["']?\s*(\?=|:{1,3}=|=|:\s|\s)\s*(.*?)\s*$`)
	// exported is a line of make that hands variables to what it runs.
	exported = regexp.MustCompile(`(?m)^(?:export|\.EXPORT_ALL_VARIABLES:)\s*((?:\s[A-Za-z_]\w*)*)\s*$`)
	// plainValue is a value without references, credentials and whatever else
	// could mean something to somebody.
	plainValue = regexp.MustCompile(`^[A-Za-z0-9._/*,:|?=~+ \[\]-]{1,500}$`)
)

// settings lists the variables that a file sets for every command in it.
func settings(name, text string) []fact.Fact[Var] {
	isMake := recipeRank(name) == made && !strings.HasSuffix(name, ".yml") && !strings.HasSuffix(name, ".yaml")
	n := 0
	var out []fact.Fact[Var]
	for line := range strings.Lines(text) {
		n++
		m := setting.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil {
			continue
		}
		lead := strings.TrimSpace(m[1])
		if lead == "" && strings.TrimSpace(m[3]) == "" || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		// A variable of make is make's own until it is exported; a line that
		// begins with one and goes on is a command.
		if isMake && lead == "" && (strings.HasPrefix(line, "\t") || !exports(text, m[2])) {
			continue
		}
		if v, ok := single(m[4]); ok {
			out = append(out, fact.New(Var{m[2], v}, name, n))
		}
	}
	return out
}

func exports(text, name string) bool {
	for _, m := range exported.FindAllStringSubmatch(text, -1) {
		if f := strings.Fields(m[1]); len(f) == 0 || slices.Contains(f, name) {
			return true
		}
	}
	return false
}

// single is the value of an assignment that is the last thing on its line.
func single(s string) (string, bool) {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') {
		end := strings.IndexByte(s[1:], s[0])
		if end < 0 {
			return "", false
		}
		s = s[1 : 1+end]
	} else {
		s, _, _ = strings.Cut(s, " #")
		if s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), `\`)); strings.ContainsAny(s, " \t") {
			return "", false // a command, with the variable in front of it
		}
	}
	return s, plainValue.MatchString(s)
}

var (
	goCommand = regexp.MustCompile(`(?:^|[\s;&|@("'` + "`" + `!])((?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s;&|"'])*\s+)*)(?:go|\$[({]GO(?:CMD|BIN|_BIN|LANG)?[)}])\s+(?:-C\s+\S+\s+)?(?:build|install)\s([^;&|\n]*)`)
	prefixed  = regexp.MustCompile(`([A-Za-z_]\w*)=("[^"]*"|'[^']*'|[^\s;&|"']*)`)
	tagsFlag  = regexp.MustCompile(`(?:^|[\s"'])--?tags(?:=|\s+)("[^"]*"|'[^']*'|[^\s"']+)`)
	tagWord   = regexp.MustCompile(`^[A-Za-z0-9_.]+$`)
	// plainAssignment is a variable whose value a later line may name.
	plainAssignment = regexp.MustCompile(`^\s*(?:export\s+|- )?([A-Za-z_]\w*)\s*(?:\?|:{1,3})?[=:]\s*(["']?[\w./~@%,+=-][\w./~@%,+= "'-]*)$`)
	// unlike are flags of builds that are not the program that runs.
	unlike = regexp.MustCompile(`(?:^|\s)--?(?:race|cover|msan|asan|buildmode[= ](?:c-|plugin|shared))|-gcflags[= ]\S*-N\b|\.test\b`)
)

// readRecipe reads one file.
func readRecipe(name, text string) recipe {
	out := recipe{rank: recipeRank(name)}
	if out.rank == released {
		out.env, out.builds = releases(name, text)
		return out
	}
	out.env = settings(name, text)
	values := map[string]string{}
	for line := range strings.Lines(text) {
		if m := plainAssignment.FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
			values[m[1]] = strings.Trim(m[2], `"'`)
		}
	}
	for _, line := range joined(text) {
		if strings.HasPrefix(strings.TrimSpace(line.text), "#") {
			continue
		}
		for _, m := range goCommand.FindAllStringSubmatch(follow(line.text, values), 20) {
			if c, ok := goBuild(m[1], m[2]); ok {
				c.pos = fact.At(name, line.line)
				out.builds = append(out.builds, c)
			}
		}
	}
	return out
}

// goBuild reads the variables before a go build and the flags behind it. It is
// not ok for a tool, for a program of the side, and for another system.
func goBuild(prefix, args string) (goBuildCommand, bool) {
	c := goBuildCommand{env: map[string]string{}}
	for _, m := range prefixed.FindAllStringSubmatch(prefix, 20) {
		if v := strings.Trim(m[2], `"'`); slices.Contains(variables, m[1]) && plainValue.MatchString(v) {
			c.env[m[1]] = v
		}
	}
	if strings.Contains(args, "@") || unlike.MatchString(args) {
		return c, false
	}
	named, own := 0, 0
	for _, w := range strings.Fields(args) {
		w = strings.Trim(w, `"'`)
		if w == "." || strings.HasPrefix(w, "./") {
			named++
			if !Aside(path.Dir(path.Join(w, "x"))) {
				own++
			}
		}
	}
	c.tags = tagsIn(args)
	return c, named == 0 || own > 0
}

// tagsIn lists the tags of the -tags flags of a command line: separated by
// commas, or, as they once were, by spaces.
func tagsIn(args string) []string {
	var out []string
	for _, m := range tagsFlag.FindAllStringSubmatch(args, 5) {
		out = append(out, splitTags(strings.Trim(m[1], `"'`))...)
	}
	return out
}

func splitTags(s string) []string {
	if strings.ContainsAny(s, "{}") { // a template
		return nil
	}
	var out []string
	for _, tag := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		if tagWord.MatchString(tag) {
			out = append(out, tag)
		}
	}
	return out
}

// releases reads the builds of GoReleaser:
// https://goreleaser.com/customization/builds/go/.
func releases(name, text string) (env []fact.Fact[Var], builds []goBuildCommand) {
	var doc struct {
		Env    yaml.Node `yaml:"env"`
		Builds []struct {
			Main  string    `yaml:"main"`
			Env   []string  `yaml:"env"`
			Flags yaml.Node `yaml:"flags"`
			Tags  yaml.Node `yaml:"tags"`
			Skip  any       `yaml:"skip"`
		} `yaml:"builds"`
	}
	if yaml.Unmarshal([]byte(text), &doc) != nil {
		return nil, nil // templates make of it YAML that is none
	}
	for _, n := range doc.Env.Content {
		k, v, _ := strings.Cut(n.Value, "=")
		if slices.Contains(variables, k) && plainValue.MatchString(v) {
			env = append(env, fact.New(Var{k, v}, name, n.Line))
		}
	}
	for _, b := range doc.Builds {
		flags := strings.Join(scalars(&b.Flags), " ")
		c, ok := goBuild(strings.Join(b.Env, " ")+" ", flags+" "+b.Main)
		if !ok || b.Skip == true {
			continue
		}
		c.pos = fact.At(name, b.Flags.Line)
		for _, s := range scalars(&b.Tags) {
			c.tags, c.pos = append(c.tags, splitTags(s)...), fact.At(name, b.Tags.Line)
		}
		builds = append(builds, c)
	}
	return env, builds
}

// scalars are the strings of a node that is one or a list of them.
func scalars(n *yaml.Node) []string {
	switch n.Kind {
	case yaml.ScalarNode:
		return []string{n.Value}
	case yaml.SequenceNode:
		var out []string
		for _, x := range n.Content {
			if x.Kind == yaml.ScalarNode {
				out = append(out, x.Value)
			}
		}
		return out
	}
	return nil
}

// agree takes what the recipes of the first rank that build anything agree on.
func agree(recipes []recipe, here []fact.Fact[Var]) Custom {
	rank := nowhere
	for _, x := range recipes {
		if len(x.builds) > 0 {
			rank = min(rank, x.rank)
		}
	}
	var builds []goBuildCommand
	for _, x := range recipes {
		if x.rank != rank {
			continue
		}
		for _, c := range x.builds {
			c = c.over(x.env).over(here)
			if goos := c.env["GOOS"]; goos == "" || goos == "linux" {
				builds = append(builds, c)
			}
		}
	}
	if len(builds) == 0 {
		for _, v := range here {
			builds = append(builds, goBuildCommand{pos: v.Pos, env: map[string]string{}}.over(here))
			break
		}
	}
	var out Custom
	out.tags(builds)
	for _, v := range strings.FieldsFunc(common(builds, "GOEXPERIMENT"), func(r rune) bool { return r == ',' || r == ' ' }) {
		if tagWord.MatchString(v) {
			out.Experiments = append(out.Experiments, fact.Fact[string]{Value: v, Pos: whence(builds[0], here, "GOEXPERIMENT")})
		}
	}
	if v := common(builds, "GODEBUG"); v != "" {
		out.Debug = fact.Fact[string]{Value: v, Pos: whence(builds[0], here, "GODEBUG")}
	}
	for _, off := range []struct {
		to          *fact.Fact[bool]
		name, value string
	}{{&out.NoCgo, "CGO_ENABLED", "0"}, {&out.NoWork, "GOWORK", "off"}, {&out.NoModules, "GO111MODULE", "off"}} {
		if common(builds, off.name) == off.value {
			*off.to = fact.Fact[bool]{Value: true, Pos: whence(builds[0], here, off.name)}
		}
	}
	return out
}

// over gives a command the variables of its surroundings that it does not set
// itself.
func (c goBuildCommand) over(env []fact.Fact[Var]) goBuildCommand {
	out := goBuildCommand{pos: c.pos, env: map[string]string{}, tags: c.tags}
	for name, v := range c.env {
		out.env[name] = v
	}
	for _, v := range env {
		if _, ok := out.env[v.Value.Name]; !ok {
			out.env[v.Value.Name] = v.Value.Value
		}
	}
	return out
}

// common is the value that all builds give a variable, or "".
func common(builds []goBuildCommand, name string) string {
	for _, c := range builds {
		if c.env[name] != builds[0].env[name] {
			return ""
		}
	}
	if len(builds) == 0 {
		return ""
	}
	return builds[0].env[name]
}

// whence is where a variable of a command is set.
func whence(c goBuildCommand, here []fact.Fact[Var], name string) fact.Pos {
	for _, v := range here {
		if v.Value.Name == name && v.Value.Value == c.env[name] {
			return v.Pos
		}
	}
	return c.pos
}

// tags fills in the tags of all builds, and of some.
func (x *Custom) tags(builds []goBuildCommand) {
	count, at := map[string]int{}, map[string]fact.Pos{}
	for _, c := range builds {
		list := slices.Concat(c.tags, tagsIn(c.env["GOFLAGS"]))
		slices.Sort(list)
		for _, tag := range slices.Compact(list) {
			if count[tag]++; count[tag] == 1 {
				at[tag] = c.pos
			}
		}
	}
	for tag, n := range count {
		f := fact.Fact[string]{Value: tag, Pos: at[tag]}
		if n == len(builds) {
			x.Tags = append(x.Tags, f)
		} else {
			x.Some = append(x.Some, f)
		}
	}
	order := func(a, b fact.Fact[string]) int { return strings.Compare(a.Value, b.Value) }
	slices.SortFunc(x.Tags, order)
	slices.SortFunc(x.Some, order)
}

var (
	insteadOf = regexp.MustCompile(`url\.\\?["']?([^"'\s]{1,300}?)\\?["']?\.insteadOf\\?["']?[\s=]+\\?["']?(https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~/-]*)?)\\?["']?(?:\s|$|[;&|)\]},"'])`)
	sshBase   = regexp.MustCompile(`^(?:ssh://(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~/-]*)?|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[A-Za-z0-9._~/-]*)$`)
)

// rewrites lists git's url.X.insteadOf lines of a file. What stands in the
// place of an https address may hold a credential, and is not kept.
func rewrites(name, text string) []fact.Fact[Rewrite] {
	var out []fact.Fact[Rewrite]
	for _, line := range joined(text) {
		if strings.HasPrefix(strings.TrimSpace(line.text), "#") {
			continue
		}
		for _, m := range insteadOf.FindAllStringSubmatch(line.text, 20) {
			x := Rewrite{From: m[2]}
			if sshBase.MatchString(m[1]) {
				x.SSH = m[1]
			} else if !strings.HasPrefix(m[1], "https://") {
				continue
			}
			out = append(out, fact.New(x, name, line.line))
		}
	}
	return out
}
