package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
)

// age is the day of --age: what ends soon after it is told. dockgen itself asks no clock. The zero age tells nothing.
type age struct{ on time.Time }

func (a *age) flags(cmd *cobra.Command) {
	cmd.Flags().Var(a, "age", fmt.Sprintf("tell what is out of support on a `DATE`, or will be within %d days: \"$(date +%%F)\"", knowledge.Soon))
	must(cmd.RegisterFlagCompletionFunc("age", cobra.NoFileCompletions))
}

// Set reads a day: "2026-11-30".
func (a *age) Set(value string) (err error) {
	if a.on, err = time.Parse(time.DateOnly, value); err != nil {
		return usagef("want a day such as 2026-11-30")
	}
	return nil
}

func (a *age) String() string {
	if a.on.IsZero() {
		return ""
	}
	return a.on.Format(time.DateOnly)
}

func (a *age) Type() string { return "DATE" }

// notes are the releases among the choices whose support has ended, or ends soon.
func (a *age) notes(choices []plan.Choice) (out []plan.Note) {
	for _, c := range choices {
		text := knowledge.Ending(c.Until, a.on)
		if a.on.IsZero() || text == "" {
			continue
		}
		n := plan.Note{Text: c.Key + " " + c.Value + " " + text, Hint: "take a later release, or dockgen update --upgrade for the one that dockgen prefers"}
		if c.Pos != nil {
			n.Pos = *c.Pos
		}
		out = append(out, n)
	}
	return out
}
