package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/dockgen/dockgen/profiles/settings"
)

func newMan(u *ui) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages into a folder, for packages",
		Long: `Write a page of section 1 of the manual for each command into DIR, which is made
if it is not there: dockgen.1, dockgen-init.1 and so on. They have no date, so
that they are the same in each build.`,
		Example: `  dockgen man share/man/man1`,
		Hidden:  true, // those who make packages need it, and nobody else
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("%s takes one folder", cmd.CommandPath())
			}
			return atMost(1, "one folder")(cmd, args)
		},
		RunE:              func(cmd *cobra.Command, args []string) error { return runMan(u, cmd.Root(), args[0]) },
		ValidArgsFunction: completeDir,
	}
}

func runMan(u *ui, root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var write func(cmd *cobra.Command) error
	write = func(cmd *cobra.Command) error {
		name := filepath.Join(dir, pageName(cmd)+".1")
		if err := os.WriteFile(name, []byte(manPage(cmd)), 0o644); err != nil {
			return err
		}
		u.say("wrote", "%s", name)
		for _, sub := range commandsOf(cmd) {
			if err := write(sub); err != nil {
				return err
			}
		}
		return nil
	}
	return write(root)
}

func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manPage is the page of one command, in the macros of man(7): https://man7.org/linux/man-pages/man7/groff_man.7.html. The pages that cobra makes take
// help for Markdown and have the day on which they were made.
func manPage(cmd *cobra.Command) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(`.TH "%s" "1" "" "%s" "dockgen"`+"\n.nh", // no word, such as a name of a file, is broken
		roff(strings.ToUpper(pageName(cmd))), roff("dockgen "+release().Version))
	line(".SH NAME\n%s \\- %s", roff(pageName(cmd)), roff(cmd.Short))
	line(".SH SYNOPSIS\n.B %s", roff(cmd.UseLine()))
	long := cmd.Long
	if long == "" {
		long = cmd.Short + "."
	}
	line(".SH DESCRIPTION\n%s", roffText(long))
	if subs := commandsOf(cmd); len(subs) > 0 {
		line(".SH COMMANDS")
		for _, sub := range subs {
			line(".TP\n.BR %s (1)\n%s", roff(pageName(sub)), roff(sub.Short))
		}
	}
	for _, group := range []struct {
		title string
		flags *pflag.FlagSet
	}{{"OPTIONS", cmd.NonInheritedFlags()}, {"OPTIONS OF EVERY COMMAND", cmd.InheritedFlags()}} {
		if group.flags.HasAvailableFlags() {
			line(".SH %s", group.title)
			group.flags.VisitAll(func(f *pflag.Flag) { b.WriteString(manFlag(f)) })
		}
	}
	if _, ok := cmd.Annotations[helpKeys]; ok {
		line(".SH KEYS\nThe keys of \\-\\-set and of dockgen.yaml, each with an example.")
		for _, d := range settings.Docs() {
			line(".TP\n.B %s\n%s.", roff(d.Key+"="+d.Example), roff(d.Text))
		}
	}
	if cmd.Example != "" {
		line(".SH EXAMPLES\n%s", roffText(cmd.Example))
	}
	if cmd.HasParent() {
		line(".SH SEE ALSO\n.BR %s (1)", roff(pageName(cmd.Parent())))
	}
	return b.String()
}

// manFlag is a flag with what it does, nothing for a hidden one.
func manFlag(f *pflag.Flag) string {
	if f.Hidden || f.Deprecated != "" {
		return ""
	}
	kind, usage := pflag.UnquoteUsage(f)
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	if f.Value.Type() == "bool" {
		kind = ""
	}
	return fmt.Sprintf(".TP\n.B %s\n%s.\n", roff(strings.TrimSpace(name+" "+kind)), roff(usage))
}

// roffText are the paragraphs of a help text. Lines that are indented stay lines.
func roffText(text string) string {
	var out []string
	for p := range strings.SplitSeq(strings.Trim(text, "\n"), "\n\n") {
		if strings.HasPrefix(p, " ") || strings.HasPrefix(p, "\t") || strings.Contains(p, "\n ") || strings.Contains(p, "\n\t") {
			out = append(out, ".nf\n"+roff(strings.Trim(p, "\n"))+"\n.fi")
			continue
		}
		out = append(out, roff(p))
	}
	return strings.Join(out, "\n.PP\n")
}

// roff is text as it stands, whatever roff would take its signs for: https://man7.org/linux/man-pages/man7/groff_char.7.html.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, `"`, `\(dq`, "`", `\(ga`, "'", `\(aq`, "^", `\(ha`, "~", `\(ti`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
