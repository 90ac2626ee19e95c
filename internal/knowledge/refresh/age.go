package main

import (
	"fmt"
	"time"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

const (
	soon  = 90  // days before the end of support that are told
	stale = 120 // days after which a copy of a source is old
)

// age says which lines of the table end soon after a day, or have ended since the table was made, and how old it is.
func (d data) age(date string) error {
	on, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return fmt.Errorf("age: %w", err)
	}
	images, err := load[knowledge.Published](d, imagesFile)
	if err != nil {
		return err
	}
	facts, err := load[published](d, publishedFile)
	if err != nil {
		return err
	}
	for _, i := range images.Images {
		for _, r := range i.Releases {
			end, err := time.Parse(time.DateOnly, r.Until)
			if err != nil || r.Ended {
				continue
			}
			switch days := int(end.Sub(on).Hours() / 24); {
			case days < 0:
				fmt.Fprintf(d.out, "%s %s is out of support since %s, and the table does not say so\n", i.Name, r.Version, r.Until)
			case days <= soon:
				fmt.Fprintf(d.out, "%s %s is in support until %s, for %d days more\n", i.Name, r.Version, r.Until, days)
			}
		}
	}
	for _, s := range facts.Sources {
		if at, err := time.Parse(time.DateOnly, s.Date); err == nil && on.Sub(at) > stale*24*time.Hour {
			fmt.Fprintf(d.out, "the copy of %s is of %s\n", s.Repository, s.Date)
		}
	}
	return nil
}
