package java

import (
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Login is what shows that Maven's repositories want a login, which stands in a settings.xml:
// https://maven.apache.org/settings.html#servers. The zero value says that nothing shows it.
type Login struct {
	Host string   // of the repository, "" where that is not known
	Pos  fact.Pos // what shows it
	// Settings says that Maven is to get a settings.xml. File is the repository's own, "" for the user's.
	Settings bool
	File     string
	// Variables are those of the environment that a settings.xml of the repository takes the logins from.
	Variables []fact.Fact[string]
}

// closed matches the hosts whose packages nobody gets without a login, public ones too:
// https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-apache-maven-registry#authenticating-to-github-packages,
// https://docs.aws.amazon.com/codeartifact/latest/ug/maven-mvn.html
var closed = lazy.MustCompile(`^(maven\.pkg\.github\.com|.+\.d\.codeartifact\.[a-z0-9-]+\.amazonaws\.com)$`)

// open matches the hosts whose packages everyone gets: a login for them is one to publish with.
// https://central.sonatype.org/publish/publish-portal-snapshots/#consuming-snapshot-releases-for-your-project,
// https://central.sonatype.org/publish/publish-guide/
var open = lazy.MustCompile(`^(repo1\.maven\.org|repo\.maven\.apache\.org|(s01\.)?oss\.sonatype\.org|central\.sonatype\.com)$`)

// readLogin looks at the settings that Maven is told to read, at the addresses of the repositories, and at how the repository's own files
// build it.
func readLogin(t *tree.Tree, f *Facts) Login {
	remotes := addresses{}
	var asks Login
	for _, p := range f.Projects {
		for _, r := range p.POM.Remotes() {
			remotes.add(r.ID, r.URL)
			if host := hostOf(r.URL); asks.Pos.IsZero() && closed.MatchString(host) {
				asks = Login{Host: host, Pos: r.Pos, Settings: true}
			}
		}
	}
	if l, ok := configuredLogin(t, f.Dir, remotes); ok {
		return l
	}
	if !asks.Pos.IsZero() {
		return asks
	}
	for _, file := range buildfile.Of(t, f.Dir).Builds(".") {
		if l, ok := serverLogin(file, remotes); ok {
			return l
		}
	}
	return recipeLogin(t, f.Dir, remotes)
}

// addresses are the URLs of repositories by their ids. The first of an id counts.
type addresses map[string]string

func (a addresses) add(id, url string) {
	if _, ok := a[id]; !ok && id != "" {
		a[id] = url
	}
}

// configuredLogin follows --settings of .mvn/maven.config. What it names takes the place of the user's settings.xml.
func configuredLogin(t *tree.Tree, dir string, remotes addresses) (Login, bool) {
	raw, err := t.Read(path.Join(dir, ".mvn/maven.config"))
	if err != nil {
		return Login{}, false
	}
	file, ok := settingsOf(strings.Fields(string(raw)))
	if !ok {
		return Login{}, false
	}
	l, _ := ownSettings(t, dir, file, remotes)
	l.Settings, l.File = false, ""
	return l, true
}

// settingsOf is the file that -s or --settings names:
// https://maven.apache.org/ref/current/maven-embedder/cli.html
func settingsOf(words []string) (string, bool) {
	for i, w := range words {
		if file, ok := strings.CutPrefix(w, "--settings="); ok {
			return file, true
		}
		if (w == "-s" || w == "--settings") && i+1 < len(words) {
			return words[i+1], true
		}
	}
	return "", false
}

// environmentOf matches variables of the environment in a settings.xml.
var environmentOf = lazy.MustCompile(`\$\{env\.([A-Za-z_][A-Za-z0-9_]*)\}`)

// ownSettings reads a settings.xml of the repository; ok is false if none of its servers is one of those that the build asks.
func ownSettings(t *tree.Tree, dir, file string, remotes addresses) (l Login, ok bool) {
	file = path.Clean("./" + file)
	doc, err := document.Read(t, path.Join(dir, file))
	if err != nil || strings.HasPrefix(file, "..") {
		return Login{}, false
	}
	settings := doc.Get("settings")
	remotes = maps.Clone(remotes)
	for _, m := range settings.Get("mirrors").All("mirror") {
		remotes.add(m.Get("id").Text, m.Get("url").Text)
	}
	for _, p := range settings.Get("profiles").All("profile") {
		for _, r := range p.Get("repositories").All("repository") {
			remotes.add(r.Get("id").Text, r.Get("url").Text)
		}
	}
	for _, s := range settings.Get("servers").All("server") {
		address, known := remotes[s.Get("id").Text]
		if !known || open.MatchString(hostOf(address)) {
			continue
		}
		if !ok {
			l, ok = Login{Host: hostOf(address), Pos: s.Pos(), Settings: true, File: file}, true
		}
		l.ask(s, 0)
	}
	return l, ok
}

// ask notes the variables in a server of a settings.xml.
func (l *Login) ask(v document.Value, depth int) {
	for _, m := range environmentOf.FindAllStringSubmatch(v.Text, maxFound) {
		if len(l.Variables) < maxFound && !slices.ContainsFunc(l.Variables, func(o fact.Fact[string]) bool { return o.Value == m[1] }) {
			l.Variables = append(l.Variables, fact.Fact[string]{Value: m[1], Pos: v.Pos()})
		}
	}
	if depth < 5 {
		for _, m := range v.Members {
			l.ask(m.Value, depth+1)
		}
		for _, i := range v.Items {
			l.ask(i, depth+1)
		}
	}
}

// server matches the repository that a step of CI writes a settings.xml for:
// https://github.com/actions/setup-java/blob/main/docs/advanced-usage.md#publishing-using-apache-maven, https://github.com/s4u/maven-settings-action
var server = lazy.MustCompile(`^\s*server-id:\s*["']?([\w.-]+)["']?\s*$|"id":\s*"([\w.-]+)"`)

// serverLogin looks for a step of CI that has a login for one of the repositories that the build asks. One for what is published alone says nothing.
func serverLogin(f *buildfile.File, remotes addresses) (Login, bool) {
	if f.Kind != buildfile.CI || len(remotes) == 0 || !strings.Contains(f.Text, "server") {
		return Login{}, false
	}
	no := 0
	for line := range strings.SplitSeq(f.Text, "\n") {
		no++
		m := server.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if address, ok := remotes[m[1]+m[2]]; ok && !open.MatchString(hostOf(address)) {
			return Login{Host: hostOf(address), Pos: fact.At(f.Name, no), Settings: true}, true
		}
	}
	return Login{}, false
}

// recipeLogin looks at the settings.xml that the own Dockerfile, and commands which package, give to Maven. One of the repository counts if it
// has a login; one that is not there does in a Dockerfile, whose build has no other.
func recipeLogin(t *tree.Tree, dir string, remotes addresses) Login {
	r := buildfile.Of(t, dir)
	if own := r.Image(); own != nil && own.Image != nil {
		for _, line := range own.Image.Lines {
			file, ok := given(line)
			if !ok {
				continue
			}
			if l, ok := ownSettings(t, dir, file, remotes); ok {
				return l
			}
			if file == "" || !t.Has(path.Join(dir, path.Clean("./"+file))) {
				return Login{Pos: line.Pos, Settings: true}
			}
		}
	}
	for _, x := range r.Recipes() {
		for _, c := range x.Commands {
			file, ok := settingsOf(c.Words)
			if !ok || !packaging(c) {
				continue
			}
			if file = path.Join(c.Dir, file); x.Own { // whose folders are those of the image
				file = path.Base(file)
			}
			if l, ok := ownSettings(t, dir, file, remotes); ok {
				return l
			}
		}
	}
	return Login{}
}

// given is the settings.xml that a line of a Dockerfile copies to where Maven reads it; "" for one that it mounts as a secret.
func given(line buildfile.Instruction) (file string, ok bool) {
	switch line.Name {
	case "copy", "add":
		words := strings.Fields(line.Text)
		if n := len(words); n > 2 && !strings.Contains(line.Text, "--from") && (strings.Contains(words[n-1], ".m2") || strings.HasSuffix(words[n-1], "/conf/settings.xml") || strings.HasSuffix(words[n-1], "/conf/")) {
			for _, w := range words[1 : n-1] {
				if path.Ext(w) == ".xml" && strings.Contains(path.Base(w), "settings") {
					return w, true
				}
			}
		}
	case "run":
		for w := range strings.FieldsSeq(line.Text) {
			if strings.HasPrefix(w, "--mount=type=secret,") && strings.Contains(w, "settings") && strings.Contains(w, ".xml") {
				return "", true
			}
		}
	}
	return "", false
}

// hostOf is the host of a URL, "" for none.
func hostOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return u.Hostname()
}
