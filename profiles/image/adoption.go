package image

import (
	"fmt"
	"hash/fnv"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// What the repository's own Dockerfile says stays in dockgen.lock, because dockgen's may
// take its place. Of any other file, what is gone is gone.
const ownDockerfile = "the repository's own Dockerfile"

// Former is what comments and rules call that Dockerfile.
const Former = "the former Dockerfile"

// Verb is what a file does that a choice follows from, as its evidence has it.
type Verb string

// The verbs.
const (
	Exposes   Verb = " exposes "
	Sets      Verb = " sets "
	Installs  Verb = " installs "
	publishes Verb = " publishes "
)

// older is the evidence of earlier releases; it does not name the Dockerfile.
func (v Verb) older() []string {
	switch v {
	case Exposes:
		return []string{"the program's configuration", "exposed by the repository's own Dockerfile"}
	case Sets:
		return []string{"the variables of the repository's own Dockerfile"}
	default:
		return nil
	}
}

// Adopted is the evidence of what a file says at a place.
func Adopted(in record.Input, at fact.Pos, verb Verb, what string) string {
	if IsReplaced(at) && path.Dir(at.File) == in.Home() {
		return ownDockerfile + string(verb) + what
	}
	return at.File + string(verb) + what
}

// Remembered is the choice of the lock for a key if it is of a Dockerfile whose place
// dockgen's took.
func Remembered(in record.Input, key string, verb Verb) (record.Locked, bool) {
	old := in.Log.Locked[key]
	return old, strings.HasPrefix(old.Evidence, ownDockerfile+string(verb)) || slices.Contains(verb.older(), old.Evidence)
}

// DisplayName is a file as a comment names it: from the app's folder on, so that the
// comment is the same wherever the folder lies. The Dockerfile whose place dockgen's takes is the former one for whoever reads
// the comment.
func DisplayName(in record.Input, at fact.Pos) string {
	if IsReplaced(at) && path.Dir(at.File) == in.Home() {
		return Former
	}
	return in.Rel(at.File)
}

// OwnName is what comments and rules call the own Dockerfile.
func OwnName(in record.Input) string {
	if own := contractOf(in).Own; own != nil {
		return DisplayName(in, fact.At(own.Name, 0))
	}
	return Former
}

// IsReplaced reports whether dockgen's Dockerfile takes a file's place, or took it.
func IsReplaced(at fact.Pos) bool {
	base := path.Base(at.File)
	return base == "Dockerfile" || strings.HasPrefix(base, "Dockerfile.bak")
}

// OwnImage is the repository's own Dockerfile, nil if there is none. Another one than docker
// build takes counts only if dockgen's has not taken the place of that.
func OwnImage(in record.Input) *buildfile.File {
	own := appImage(in)
	if own == nil || own.Default || OfModule(in) {
		return own
	}
	for _, verb := range []Verb{Exposes, Sets} {
		if _, ok := Remembered(in, "port", verb); ok {
			return nil
		}
	}
	return own
}

// moduleKey is the choice of the Dockerfile of the module that prod runs.
const moduleKey = "image.own"

// ChooseModule makes the Dockerfile of the module that prod runs the own one, where docker build takes none
// in the app's folder: the one in the module's, or the one that names it. Where there is none, made is the file whose settings
// have a plugin make the image, "" for none.
func ChooseModule(in record.Input, m buildfile.Module, made string) {
	own := in.Builds.Image()
	if own != nil && own.Default {
		return
	}
	f := in.Builds.ImageIn(m.Dir)
	if f == nil && own != nil && own.Names(m) {
		f = own
	}
	rule, line := "the Dockerfile of the module that prod runs", 1
	if (f == nil || aside.Image(in.Rel(f.Name))) && made != "" {
		if f = in.Builds.File(made); f != nil {
			rule, line = "the image that the repository's own build makes, without a Dockerfile", 0
		}
	}
	if f == nil || aside.Image(in.Rel(f.Name)) {
		return
	}
	name := in.Rel(f.Name)
	if in.File != "" { // whose place dockgen's takes
		name = strings.TrimSuffix(name, ".bak")
	}
	for _, verb := range []Verb{Exposes, Sets} {
		if _, ok := Remembered(in, "port", verb); ok && name != in.File {
			return // dockgen's has taken the place of the one that counts
		}
	}
	in.Log.Choose(plan.Choice{Key: moduleKey, Value: name, Rule: rule, Pos: record.At(fact.At(f.Name, line))})
}

// OfModule reports whether the own Dockerfile is the chosen module's.
func OfModule(in record.Input) bool { return moduleImage(in) != "" }

func moduleImage(in record.Input) string {
	if in.Log == nil {
		return ""
	}
	for _, c := range in.Log.Choices() {
		if c.Key == moduleKey {
			return c.Value
		}
	}
	return ""
}

// appImage is the Dockerfile of the module that prod runs, else the one of the app's folder; nil for none.
func appImage(in record.Input) *buildfile.File {
	name := moduleImage(in)
	if name == "" {
		return in.Builds.Image()
	}
	if f := in.Builds.File(name); f != nil {
		return f
	}
	return in.Builds.File(name + ".bak")
}

// OwnCommand is what the repository's own Dockerfile starts, as a shell's command line, with its evidence; "" if
// it starts a script of a shell, or holds something unknown.
func OwnCommand(in record.Input) (text string, at fact.Pos, evidence string) {
	own := contractOf(in).Own
	if own == nil {
		old, _ := Remembered(in, "start", starts)
		text, _ = strings.CutPrefix(old.Evidence, ownDockerfile+string(starts))
		return text, fact.At(record.LockFile, 0), old.Evidence
	}
	entry, cmd := own.Image.Entrypoint, own.Image.Cmd
	switch {
	case !entry.Found() && !cmd.Found():
		return "", fact.Pos{}, ""
	case entry.Value.Shell != "" || cmd.Value.Shell != "" && len(entry.Value.Words) > 0:
		return "", fact.Pos{}, ""
	case cmd.Value.Shell != "":
		text, at = cmd.Value.Shell, cmd.Pos
	default:
		words := slices.Concat(entry.Value.Words, cmd.Value.Words)
		for len(words) > 0 && (shell.IsInit(words[0]) || words[0] == "--" || words[0] == "-g") {
			words = words[1:]
		}
		if cmd := cmd.Value.Words; len(cmd) > 0 && len(words) == len(cmd)+1 && strings.HasSuffix(words[0], ".sh") {
			words = cmd // the script prepares, and starts what it is given
		}
		if len(words) == 0 {
			return "", fact.Pos{}, ""
		}
		if len(words) == 3 && shell.IsShell(words[0]) && words[1] == "-c" {
			text, at = words[2], cmd.Pos
			break
		}
		line, err := plan.NewShell(words...)
		if err != nil {
			return "", fact.Pos{}, ""
		}
		text, at = line.String(), cmd.Pos
		if at.IsZero() {
			at = entry.Pos
		}
	}
	if len(text) > 500 || strings.ContainsAny(text, buildfile.Unknown+"\n\r") {
		return "", fact.Pos{}, ""
	}
	return text, at, Adopted(in, at, starts, text)
}

// OwnValue is the value of a variable that the own Dockerfile sets and this image sets, too; ok is false for a secret, for
// what is known only in a build, and for a path, which this image may not have.
func OwnValue(in record.Input, name string) (value string, ok bool) {
	if own := contractOf(in).Own; own != nil {
		for _, v := range own.Image.Env {
			if v.Value.Name == name {
				value, ok = v.Value.Value, !v.Value.Secret
			}
		}
	}
	return value, ok && value != "" && plan.IsEnvName(name) && !buildVariables.MatchString(name) && !secret.Linted(name) && !strings.ContainsAny(value, buildfile.Unknown+"$\n\r") && (!strings.Contains(value, "/") || IsMade(in, value))
}

// OwnWorkdir is the folder in which the repository's own Dockerfile starts the app, "/" where that is not known.
func OwnWorkdir(in record.Input) string { return path.Clean(workdirOf(contractOf(in))) }

// Starts is the evidence of a command that the repository's own Dockerfile starts, as OwnCommand
// finds it again.
func Starts(in record.Input, at fact.Pos, text string) string {
	if at.File == record.LockFile {
		return ownDockerfile + string(starts) + text
	}
	return Adopted(in, at, starts, text)
}

// Exposed are the ports of the repository's own Dockerfile, as PortRequest takes them: own
// are those of the file that is there, nil if there is none.
func Exposed(in record.Input, own []fact.Fact[int]) (list []fact.Fact[int], rule string) {
	if len(own) > 0 {
		return own, Adopted(in, own[0].Pos, Exposes, numbers(own))
	}
	old, ok := Remembered(in, "port", Exposes)
	if !ok {
		return nil, ""
	}
	for _, p := range portsIn(old.Value) {
		list = append(list, fact.New(int(p), record.LockFile, 0))
	}
	return list, old.Evidence
}

// ExposedBy are the ports that a Dockerfile exposes, likewise. A nil file is one that is
// not there, or whose place dockgen's took.
func ExposedBy(in record.Input, own *buildfile.File) (list []fact.Fact[int], rule string) {
	if own == nil {
		return Exposed(in, nil)
	}
	if list = tcp(own.Image.Ports); len(list) == 0 {
		return nil, ""
	}
	return Exposed(in, list)
}

// Published are the ports that the repository's compose file publishes of the image that
// it builds in the app's folder, likewise.
func Published(in record.Input) (list []fact.Fact[int], rule string) {
	for _, c := range in.Builds.Containers() {
		if ports := tcp(c.Ports); c.Build.Context != "" && path.Clean(c.Build.Context) == "." && len(ports) > 0 {
			return ports, Adopted(in, ports[0].Pos, publishes, numbers(ports))
		}
	}
	return nil, ""
}

// tcp are the numbers of ports, each once.
func tcp(ports []fact.Fact[buildfile.Port]) []fact.Fact[int] {
	var out []fact.Fact[int]
	for _, p := range ports {
		n := p.Value.Number
		if !p.Value.UDP && n > 0 && !slices.ContainsFunc(out, func(o fact.Fact[int]) bool { return o.Value == n }) {
			out = append(out, fact.Fact[int]{Value: n, Pos: p.Pos})
		}
	}
	return out
}

func numbers(list []fact.Fact[int]) string {
	var values []string
	for _, x := range list {
		values = append(values, strconv.Itoa(x.Value))
	}
	return strings.Join(values, " ")
}

// GivenPort is the address of an app whose source does not say where it listens, and
// whose image has a port in a variable such as PORT: ok is false if it has none there.
func GivenPort(in record.Input, own *buildfile.File, variable string) (a Address, ok bool) {
	var text string
	a = Address{Move: Move{Env: variable}, NoDefault: true}
	if own == nil {
		old, _ := Remembered(in, "port", Sets)
		text, ok = strings.CutPrefix(old.Evidence, ownDockerfile+string(Sets)+variable+"=")
		a.Pos, a.Evidence = fact.At(record.LockFile, 0), old.Evidence
	} else {
		for _, v := range own.Image.Env {
			if v.Value.Name == variable {
				text, ok = v.Value.Value, true
				a.Pos, a.Evidence = v.Pos, Adopted(in, v.Pos, Sets, variable+"="+text)
			}
		}
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if !ok || err != nil || n == 0 {
		return Address{}, false
	}
	a.Port, a.Rule = int(n), a.Evidence
	return a, true
}

// OwnPort is the first port that the repository's own Dockerfile exposes before another one, if it sets a variable of the app to
// it: WEB_PORT=1080.
func OwnPort(in record.Input, before int) (a Address, ok bool) {
	own := contractOf(in).Own
	if own == nil {
		return a, false
	}
	open := tcp(own.Image.Ports)
	if len(open) < 2 || open[0].Value > 65535 || !slices.ContainsFunc(open[1:], func(p fact.Fact[int]) bool { return p.Value == before }) {
		return a, false
	}
	for _, v := range own.Image.Env {
		if strings.HasSuffix(v.Value.Name, "PORT") && v.Value.Value == strconv.Itoa(open[0].Value) {
			evidence := Adopted(in, v.Pos, Sets, v.Value.Name+"="+v.Value.Value)
			a, ok = Address{Port: open[0].Value, Pos: v.Pos, Rule: evidence, Evidence: evidence, Move: Move{Env: v.Value.Name}, NoDefault: true}, true
		}
	}
	return a, ok
}

// OwnVariable is what the image of the repository's own Dockerfile has in a variable, with the evidence of the choice
// that it decides; it is not found if the value is not known.
func OwnVariable(in record.Input, name string) (value fact.Fact[string], evidence string) {
	own := contractOf(in).Own
	if own == nil {
		return value, ""
	}
	for _, v := range own.Image.Env {
		if v.Value.Name == name && v.Value.Value != "" && !strings.Contains(v.Value.Value, buildfile.Unknown) {
			value, evidence = fact.Fact[string]{Value: v.Value.Value, Pos: v.Pos}, Adopted(in, v.Pos, Sets, name+"="+v.Value.Value)
		}
	}
	return value, evidence
}

// recorded is a list of what the own Dockerfile has of a kind, recorded as the choice of that key. A nil list records nothing.
func recorded(in record.Input, key string, verb Verb, items []string, rule string, pos fact.Pos) []string {
	for _, c := range in.Log.Choices() {
		if c.Key == key {
			return listItems(c.Value)
		}
	}
	if len(items) == 0 {
		return nil
	}
	text := listText(items)
	return listItems(in.Log.Choose(plan.Choice{Key: key, Value: text, Rule: rule, Pos: record.At(pos), Evidence: Adopted(in, pos, verb, digest(text))}))
}

// digest is what tells one list from another: a short one itself.
func digest(text string) string {
	if len(text) <= 60 {
		return text
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // never fails
	return fmt.Sprintf("%x", h.Sum64())
}

// maxItems is the most of a list that is read.
const maxItems = 100

// listText is a list on one line: an item that has a space or a quote in it is quoted as in Go.
func listText(items []string) string {
	var out []string
	for _, s := range items[:min(len(items), maxItems)] {
		if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r == '"' || !unicode.IsPrint(r) || unicode.IsSpace(r) }) {
			s = strconv.Quote(s)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// listItems reads what listText wrote, as far as it can be read.
func listItems(text string) []string {
	var out []string
	for text = strings.TrimLeft(text, " "); text != "" && len(out) < maxItems; text = strings.TrimLeft(text, " ") {
		if text[0] != '"' {
			item, rest, _ := strings.Cut(text, " ")
			out, text = append(out, item), rest
			continue
		}
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			return out
		}
		item, _ := strconv.Unquote(quoted) // it is one
		out, text = append(out, item), text[len(quoted):]
	}
	return out
}
