package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// variablesKey is the choice of the words with variables in them.
const variablesKey = "java.variables"

// variables are the words of the start command in which those who run the image may set a variable, as a shell
// reads them: "$JAVA_OPTS", "${LOG_HOME:+-DLOG_HOME=$LOG_HOME}".
type variables struct {
	options []string // of java
	args    []string // of the program
	rest    bool     // the program is given what the image is
}

// passed are the words of a shell that stand for what it is given. The first of that is $0 after sh -c.
var passed = []string{"$@", "${@}", "$*", "${*}"} //nolint:gochecknoglobals // a constant table

// expansion matches a word of them: an option, or nothing, around variables that need not be set. It has no quotes,
// and no command in it.
var expansion = lazy.MustCompile(`^(-[A-Za-z0-9_.:/,+@=-]*)?(\$[A-Z_][A-Z0-9_]{0,60}|\$\{[A-Z_][A-Z0-9_]{0,60}(:?[-+][A-Za-z0-9_.:/,+@=$ -]{0,100})?\})+[A-Za-z0-9_.-]*$`)

// maxVariables is the most of them that are kept.
const maxVariables = 20

// decideVariables reads them from the own Dockerfile. The lock keeps them once dockgen's has taken its place. There are
// none where the user asks for a start command.
func decideVariables(in record.Input, m *module) variables {
	if len(in.Settings.Start) > 0 || m.made.kind == Quarkus || wantsNative(in) {
		return variables{}
	}
	own := image.OwnImage(in)
	if own == nil {
		old, _ := image.Remembered(in, variablesKey, image.Sets)
		out := variablesOf(old.Value)
		if out.text() != "" {
			in.Log.Choose(plan.Choice{Key: variablesKey, Value: out.text(), Rule: old.Evidence, Pos: record.At(fact.At(record.LockFile, 0)), Evidence: old.Evidence})
		}
		return out
	}
	if m.ofAnother(in, own) {
		return variables{}
	}
	i := own.Image
	start, at := slices.Concat(i.Entrypoint.Value.Words, i.Cmd.Value.Words), i.Entrypoint.Pos
	text := i.Entrypoint.Value.Shell
	if text == "" && len(i.Entrypoint.Value.Words) == 0 {
		text, at = i.Cmd.Value.Shell, i.Cmd.Pos
	}
	if n := slices.IndexFunc(start, shell.IsShell); text == "" && n >= 0 && n+2 < len(start) && start[n+1] == "-c" {
		text = start[n+2]
	}
	values := map[string]string{}
	for _, v := range i.Env {
		if !v.Value.Secret {
			values[v.Value.Name] = v.Value.Value
		}
	}
	out := variablesIn(shell.Raw(text), values)
	if m.made.kind == War { // catalina.sh reads those itself
		out.args = nil
		out.options = slices.DeleteFunc(out.options, func(w string) bool {
			return !strings.HasPrefix(w, "-")
		})
	}
	if value := out.text(); value != "" {
		in.Log.Choose(plan.Choice{
			Key: variablesKey, Value: value, Rule: "who runs the repository's own image may set them", Pos: record.At(at),
			Evidence: image.Adopted(in, at, image.Sets, value),
		})
	}
	return out
}

// variablesIn finds them in the words that start java, as they are written. values are those that the image sets.
func variablesIn(words []string, values map[string]string) variables {
	i := slices.IndexFunc(words, func(w string) bool { return path.Base(w) == "java" })
	if i < 0 {
		return variables{}
	}
	var out variables
	program, jar := false, false
	for n := i + 1; n < len(words) && n < 200; n++ {
		w := strings.Trim(words[n], `"`)
		switch list := &out.options; {
		case w == "-jar":
			jar = true
		case !program && takesNext(w):
			n++
		case program && slices.Contains(passed, w):
			out.rest = true
		case strings.Contains(w, "$"):
			if program {
				list = &out.args
			}
			if w, ok := settable(w, values); ok && len(out.options)+len(out.args) < maxVariables && !slices.Contains(*list, w) {
				*list = append(*list, w)
			}
		case program || strings.HasPrefix(w, "-"):
		case !jar || strings.HasSuffix(w, ".jar") || strings.HasSuffix(w, ".war"):
			program = true
		}
	}
	if !program {
		return variables{} // which of them is the program is not known
	}
	return out
}

// defaulted matches a word that says what it stands for where the variable is not set.
var defaulted = lazy.MustCompile(`\$\{[A-Z_][A-Z0-9_]*:?[-+]`)

// reference matches one that has to be set.
var reference = lazy.MustCompile(`\$\{?([A-Z_][A-Z0-9_]*)\}?`)

// plainValue matches a value that an expansion may have as it is.
var plainValue = lazy.MustCompile(`^[A-Za-z0-9_.:/,+@=-]{1,100}$`)

// settable is a word that stands for nothing while no variable in it is set, or has the values that they have then.
// The port is decided in another place.
func settable(w string, values map[string]string) (string, bool) {
	if !expansion.MatchString(w) || elsewhere.MatchString(w) || strings.HasPrefix(w, "--server.port") || len(w) > maxOption {
		return "", false
	}
	if !strings.HasPrefix(w, "-") {
		return w, true
	}
	if defaulted.MatchString(w) {
		return w, true
	}
	ok := true
	w = reference.ReplaceAllStringFunc(w, func(r string) string {
		name := strings.Trim(r, "${}")
		if !plainValue.MatchString(values[name]) {
			ok = false
		}
		return "${" + name + ":-" + values[name] + "}"
	})
	return w, ok && len(w) <= maxOption
}

// have reports whether a property is one of them.
func (v variables) have(option string) bool {
	name, _, ok := strings.Cut(option, "=")
	return ok && slices.ContainsFunc(v.options, func(w string) bool { return strings.HasPrefix(w, name+"=") })
}

// empty reports whether there are none.
func (v variables) empty() bool { return len(v.options)+len(v.args) == 0 }

// words are all of them, with -jar between those of java and those of the program.
func (v variables) words() []string {
	out := slices.Concat(v.options, []string{"-jar"}, v.args)
	if v.rest {
		out = append(out, passed[0])
	}
	return out
}

// text is what the lock has of them, "" for none.
func (v variables) text() string {
	if v.empty() {
		return ""
	}
	return strings.Join(v.words(), "\t")
}

// variablesOf reads it again.
func variablesOf(text string) variables {
	var out variables
	list := &out.options
	for w := range strings.SplitSeq(text, "\t") {
		switch {
		case w == "-jar":
			list = &out.args
		case w == passed[0]:
			out.rest = true
		case expansion.MatchString(w) && len(w) <= maxOption && len(out.options)+len(out.args) < maxVariables:
			*list = append(*list, w)
		}
	}
	return out
}

// why is what a shell is needed for, "" for nothing.
func (v variables) why() string {
	if v.empty() {
		return ""
	}
	return "the start command: java " + strings.Join(v.words(), " ")
}

// start is the command with the variables in it, that a shell starts; command is java with its words, and ends with what
// the program is given. program is the number of words up to the program.
func (v variables) start(command []string, program int) plan.Exec {
	quoted := func(words []string) string {
		line, err := plan.NewShell(words...)
		if err != nil {
			return ""
		}
		return line.String()
	}
	line := append(append([]string{"exec", command[0]}, v.options...), quoted(command[1:program]))
	if rest := command[program:]; len(rest) > 0 {
		line = append(line, quoted(rest))
	}
	line = append(line, v.args...)
	if v.rest {
		return plan.Exec{"sh", "-c", strings.Join(append(line, `"$@"`), " "), "sh"}
	}
	return plan.Exec{"sh", "-c", strings.Join(line, " ")}
}
