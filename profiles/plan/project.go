package plan

import (
	"path"

	"github.com/dockgen/dockgen/detect/fact"
)

// Project is what a repository becomes: its apps, each with its files.
type Project struct {
	Apps []*App // never empty
	// Beside are further apps of the first one's folder, which are not decided yet.
	Beside []Part
}

// Part is one of several apps of a folder.
type Part struct {
	Main string // what --set main takes for it
	Dir  string // the folder of its code, within the other
	// Language is that of its stack, where another one of the folder comes first; "" for whichever does.
	Language string
}

// None is a folder that holds no app, and why.
type None struct {
	Dir string
	Why string
	Pos fact.Pos
}

// String is the folder with the reason and its place.
func (n None) String() string { return n.Dir + ": " + n.Reason() }

// Reason is why, with its place.
func (n None) Reason() string {
	if n.Pos.IsZero() {
		return n.Why
	}
	return n.Why + " (" + n.Pos.String() + ")"
}

// Kind is what an app is for whoever runs it.
type Kind string

// The kinds of app.
const (
	Server Kind = "server" // it listens
	Worker Kind = "worker" // it runs until it is stopped, and does not listen
	Job    Kind = "job"    // it ends by itself
	Site   Kind = "site"   // files behind a web server
)

// Folder is where the app's files lie within the scanned tree.
func (a *App) Folder() string { return path.Join(a.Dir, a.Place) }

// App is one app's Dockerfile and .dockerignore, decided. Every path in it is
// relative to Dir.
type App struct {
	Name     string   // what to call the image: the folder's or module's name, [a-z0-9._-]
	Dir      string   // the app's folder within the scanned tree, "." for its root: the build context
	Place    string   // the folder below Dir that its files lie in, "" for Dir itself
	Of       string   // the folder of its code within the scanned tree: Dir, or one below it
	Holds    []string // the folders of the front ends that are built into it, and of the pages beside it that it has
	Language string   // "go", "node", "python", "java", "html"
	Kind     Kind
	Takes    bool   // of a Job: it reads arguments of its command line
	Stdin    string // the options of docker run with which it reads standard input, "" if it does not
	Image    Image
	Run      *Run // what prod does; the data of the last stage
	Ignore   Ignore
	Needs    []string   // folders of Dir that the build reads beside Place, of an app that shares it; nil: that is not known
	Reads    []Path     // files that the build reads although no COPY names them, for sure
	Beside   []Process  // what the repository runs in this image beside the app, or before it
	Dev      *FrontDev  // of a front end that another image holds: its development server, nil for none
	Passes   []Port     // of servers on the same machine, to which the development server of a site passes paths on
	Outputs  []Artifact // what the stages before prod leave for an image that holds another app too
	Choices  []Choice
	Notes    []Note
	Bounds   []Bound
	Lesser   error // why it is no app where others of the repository serve, nil for one that is
}

// Process is a command in the app's image.
type Process struct {
	Name  string
	Entry Exec // in the place of the image's entry point, nil for that
	Cmd   Exec
	Ends  bool // the app starts after it has ended
	Dev   bool // it runs in the image of the target dev, which has what prod's does not
}

// FrontDev is the stage of a front end's development server.
type FrontDev struct {
	Stage  StageName
	Ports  []Port                // that it listens on
	Passes []Port                // of the servers on the same machine that it passes paths on to
	Tell   func(about []Comment) // replaces the comment above the stage
}
