package main

import (
	"fmt"
	"time"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

// stale is after how many days a copy of a source is old.
const stale = 120

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
			text := knowledge.Ending(r.Until, on)
			if r.Ended || text == "" {
				continue
			}
			if r.Until < date {
				text += ", and the table does not say so"
			}
			fmt.Fprintf(d.out, "%s %s %s\n", i.Name, r.Version, text)
		}
	}
	for _, s := range facts.Sources {
		if at, err := time.Parse(time.DateOnly, s.Date); err == nil && on.Sub(at) > stale*24*time.Hour {
			fmt.Fprintf(d.out, "the copy of %s is of %s\n", s.Repository, s.Date)
		}
	}
	return nil
}
