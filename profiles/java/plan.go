package java

import "github.com/dockgen/dockgen/profiles/plan"

// Base is the toolchain: the JDK, and the build tool if the repository has no wrapper.
type Base struct {
	plan.Head
	Workdir plan.Path
	Debian  []plan.System   // that the wrapper needs
	Copies  []plan.Artifact // Node, if the build starts its programs, and a toolchain's JDK
	Wrapper []plan.Copy     // Gradle's
	Fetch   plan.Shell      // has the wrapper download its Gradle
}

// Other is a stage whose files base takes.
type Other struct{ plan.Head }

// Deps holds what the build tool downloads for the build files.
type Deps struct {
	plan.Head
	Manifests []plan.Copy // the build files and the wrapper
	Script    *Script
	Folders   plan.Shell   // makes those of projects that have no file there, if there are any
	Mounts    []plan.Mount // secrets
	Fetch     plan.Shell
	Also      plan.Shell // downloads what only the call that packages needs, if there is one
}

// Script gives the build of Gradle the tasks that the image needs; nil for Maven's.
type Script struct {
	Path       plan.Path
	Files      bool // those that put the classes and the jars into folders are among them
	Production bool // the jars are those that Spring Boot's plugin takes for production
	Jar        bool // the classes stay in their jar
	Own        bool // those of the repository's own projects go into a folder of their own
	Twins      bool // some of the jars are called the same
	War        bool // the one that unpacks the war is among them
	Old        bool // Gradle before 4.9, which has no tasks.register
	Same       bool // jars of other modules are in prod, and this Gradle puts the time into them
}

// Dev compiles the mounted source and restarts it when a file changes.
type Dev struct {
	plan.Head
	Source  plan.Copy
	Env     []plan.Env
	Copies  []plan.Artifact // the servlet container of a war, and what other apps' stages made
	Kept    plan.Volumes    // what a mount of the source must not hide
	Steps   []plan.Step
	Watch   plan.Shell // the files and folders whose change restarts
	Compile plan.Shell
	Start   plan.Line // the command, for sh
	Ports   []plan.Port
}

// Live runs the framework's own live reload.
type Live struct {
	plan.Head
	Source plan.Copy
	Copies []plan.Artifact // what other apps' stages made for this one
	Kept   plan.Volumes    // what a mount of the source must not hide
	Env    []plan.Env
	Ports  []plan.Port
	Cmd    plan.Exec
}

// Cache starts the app as prod does, and keeps the classes that it loads.
type Cache struct {
	plan.Head
	Root    bool // the image runs as another user than root: become root
	Debian  []plan.System
	Alpine  []plan.System
	Env     []plan.Env
	Workdir plan.Path
	Prepare []plan.Step
	Copies  []plan.Artifact
	Train   plan.Exec  // a program that ends by itself
	Wait    plan.Port  // 0, or where the server listens that Start starts and that is ended then
	Start   plan.Shell // with Wait
	Listens plan.Token // Wait as the kernel lists it
	File    plan.Path  // the cache
}

// Pack puts the classes of the project into a jar that names its main class and the jars that it needs.
type Pack struct {
	Main plan.Shell // writes the line of the manifest with the main class
	List plan.Shell // writes those with the jars, if there are any
	Jar  plan.Shell
}

// Modules lists the modules of Java that what prod holds needs.
type Modules struct {
	plan.Head
	Copies []plan.Artifact
	Unpack plan.Shell // takes the jar apart, if it holds jars
	List   plan.Shell // writes the modules that the classes name
}

// Linked makes a runtime of the modules.
type Linked struct {
	plan.Head
	Copies []plan.Artifact
	Link   plan.Shell // jlink, without the list of modules, which is its last option
	More   plan.Shell // modules that no class names
	Dump   plan.Shell // makes the runtime's own cache of classes
}

// Graal is the toolchain of a native program.
type Graal struct {
	plan.Head
	Xargs   bool            // Gradle's scripts ask for it
	Copies  []plan.Artifact // the build tool, and what the stage of the downloads has of the source
	Workdir plan.Path
}

// Build is a run of the build tool over the source: of the stage that tests, and of the
// one that packages.
type Build struct {
	plan.Head
	Copies []plan.Artifact // what other apps' stages made for this one
	Source plan.Copy
	Deps   plan.StageName // the stage whose downloads the cache begins with
	Cache  plan.Path      // the folder of the downloads
	Locked bool           // one run at a time uses the cache
	Mounts []plan.Mount   // secrets
	Run    []plan.Shell
	Pack   *Pack // nil: the classes stay in their folder
}
