// Package record is the log in which every decision is written down with its
// reason: what was taken, by which rule, from which line of the repository,
// and what lost. It is also where the lock speaks: a value that depends on
// what this release of dockgen knows stays as it is while its evidence does.
package record

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// LockFile is where choices are remembered.
const LockFile = "dockgen.lock"

// Locked is a remembered choice: the value, and the evidence it was made on.
type Locked struct {
	Value    string `yaml:"value" json:"value"`
	Evidence string `yaml:"evidence,omitempty" json:"evidence,omitempty"`
}

// Log collects choices and notes. Its zero value is ready to use.
type Log struct {
	// Locked holds the choices that an earlier run made, by key.
	Locked map[string]Locked
	// Asked is the runtime that the user asked for, and where; "" for none.
	Asked   plan.Runtime
	AskedAt fact.Pos
	// Profile names the profile, and Preferred is its order of runtimes.
	Profile   string
	Preferred []plan.Runtime
	// Sites is the profile's order for static sites; nil is Preferred.
	Sites []plan.Runtime

	kind    string // of what Runtime chooses for, "" for a server
	choices []plan.Choice
	notes   []plan.Note
	bounds  []plan.Bound
	beside  []Part
	lesser  error
}

// Beside writes down apps of the folder that get files of their own beside those of the one that is decided.
func (b *Log) Beside(parts []Part) { b.beside = append(b.beside, parts...) }

// Lesser writes down why the app is none where others of the repository serve, nil for one that is.
func (b *Log) Lesser(why error) { b.lesser = why }

// WhyLesser returns that.
func (b *Log) WhyLesser() error { return b.lesser }

// Choices returns what was written down, in order.
func (b *Log) Choices() []plan.Choice { return b.choices }

// Others returns the apps beside the one that was decided.
func (b *Log) Others() []Part { return b.beside }

// Notes returns what the user should be told, in order.
func (b *Log) Notes() []plan.Note { return b.notes }

// Bound writes down what the repository says of the release of an image.
func (b *Log) Bound(r plan.Bound) { b.bounds = append(b.bounds, r) }

// Bounds returns what was written down of releases, in order.
func (b *Log) Bounds() []plan.Bound { return b.bounds }

// Note tells the user something about a place of the repository.
func (b *Log) Note(pos fact.Pos, text, hint string) {
	b.notes = append(b.notes, plan.Note{Pos: pos, Text: text, Hint: hint})
}

// Choose writes c down and returns the value that counts: c.Value, or what
// the lock holds for the same key and the same c.Evidence. A caller sets Evidence,
// to the evidence that the value was derived from, when another release of
// dockgen could derive another value from it.
func (b *Log) Choose(c plan.Choice) string {
	if c.Pos != nil && c.Pos.IsZero() {
		c.Pos = nil
	}
	if v := b.Value(c); v != c.Value {
		c = kept(c, v)
	}
	b.choices = append(b.choices, c)
	return c.Value
}

// Withdraw takes back the choice of a key: what follows from it cannot be done.
func (b *Log) Withdraw(key string) {
	b.choices = slices.DeleteFunc(b.choices, func(c plan.Choice) bool { return c.Key == key })
}

// Value is the value that Choose would return; it writes nothing down.
func (b *Log) Value(c plan.Choice) string {
	if old, ok := b.Locked[c.Key]; ok && c.Evidence != "" && old.Evidence == c.Evidence {
		return old.Value
	}
	return c.Value
}

// kept is c with the value that the lock has.
func kept(c plan.Choice, value string) plan.Choice {
	c.Rejected = append([]plan.Rejected{{
		Value: c.Value, Pos: c.Pos,
		Why: "what this release of dockgen would choose (" + c.Rule + "); dockgen update --upgrade takes it",
	}}, c.Rejected...)
	c.Value = value
	c.Rule = "recorded in dockgen.lock, and its evidence has not changed"
	c.Pos = &fact.Pos{File: LockFile}
	return c
}

// ForSite makes Runtime choose in the profile's order for static sites, and
// again if the locked runtime was that of a server.
func (b *Log) ForSite() {
	b.kind = " for a static site"
	if len(b.Sites) > 0 {
		b.Preferred = b.Sites
	}
}

// Option is a value that one rule offers. An empty Value offers nothing.
type Option struct {
	Value string
	Pos   fact.Pos
	Rule  string // why it would count, e.g. "the go line of go.mod"
}

// First picks the first candidate that offers a value; the order is the
// precedence. What was passed over comes back as rejected. ok is false when no
// candidate offers anything.
func First(list ...Option) (win Option, rejected []plan.Rejected, ok bool) {
	for _, c := range list {
		switch {
		case c.Value == "":
		case !ok:
			win, ok = c, true
		default:
			rejected = append(rejected, plan.Rejected{Value: c.Value, Pos: At(c.Pos), Why: win.Rule + " comes before " + c.Rule})
		}
	}
	return win, rejected, ok
}

// At is pos for a plan.Choice.
func At(pos fact.Pos) *fact.Pos {
	if pos.IsZero() {
		return nil
	}
	return &pos
}

// ImpossibleError says that the runtime the user asked for cannot work.
type ImpossibleError struct {
	Asked plan.Runtime
	Pos   fact.Pos
	Why   error
	Works []plan.Runtime
}

func (e *ImpossibleError) Error() string {
	return fmt.Sprintf("%s cannot run this app: %v", e.Asked, e.Why)
}

// Hint names what would work.
func (e *ImpossibleError) Hint() string {
	var names []string
	for _, r := range e.Works {
		names = append(names, string(r))
	}
	if len(names) == 0 {
		return ""
	}
	return "these work: " + strings.Join(names, ", ")
}

func (e *ImpossibleError) Unwrap() error { return e.Why }

// Reason is why a runtime cannot run an app.
type Reason struct {
	// Fact is what the repository says that the reason stands on: "git", which
	// the code starts, or "Python 3.14". "" is a reason that holds always.
	Fact string
	Text string
}

func (r *Reason) Error() string { return r.Text }

// Runtime picks prod's runtime: the one asked for, which must work, or else
// the first of the profile's for which can returns nil. can's error says why
// a runtime cannot run this app; it may be a *Reason.
//
// The evidence in the lock is the profile, and the facts of the reasons why a
// runtime that the profile prefers was not taken. facts are all that
// the repository says now. As long as it says what the evidence has, the locked
// runtime stays, whatever this release knows to work; a locked runtime that
// cannot run the app is left, with a note.
func (b *Log) Runtime(can func(plan.Runtime) error, facts ...string) (plan.Runtime, error) {
	var works []plan.Runtime
	why := map[plan.Runtime]error{} // a runtime cannot run the app
	for _, r := range plan.Runtimes() {
		if why[r] = can(r); why[r] == nil {
			works = append(works, r)
		}
	}
	if b.Asked != "" {
		if err := why[b.Asked]; err != nil {
			return "", &ImpossibleError{Asked: b.Asked, Pos: b.AskedAt, Why: err, Works: works}
		}
		b.Choose(plan.Choice{Key: "runtime", Value: string(b.Asked), Rule: "asked for", Pos: At(b.AskedAt)})
		return b.Asked, nil
	}
	win := slices.IndexFunc(b.Preferred, func(r plan.Runtime) bool { return why[r] == nil })
	if win < 0 {
		return "", &ImpossibleError{Asked: plan.Runtime(b.Profile), Why: fmt.Errorf("none of its runtimes (%v) works", b.Preferred), Works: works}
	}
	c := plan.Choice{
		Key: "runtime", Value: string(b.Preferred[win]),
		Rule:     "the first runtime of profile " + b.Profile + " that can run this app",
		Evidence: b.runtimeEvidence(why, b.Preferred[:win]),
	}
	for _, r := range b.Preferred[:win] {
		c.Rejected = append(c.Rejected, plan.Rejected{Value: string(r), Why: why[r].Error()})
	}
	for _, r := range b.Preferred[win+1:] {
		c.Rejected = append(c.Rejected, plan.Rejected{Value: string(r), Why: "the profile prefers " + c.Value})
	}
	old, ok := b.Locked["runtime"]
	if !ok || old.Value == c.Value || !b.stands(old.Evidence, facts) {
		b.choices = append(b.choices, c)
		return b.Preferred[win], nil
	}
	locked := plan.Runtime(old.Value)
	switch err := why[locked]; {
	case !locked.Valid():
		b.Note(fact.At(LockFile, 0), fmt.Sprintf("runtime: %q is none of %v: %s is taken", plan.Printable(old.Value, 20), plan.Runtimes(), c.Value), "")
	case err != nil:
		b.Note(fact.At(LockFile, 0), fmt.Sprintf("runtime: %s cannot run this app any more: %v; %s is taken", locked, err, c.Value), "")
	default:
		evidence := old.Evidence
		if strings.Contains(evidence, ofRuntimes) {
			i := max(0, slices.Index(b.Preferred, locked))
			evidence = b.runtimeEvidence(why, b.Preferred[:i])
		}
		c.Rejected = slices.DeleteFunc(c.Rejected, func(r plan.Rejected) bool { return r.Value == old.Value })
		c = kept(c, old.Value)
		c.Evidence = evidence
		b.choices = append(b.choices, c)
		return locked, nil
	}
	b.choices = append(b.choices, c)
	return b.Preferred[win], nil
}

// ofRuntimes begins what locks held until 2026-11: the runtimes that a release knew to
// work. It says nothing about the repository.
const ofRuntimes = ", of ["

// runtimeEvidence is the profile, and the facts of the reasons against the
// runtimes that were passed over: "profile default; git, Python 3.14".
func (b *Log) runtimeEvidence(why map[plan.Runtime]error, passed []plan.Runtime) string {
	var facts []string
	for _, r := range passed {
		reason := (*Reason)(nil)
		if errors.As(why[r], &reason) && reason.Fact != "" && !slices.Contains(facts, factName(reason.Fact)) {
			facts = append(facts, factName(reason.Fact))
		}
	}
	slices.Sort(facts)
	out := "profile " + b.Profile + b.kind
	if len(facts) > 0 {
		out += "; " + strings.Join(facts, ", ")
	}
	return out
}

// LockedDespite is the runtime that the lock holds although its evidence has the fact, or which
// a lock of version 1 holds, whose evidence has none; "" for any other.
func (b *Log) LockedDespite(fact string) plan.Runtime {
	old := b.Locked["runtime"]
	rest, ok := strings.CutPrefix(old.Evidence, "profile "+b.Profile+b.kind)
	facts, listed := strings.CutPrefix(rest, "; ")
	if ok && (strings.HasPrefix(rest, ofRuntimes) || listed && slices.Contains(strings.Split(facts, ", "), factName(fact))) {
		return plan.Runtime(old.Value)
	}
	return ""
}

// factName is a fact in a list that is joined with commas.
func factName(s string) string { return strings.ReplaceAll(plan.Printable(s, 60), ",", " ") }

// stands reports whether the repository still says what a locked runtime was
// chosen for.
func (b *Log) stands(evidence string, facts []string) bool {
	rest, ok := strings.CutPrefix(evidence, "profile "+b.Profile+b.kind)
	if !ok || rest == "" || strings.HasPrefix(rest, ofRuntimes) {
		return ok
	}
	list, ok := strings.CutPrefix(rest, "; ")
	for name := range strings.SplitSeq(list, ", ") {
		ok = ok && slices.ContainsFunc(facts, func(f string) bool { return factName(f) == name })
	}
	return ok
}

// UnsupportedError refuses an app that dockgen recognises and cannot write a
// right Dockerfile for. It leads to exit code 4.
type UnsupportedError struct {
	Pos  fact.Pos
	Why  string
	Hint string
	// Final: this is the folder's app all the same, so that no other stack
	// which shares the folder may stand in for it.
	Final bool
	// None: there is no app here that an image could be for.
	None bool
	// Unclear: there is none that could be found, and code that may be one.
	Unclear bool
	// Among are the apps of the folder of which nothing says which one is meant: each can be asked for.
	Among []Part
}

// Part is one of several apps of a folder.
type Part = plan.Part

// Among are the apps that a folder has several of, if that is why it was refused.
func Among(err error) []Part {
	var refused *UnsupportedError
	if !errors.As(err, &refused) || len(refused.Among) < 2 {
		return nil
	}
	return refused.Among
}

// NoneOf is a folder that was refused, with the reason and its place.
func NoneOf(dir string, err error) plan.None {
	var refused *UnsupportedError
	if errors.As(err, &refused) {
		return plan.None{Dir: dir, Why: refused.Why, Pos: refused.Pos}
	}
	return plan.None{Dir: dir, Why: err.Error()}
}

// NoApp returns a refusal of a folder that holds no app.
func NoApp(err error) error {
	var refused *UnsupportedError
	if errors.As(err, &refused) {
		refused.None = true
	}
	return err
}

// Unclear returns a refusal of a folder that holds no app that could be found, but code that may be one.
func Unclear(err error) error {
	var refused *UnsupportedError
	if errors.As(err, &refused) {
		refused.None, refused.Unclear = true, true
	}
	return err
}

// IsIdle reports whether it was refused because nothing in it may be an app.
func IsIdle(err error) bool {
	var refused *UnsupportedError
	return errors.As(err, &refused) && refused.None && !refused.Unclear && len(refused.Among) == 0
}

// IsNoApp reports whether that is why it was refused.
func IsNoApp(err error) bool {
	var refused *UnsupportedError
	return errors.As(err, &refused) && refused.None
}

// OneOf returns a refusal, an *UnsupportedError, with the apps among which it cannot choose.
func OneOf(parts []Part, err error) error {
	var refused *UnsupportedError
	if errors.As(err, &refused) {
		refused.Among = parts
	}
	return err
}

func (e *UnsupportedError) Error() string {
	if e.Pos.IsZero() {
		return e.Why
	}
	return e.Pos.String() + ": " + e.Why
}

// Without has a note say why something cannot be done that the app starts without: err refuses it, or is nil. Any
// other error is returned.
func (b *Log) Without(err error) error {
	var refused *UnsupportedError
	if !errors.As(err, &refused) {
		return err
	}
	b.Note(refused.Pos, refused.Error(), refused.Hint)
	return nil
}

// Refuse returns an *UnsupportedError.
func Refuse(pos fact.Pos, hint, format string, args ...any) error {
	return &UnsupportedError{Pos: pos, Why: fmt.Sprintf(format, args...), Hint: hint}
}

// RefuseLocked refuses a value that the lock holds; format says which and why: "Node 23,
// which has no image". at is the place that the value does not fit with, LockFile if it
// never does.
func RefuseLocked(at fact.Pos, format string, args ...any) error {
	return Refuse(at, "dockgen update --upgrade chooses a new one", LockFile+" holds "+format, args...)
}

// Input is what a language's Decide is given beside its facts.
type Input struct {
	Log      *Log
	Settings settings.Settings
	Know     *knowledge.Base
	Tree     *tree.Tree        // which files exist; deciders ask it, and read none
	Dir      string            // the app's folder
	Builds   *buildfile.Reader // how the repository itself builds and starts what is in the folder
	Name     string            // of the folder that was scanned, "" where unknown
	// Beside are the names of the repository's other apps, as their targets have them.
	Beside []string
	// Ports are the ports of those that are servers, by name, where they are known.
	Ports map[string]string
	// File is where the Dockerfile lies in the app's folder, "" for the usual place.
	File string
	// Above is the app's folder within the build context, "" where they are the same. Every path is relative to the app's folder all the
	// same; plan.Raise moves them.
	Above string
	// AtTop says that the Dockerfile of such an app lies in the build context's folder, and not in the app's.
	AtTop bool
	// Nested says that the app lies in its image as it does in the build context, since its build finds folders beside it by their paths.
	Nested bool
	// Prefix stands before the name of each stage, so that the stages of two
	// languages fit into one Dockerfile: "frontend-". It is "" for the app that
	// the image is for.
	Prefix string
	// Imports are what the app takes from the stages of others: a front end that
	// its build embeds or that prod serves. They land in the build, before it runs.
	Imports []plan.Artifact
	// Served are those of front ends beside the app's folder, at their rooted place in the image: the app finds them there when it runs, and its
	// build has no use for them. prod has them by itself; dev and test take them.
	Served []plan.Artifact
	// FrontEnd finds the folder, of another language, whose build makes a
	// folder that the app embeds or serves, and decides that build; nil for none. The
	// error is that of a front end that cannot be built. It is nil where nothing is to
	// be found.
	FrontEnd func(Missing) (*Made, error)
	// Offers are the folders, not in the repository, that front ends fill beside what an app asks
	// for: those that the own Dockerfile takes from the stage that builds one, and those that Git
	// ignores and that a front end's own files name; nil for none.
	Offers func() []Missing
	// Front is, of a front end, how the repository itself builds it for the app around it.
	Front FrontBuild
}

// Trying is the input with a log of its own, in which to try a candidate.
func (in Input) Trying() Input {
	log := *in.Log
	log.choices, log.notes, log.bounds, log.beside = slices.Clone(log.choices), slices.Clone(log.notes), slices.Clone(log.bounds), nil
	in.Log = &log
	return in
}

// MainRule is why the program is the one of Settings.Main: it is one of several apps of the folder, or else it was asked for.
func (in Input) MainRule() string {
	if in.File != "" {
		return "one of the several apps of this folder, each of which has its own files"
	}
	return "asked for"
}

// Dockerfile is where the Dockerfile lies in the build context, "" for the usual place.
func (in Input) Dockerfile() string {
	if in.File == "" && in.Above != "" && !in.AtTop {
		return path.Join(in.Above, "Dockerfile")
	}
	return in.File
}

// Home is the folder, within the scanned tree, that the Dockerfile lies in.
func (in Input) Home() string {
	if in.AtTop {
		return path.Clean(strings.TrimSuffix(in.Dir, in.Above))
	}
	return path.Join(in.Dir, path.Dir(in.File))
}

// HasDockerfile reports whether the own Dockerfile lies in the app's folder itself.
func (in Input) HasDockerfile() bool {
	own := in.Builds.Image()
	return own != nil && path.Dir(own.Name) == in.Dir
}

// DockerBuild is the command that builds this Dockerfile, with further arguments, as one types it in the build context's folder.
func (in Input) DockerBuild(args ...string) string {
	words := []string{"docker build"}
	if file := in.Dockerfile(); file != "" {
		words = append(words, "-f "+plan.ShellQuote(file))
	}
	return strings.Join(slices.Concat(words, args, []string{"."}), " ")
}

// Missing is a folder that an app embeds or serves, and that the repository does
// not have.
type Missing struct {
	Folder string // relative to the app's folder; "../web/dist" lies beside it
	Pos    fact.Pos
	// Loose says that the app can do without it, so that only a line of the
	// repository's own counts that says what makes it.
	Loose bool
	// Page says that the app hands out the folder's index.html by its name, so that a folder of pages which no front end makes is meant, even if it is Loose.
	Page bool
	// Placeholder says that the repository has a file that keeps its place.
	Placeholder bool
	// Needed says that the app cannot be built without it.
	Needed bool
	// Other says that the build of the app's own folder does not make it.
	Other bool
	// Say has a note say that several front ends may make it.
	Say bool
	// Packed says that the app's build takes it in, so that the app does not look for it when it runs.
	Packed bool
	// Shipped says that the repository's own Dockerfile has it in the image.
	Shipped bool
	// Maker is the folder of the front end that makes it, relative to the app's folder, where the app's own build runs that: as Build says, which
	// a stage then does in its place. There is no Folder then: it is what the front end's tools write, into one of Into, which the app's build packs, or
	// elsewhere. "" where the maker is to be found.
	Maker string
	Build FrontBuild
	Into  []string
}

// FrontBuild is how the repository itself builds a front end.
type FrontBuild struct {
	Script  string     // what it runs, as frontend.Call has it; "" for the script build
	Release Option     // of Node, that it runs it with
	Env     []plan.Env // that it sets
}

// Made is what a front end's build makes of it: the files in its stage, which lie
// at Copy.To of the app's folder then, or at a rooted path of the image: Beside.
type Made struct {
	Dir string // of the front end, relative to the app's folder
	plan.Artifact
}

// Beside reports whether the files lie beside the app's folder, where the app finds them when it runs.
func (m *Made) Beside() bool { return path.IsAbs(m.Copy.To.Raw()) }

// Workdir is where every image has the app's folder, or the build context's if it is nested.
const Workdir = "/app"

// Workdir is where the image has the app's folder.
func (in Input) Workdir() string {
	if in.Nested {
		return path.Join(Workdir, in.Above)
	}
	return Workdir
}

// Finds reports whether a path beside the app's folder, as the app names it, leads to or into what is Served.
func (in Input) Finds(name string) bool {
	at := path.Join(in.Workdir(), name)
	return slices.ContainsFunc(in.Served, func(a plan.Artifact) bool { return tree.Within(at, path.Clean(a.Copy.To.Raw())) })
}

// Taken is all that front ends make for the app, as dev and test have it.
func (in Input) Taken() []plan.Artifact { return slices.Concat(in.Imports, in.Served) }

// Import takes what a front end makes for a folder that is missing among the
// Imports or those Served, and reports whether one does.
func (in *Input) Import(m Missing) (*Made, error) {
	if in.FrontEnd == nil {
		return nil, nil //nolint:nilnil // none
	}
	made, err := in.FrontEnd(m)
	if err != nil || made == nil {
		return nil, err
	}
	list := &in.Imports
	if made.Beside() {
		list = &in.Served
	}
	if !slices.ContainsFunc(*list, func(x plan.Artifact) bool { return x.String() == made.String() }) {
		*list = append(slices.Clip(*list), made.Artifact)
	}
	return made, nil
}

// ImportSome imports what front ends make for several folders, each of which the app starts without: a note says why one cannot be built.
func (in *Input) ImportSome(list []Missing) error {
	for _, m := range list {
		_, err := in.Import(m)
		if err = in.Log.Without(err); err != nil {
			return err
		}
	}
	return nil
}

// Stage is the name of one of the app's stages: "build", or "frontend-build".
func (in Input) Stage(name string) plan.StageName { return plan.MustStageName(in.Prefix + name) }

// Rel is a path of the tree from the app's folder on.
func (in Input) Rel(name string) string { return strings.TrimPrefix(name, in.Dir+"/") }
