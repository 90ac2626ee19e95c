package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/dockgen/dockgen/internal/table"
)

// The files, below profiles/knowledge.
const (
	publishedFile = "from/published.yaml" // made: what the sources say
	newerFile     = "from/newer.yaml"     // ours: what is newer than the sources
	oursFile      = "from/ours.yaml"      // ours: judgement
	suitesFile    = "from/suites.yaml"    // made: which packages there are
	imagesFile    = "images.yaml"         // made of the first three
)

// published is what the sources say of images.
type published struct {
	Sources []origin      `yaml:"sources"`
	Images  []imageSource `yaml:"images"`
}

// origin is a repository that was read, and at which commit.
type origin struct {
	Repository string `yaml:"repository"`
	Commit     string `yaml:"commit,omitempty"`
	Date       string `yaml:"date,omitempty"`
}

// imageSource is what they say of one image.
type imageSource struct {
	Image string `yaml:"image"`
	Lines []line `yaml:"lines"`
}

// newer are facts that a person found where the sources do not have them yet.
type newer struct {
	Images []newerLine `yaml:"images"`
}

// newerLine is what is known of a line beside the sources. Each field that is set takes the place of theirs.
type newerLine struct {
	Image  string `yaml:"image"`
	Source string `yaml:"source"` // where it was read
	// Add says that the variants stand beside those of the sources.
	Add  bool `yaml:"add,omitempty"`
	line `yaml:",inline"`
}

// ours is judgement.
type ours struct {
	// Decided is the day that the rules are asked for: what has ended, and which line is preferred.
	Decided string  `yaml:"decided"`
	Images  []image `yaml:"images"`
}

// image is what is ours of an image: which of its published lines and variants dockgen names.
type image struct {
	Image      string `yaml:"image"`
	Repository string `yaml:"repository,omitempty"` // as in images.yaml
	Tag        string `yaml:"tag,omitempty"`        // as in images.yaml
	Source     string `yaml:"source"`               // the page for people
	// Where its lines are read: the name of a library file of docker-library/official-images, of an image of distroless, or nginx.
	Library    string `yaml:"library,omitempty"`
	Distroless string `yaml:"distroless,omitempty"`
	Nginx      bool   `yaml:"nginx,omitempty"`
	// Product is its name at endoflife.date.
	Product string `yaml:"product,omitempty"`
	// Depth is how many numbers name a line, Names the lines that have names.
	Depth int      `yaml:"depth,omitempty"`
	Names []string `yaml:"names,omitempty"`
	// Unused matches variants that no one of dockgen's is.
	Unused string `yaml:"unused,omitempty"`
	// From is the oldest line that dockgen names, Skip are lines that it does not, Newest says that of the lines of a major version it names the newest alone.
	From   string `yaml:"from,omitempty"`
	Skip   []skip `yaml:"skip,omitempty"`
	Newest bool   `yaml:"newest,omitempty"`
	// Variants are those that dockgen names, the preferred one first; Else takes the place of those on Debian where a line has none of them.
	Variants []string `yaml:"variants,omitempty"`
	Else     []string `yaml:"else,omitempty"`
	// Once are variants that a line has no more, and that dockgen names all the same: their last tags are there.
	Once []skip `yaml:"once,omitempty"`
	// Debian is the release of Debian that the image must be made from, for the distroless ones.
	Debian string `yaml:"debian,omitempty"`
	// Patch says that tags name the newest patch release.
	Patch bool `yaml:"patch,omitempty"`
	// Like names the image whose default is this one's, too; Bound the image that must have the line, too.
	Like  string `yaml:"like,omitempty"`
	Bound string `yaml:"bound,omitempty"`
	// Early are lines that nothing is raised to yet, whatever their age.
	Early []skip `yaml:"early,omitempty"`
	// Keep is a default that stays for now, whatever the rule says.
	Keep *skip `yaml:"keep,omitempty"`
	// Lines are those of an image whose tags no repository lists.
	Lines []line `yaml:"lines,omitempty"`
}

// skip is an exception with its reason.
type skip struct {
	Line     string   `yaml:"line"`
	Variants []string `yaml:"variants,omitempty"`
	Because  string   `yaml:"because"`
}

// data are the files, and where what changed is printed.
type data struct {
	dir string
	out io.Writer
}

func (d data) path(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

func load[T any](d data, name string) (T, error) {
	text, err := os.ReadFile(d.path(name))
	if err != nil {
		return *new(T), err
	}
	return table.Decode[T](name, text)
}

var decided = regexp.MustCompile(`(?m)^decided: .*$`)

// decide puts the day into the file of judgement.
func (d data) decide(date string) error {
	if !day.MatchString(date) {
		return fmt.Errorf("-date %q is no day: want YYYY-MM-DD", date)
	}
	text, err := os.ReadFile(d.path(oursFile))
	if err != nil {
		return err
	}
	return os.WriteFile(d.path(oursFile), decided.ReplaceAll(text, []byte(`decided: "`+date+`"`)), 0o644)
}

// write puts a made file in place, if it differs.
func (d data) write(name, text string) error {
	old, err := os.ReadFile(d.path(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if bytes.Equal(old, []byte(text)) {
		return nil
	}
	return os.WriteFile(d.path(name), []byte(text), 0o644)
}

// Where the facts of images are read.
const (
	official   = "docker-library/official-images"
	endoflife  = "endoflife-date/endoflife.date"
	distroless = "GoogleContainerTools/distroless"
	nginx      = "nginx/docker-nginx-unprivileged"
)

// readImages reads the sources below a folder, and writes what they say.
func (d data) readImages(dir string) error {
	own, err := load[ours](d, oursFile)
	if err != nil {
		return err
	}
	sources := map[string]*source{}
	var out published
	for _, name := range []string{official, endoflife, distroless, nginx} {
		s, err := open(dir, name)
		if err != nil {
			return err
		}
		sources[name] = s
		out.Sources = append(out.Sources, origin{name, s.commit, s.date})
	}
	for _, i := range own.Images {
		found, err := i.read(sources)
		if err != nil {
			return err
		}
		slices.SortStableFunc(found, func(a, b line) int { return -compare(a.Line, b.Line) })
		for n, l := range found {
			if i.From != "" && compare(l.Line, i.From) < 0 {
				found[n].Variants, found[n].Once = nil, nil // that it was published is all that is asked of it
			}
		}
		if len(found) > 0 {
			out.Images = append(out.Images, imageSource{i.Image, found})
		}
	}
	return d.write(publishedFile, out.text())
}

// read are the lines of an image in its sources.
func (i image) read(sources map[string]*source) (list []line, err error) {
	var unused *regexp.Regexp
	if i.Unused != "" {
		if unused, err = regexp.Compile(i.Unused); err != nil {
			return nil, err
		}
	}
	switch {
	case i.Library != "":
		history, err := sources[official].history("library/" + i.Library)
		if err != nil {
			return nil, err
		}
		list = lines(history, i.Depth, i.Names, unused)
	case i.Distroless != "":
		list, err = distrolessLines(sources[distroless], i.Distroless)
	case i.Nginx:
		list, err = nginxLines(sources[nginx], unused)
	}
	if !i.Patch {
		for n := range list {
			list[n].Patch = 0
		}
	}
	if err != nil || i.Product == "" {
		return list, err
	}
	rows, err := cycles(sources[endoflife], i.Product)
	if err != nil {
		return nil, err
	}
	for n := range list {
		list[n].dates(rows)
	}
	return list, nil
}
