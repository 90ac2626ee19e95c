// Command refresh makes the tables of profiles/knowledge from their sources:
//
//	refresh images DIR     the facts of images, from copies of the repositories that publish them
//	refresh packages DIR   which suite has which package, from the indexes of the archives
//	refresh pins DIR       the versions of tools, from what the registries answered
//	refresh make           the tables, from those facts and what is ours beside them
//	refresh age DATE       nothing: says what of the tables is out of date on that day, or will be soon
//
// It asks no network and no clock: the same input makes the same bytes. README.md beside it says
// where the input comes from. It prints what changed, a line for each fact.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// folder is where the tables are, from the root of the repository.
const folder = "profiles/knowledge"

const usage = "usage: refresh [-root FOLDER] [-date YYYY-MM-DD] images DIR | packages DIR | pins DIR | make | age DATE"

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("refresh", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	root := flags.String("root", ".", "root of the repository")
	date := flags.String("date", "", "the day that the rules are asked for from now on")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w; %s", err, usage)
	}
	d := data{dir: filepath.Join(*root, filepath.FromSlash(folder)), out: out}
	if *date != "" {
		if err := d.decide(*date); err != nil {
			return err
		}
	}
	mode, rest := flags.Arg(0), flags.NArg()
	switch {
	case mode == "images" && rest == 2:
		if err := d.readImages(flags.Arg(1)); err != nil {
			return err
		}
	case mode == "packages" && rest == 2:
		return d.readPackages(flags.Arg(1))
	case mode == "pins" && rest == 2:
		if err := d.readPins(flags.Arg(1)); err != nil {
			return err
		}
	case mode == "age" && rest == 2:
		return d.age(flags.Arg(1))
	case mode == "make" && rest == 1:
	default:
		return fmt.Errorf("%s", usage)
	}
	return d.make()
}
