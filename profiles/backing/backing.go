// Package backing decides what stands beside the apps of a repository so that they run: compose.yaml with the servers that they need, and
// compose.dev.yaml with their dev targets.
//
// The design. Facts (detect/backing) → a plan.Stack → bytes (templates.RenderStack), as for a Dockerfile; the engine merges the user's
// edits by services. It is asked for (--compose, compose: true), since not everybody wants it.
//
//   - Which servers: a row of services.yaml whose client library the app's manifest names, and that the app uses: its code imports the
//     library, an address of the server or a text that means it stands in the code, the configuration or an example of the environment, or
//     a variable has its name. A library alone is no evidence: many name the drivers of every database that they could have. Of several
//     databases, that of the example of the environment counts, then that of the configuration.
//   - Which release: the one of the row, or one that the library needs. What CI or a compose file for development runs counts before that.
//     The choice is recorded ("compose.postgres"), and stays as the lock has it.
//   - How the app is told: by each variable that it reads and whose name or value says what it holds, with the server's name as the host.
//     Spring Boot and Quarkus have variables of their own for it. Where nothing is known, a note says so.
//   - Passwords: random, in secrets/NAME.env, a file for each service, of mode 0600 and ignored by Git, which Compose reads as env_file.
//     The secrets of Compose are files that it mounts with the owner and the mode that they have, so that neither the server's user nor the
//     app's could read one of that mode (https://github.com/docker/compose/issues/9648), and few apps read a file.
//     The engine makes what is missing, and changes nothing that is there.
//   - Order: a server is healthy first; a command that a release begins with (plan.App.Beside) has ended before the app starts.
//   - Dev: compose.dev.yaml, put over the other with -f, as its comment says: it builds dev, copies each save into the container, and builds
//     again when a file changes that the dependencies follow from. It is no compose.override.yaml, since Compose would always take that.
//   - Ports are published on the loopback interface: the same number, or else the next that is free.
//
// A compose.yaml of the user's own stays as it is, and nothing is written beside it.
package backing

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	facts "github.com/dockgen/dockgen/detect/backing"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// App is one app of the repository, decided.
type App struct {
	Plan  *plan.App
	Name  plan.ServiceName
	Facts *facts.Facts
	Log   *record.Log // for what is chosen for it
	Dev   *Dev        // its dev target, nil for none
}

// Dev is what is known of an app's dev target.
type Dev struct {
	Source  string // the folder, from the context on, that lies in Workdir
	Workdir string
	Ports   []int
	Rebuild []string // files and folders, from the context on, that its dependencies follow from
}

// Secret is a file of variables that hold passwords.
type Secret struct {
	File string // below the root of the repository
	Vars []SecretVar
}

// SecretVar is one variable of it: Before, a random text and After. The text is the one of the server Of, or one of the variable's own.
type SecretVar struct {
	Name, Before, After string
	Of                  string // the File of the server
}

// Result is what was decided.
type Result struct {
	Stack   plan.Stack
	Secrets []Secret
}

// server is one server of the stack.
type server struct {
	row      *Row
	name     plan.ServiceName
	user     string
	database string
	image    string
	tag      string
	command  []string
	root     bool // its user is the server's own
}

// need is a server that an app needs, with the evidence.
type need struct {
	row    *Row
	lib    facts.Library
	client Client
	at     fact.Pos // of what shows that it is used
	how    string   // "imports it"
	rank   int      // how sure it is, the lowest first
	set    []setting
}

// setting is a variable that tells the app of the server.
type setting struct {
	v    facts.Var
	part part
}

// Decide makes the stack of the apps, in their order. secrets is the folder of the files that hold passwords.
func Decide(apps []App, secrets string) (*Result, error) {
	t, err := load()
	if err != nil {
		return nil, err
	}
	d := &decision{table: t, apps: apps, folder: secrets, taken: map[int]bool{}, names: map[string]bool{}, published: map[plan.ServiceName][]plan.YAML{}, out: &Result{}}
	for _, a := range apps {
		d.names[a.Name.String()] = true
	}
	needs := make([][]need, len(apps))
	for i, a := range apps {
		if a.Plan.Kind != plan.Site && a.Facts != nil {
			needs[i] = d.needs(a)
		}
	}
	for i, a := range apps {
		if err := d.app(a, needs[i]); err != nil {
			return nil, err
		}
	}
	d.share()
	d.follow()
	for _, s := range d.servers {
		if err := d.server(s); err != nil {
			return nil, err
		}
	}
	if len(d.out.Secrets) > 0 {
		if d.out.Stack.Secrets, err = plan.NewYAML(secrets + "/"); err != nil {
			return nil, err
		}
	}
	return d.out, nil
}

// decision is what Decide works on.
type decision struct {
	table   tableOf
	apps    []App
	folder  string
	taken   map[int]bool    // ports of the host
	names   map[string]bool // of services
	servers []*server
	// published are the ports of the dev targets.
	published map[plan.ServiceName][]plan.YAML
	out       *Result
}

// needs are the servers that an app needs, in the order of the rows.
func (d *decision) needs(a App) []need {
	var out []need
	for i := range d.table.Services {
		if n, ok := d.need(a, &d.table.Services[i]); ok {
			out = append(out, n)
		}
	}
	return d.onePerGroup(a, out)
}

// The ranks of evidence.
const (
	byExample = iota // an example of the environment, or a default, has an address of it
	byImage          // CI or a compose file runs it
	byName           // a variable is called like it
	byUse            // the code imports the library, or a text means the server
)

// need reports whether an app needs a kind of server.
func (d *decision) need(a App, row *Row) (need, bool) {
	n := need{row: row, rank: byUse + 1}
	standard := false
	clients := row.Clients[a.Plan.Language]
	for _, l := range a.Facts.Libraries {
		if c, ok := clients[l.Name]; ok && (n.lib.Name == "" || n.client.Weak && !c.Weak) {
			n.lib, n.client = l, c
		}
	}
	if n.lib.Name == "" {
		for _, name := range slices.Sorted(maps.Keys(clients)) {
			if at, ok := a.Facts.Imports[name]; ok && clients[name].Standard {
				n.lib, n.client, standard = facts.Library{Name: name, Pos: at}, clients[name], true
				break
			}
		}
	}
	if n.lib.Name == "" {
		return n, false
	}
	n.set = d.settings(a, row, row.Prefixes)
	consider := func(rank int, at fact.Pos, how string) {
		if !at.IsZero() && rank < n.rank {
			n.rank, n.at, n.how = rank, at, how
		}
	}
	for _, u := range a.Facts.URLs {
		if slices.Contains(row.Schemes, schemeOf(u.Value)) {
			rank := byUse
			if slices.ContainsFunc(a.Facts.Vars, func(v facts.Var) bool { return v.Pos == u.Pos && schemeOf(v.Value) == schemeOf(u.Value) }) {
				rank = byExample
			}
			consider(rank, u.Pos, "has an address of it")
		}
	}
	for _, v := range a.Facts.Vars { // addresses of the forms that are none of a scheme's
		if row.GoURL != "" && a.Plan.Language == "go" && goDSN(v.Value) || row.DSN != "" && keyedDSN(v.Value) {
			consider(byExample, v.Pos, "has an address of it")
		}
	}
	for _, s := range n.set {
		if named := s.part == url || s.part == address || s.part == host; named && (!n.client.Endpoint || s.part != host) {
			consider(byName, s.v.Pos, "names "+plan.Printable(s.v.Name, 40))
		}
	}
	if n.client.Endpoint || row.NeedsVariable && !n.client.Sure {
		return n, n.rank <= byName
	}
	consider(byUse, a.Facts.Find("localhost:"+strconv.Itoa(row.Port), "127.0.0.1:"+strconv.Itoa(row.Port)), "has its port")
	if !n.client.Weak || n.rank <= byUse {
		if at := d.image(a, row).Pos; !at.IsZero() {
			consider(byImage, at, "runs it")
		}
	}
	consider(byUse, a.Facts.Find(row.Marks...), "means it")
	if !n.client.Weak && !standard {
		// What imports it and is told nothing of it, nor of anything that could be it, has it for who asks for it.
		if at := imported(a, n.lib.Name, n.client); len(n.set) > 0 || len(row.Fallback) > 0 || row.Group == "database" || d.also(a, row) {
			consider(byUse, at, "imports it")
		} else if n.rank > byUse && !n.client.Sure && !at.IsZero() {
			said(a, at, "", "imports %s, and nothing was found that tells the app where %s is: compose.yaml has none", n.lib.Name, row.Title)
		}
		if n.client.Sure {
			consider(byUse, n.lib.Pos, "connects to it by itself")
		}
	}
	return n, n.rank <= byUse
}

// also reports whether a variable may hold the address of a server under a name of its own.
func (d *decision) also(a App, row *Row) bool {
	return slices.ContainsFunc(a.Facts.Vars, func(v facts.Var) bool { return slices.Contains(row.Also, v.Name) && d.speaksOf(v, row) })
}

// imported is the place where the code imports a library.
func imported(a App, library string, c Client) fact.Pos {
	for _, name := range slices.Sorted(maps.Keys(a.Facts.Imports)) {
		if imports(a.Plan.Language, name, library, c) {
			return a.Facts.Imports[name]
		}
	}
	return fact.Pos{}
}

// imports reports whether an import is of a library.
func imports(language, name, library string, c Client) bool {
	switch language {
	case "go":
		return name == library || strings.HasPrefix(name, library+"/")
	case "python":
		module, _, _ := strings.Cut(name, ".")
		want := strings.ReplaceAll(library, "-", "_")
		return module == want || module == strings.TrimSuffix(want, "_binary") || c.Import != "" && (module == c.Import || name == c.Import)
	case "java":
		group, _, _ := strings.Cut(library, ":")
		return strings.HasPrefix(name, group+".")
	}
	return name == library
}

// onePerGroup leaves one server of each group, the one whose evidence is the best, and gives each the variables that others could mean, too.
func (d *decision) onePerGroup(a App, list []need) []need {
	best := map[string]*Row{}
	rank := map[string]int{}
	for _, n := range list {
		g := n.row.Group
		if best[g] == nil || n.rank < rank[g] || n.rank == rank[g] && n.row.Name == "valkey" {
			best[g], rank[g] = n.row, n.rank
		}
	}
	out := slices.DeleteFunc(list, func(n need) bool { return n.row.Group != "" && best[n.row.Group] != n.row })
	broker := slices.ContainsFunc(out, func(n need) bool { return n.row.Name == "rabbitmq" })
	for i := range out {
		n := &out[i]
		if n.row.Group == "database" || n.row.Name == "mongo" && best["database"] == nil {
			n.set = append(n.set, d.settings(a, n.row, d.table.Database)...)
		}
		for _, v := range a.Facts.Vars {
			// Where nothing says what the broker of a queue is, it is RabbitMQ before it is Redis.
			other := broker && n.row.Name != "rabbitmq" && schemeOf(v.Value) == "" && strings.Contains(v.Name, "BROKER")
			if slices.Contains(n.row.Also, v.Name) && d.speaksOf(v, n.row) && !other && !slices.ContainsFunc(n.set, func(s setting) bool { return s.v.Name == v.Name }) {
				n.set = append(n.set, setting{v, url})
			}
		}
	}
	return out
}

// settings are the variables that hold something of a server, by their names or by their values.
func (d *decision) settings(a App, row *Row, prefixes []string) []setting {
	var out []setting
	for _, v := range a.Facts.Vars {
		if !plan.IsEnvName(v.Name) || !d.speaksOf(v, row) || strings.HasPrefix(v.Name, "TEST_") || strings.HasPrefix(v.Name, "SHADOW_") {
			continue
		}
		p := d.table.Parts.holds(v.Name, prefixes)
		if i := slices.IndexFunc(a.Facts.Vars, func(u facts.Var) bool { return v.Beside != "" && u.Name == v.Beside }); i >= 0 {
			p = noPart
			if slices.Contains(row.Schemes, schemeOf(a.Facts.Vars[i].Value)) {
				p = d.table.Parts.of(strings.ToUpper(v.Key))
			}
		}
		if p == noPart && slices.Contains(row.Schemes, schemeOf(v.Value)) {
			p = url
		}
		if (p == address || p == host) && strings.Contains(v.Value, "://") {
			p = url
		}
		if p == url && row.Address != "" && v.Value != "" && !strings.Contains(v.Value, "://") {
			p = address
		}
		if p != noPart {
			out = append(out, setting{v, p})
		}
	}
	return out
}

// speaksOf reports whether nothing in a variable's value says that it is about another server.
func (d *decision) speaksOf(v facts.Var, row *Row) bool {
	s := schemeOf(v.Value)
	return s == "" || slices.Contains(row.Schemes, s) || (s == "http" || s == "https") && len(row.Schemes) == 0 || isFile(s) && row.Group == "database"
}

// isFile reports whether a scheme is that of a database in a file, which a variable holds as long as nobody says another.
func isFile(scheme string) bool {
	return scheme == "sqlite" || scheme == "sqlite3" || scheme == "file" || scheme == "jdbc:h2"
}

// schemeOf is the scheme of an address without its driver: "postgresql" of postgresql+asyncpg://…, "jdbc:mysql".
func schemeOf(s string) string {
	scheme, _, ok := strings.Cut(s, "://")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(scheme, "+")
	return strings.ToLower(name)
}

// image is the image of the server that CI or a compose file runs; it is not found if that is none that is run as the row's.
func (d *decision) image(a App, row *Row) fact.Fact[string] {
	for _, f := range a.Facts.Images {
		name, tag := splitImage(f.Value)
		if (name == row.Image || slices.Contains(row.Same, name)) && plainTag(tag) {
			return f
		}
	}
	return fact.Fact[string]{}
}

// splitImage is the name of an image, without Docker Hub's own, and its tag.
func splitImage(s string) (name, tag string) {
	s, _, _ = strings.Cut(s, "@")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "docker.io/"), "library/")
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, '/') {
		return s[:i], s[i+1:]
	}
	return s, ""
}

// plainTag reports whether a tag names a release.
func plainTag(tag string) bool {
	_, err := plan.NewToken(tag)
	return err == nil && tag != "latest" && len(tag) < 60 && strings.ContainsAny(tag, "0123456789")
}

// choose is the image of the server that a need is about.
func (d *decision) choose(a App, n need) (image, tag string) {
	image, tag = n.row.Image, n.row.Tag
	c := plan.Choice{Key: "compose." + n.row.Name, Pos: record.At(n.lib.Pos), Link: n.row.Source}
	where := ""
	if !n.at.IsZero() && n.at != n.lib.Pos {
		where = ", and " + n.at.String() + " " + n.how
	}
	c.Rule = n.lib.Name + " talks to " + n.row.Title + where
	c.Evidence = strings.TrimSpace(n.lib.Name + " " + n.lib.Range)
	major := majorOf(n.lib.Range)
	switch x := n.client; {
	case x.Majors[strconv.Itoa(major)] != "":
		tag = x.Majors[strconv.Itoa(major)]
		c.Rule += "; the server's release is the client's"
	case x.Older.Tag != "" && major >= 0 && major < x.Older.Below:
		tag = x.Older.Tag
		c.Rule += "; this client needs an older server"
	case x.Tag != "":
		tag = x.Tag
		c.Rule += "; this client needs an older server"
	}
	for _, i := range n.row.Instead {
		if at := a.Facts.Find(i.Marks...); !at.IsZero() {
			image, tag, c.Link = i.Image, i.Tag, i.Source
			c.Rule += "; " + at.String() + " asks for an extension"
			c.Evidence += ", " + i.Image
			break
		}
	}
	if own := d.image(a, n.row); own.Found() {
		image, tag = splitImage(own.Value)
		c.Pos, c.Rule, c.Evidence, c.Link = record.At(own.Pos), "what the repository runs there; "+c.Rule, "", ""
	}
	c.Value = image + ":" + tag
	return splitImage(a.Log.Choose(c))
}

// majorOf is the major release that a range allows, -1 if it allows later ones, or if it is not known.
func majorOf(r string) int {
	r = strings.TrimSpace(r)
	if strings.HasPrefix(r, ">") && !strings.Contains(r, "<") {
		return -1
	}
	i := strings.IndexAny(r, "0123456789")
	if i < 0 {
		return -1
	}
	end := i
	for end < len(r) && r[end] >= '0' && r[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(r[i:end])
	if err != nil {
		return -1
	}
	return n
}

// serverOf is the server of the stack for what an app needs: one for all apps, unless they name other databases.
func (d *decision) serverOf(a App, n need) *server {
	image, tag := d.choose(a, n)
	db := d.databaseOf(a, n)
	for _, s := range d.servers {
		if s.row == n.row && (s.database == db || db == "" || n.row.Database == "") {
			return s
		}
	}
	s := &server{row: n.row, image: image, tag: tag, command: n.row.Command}
	if c := n.client; len(c.Command) > 0 && !slices.ContainsFunc(a.Facts.Libraries, func(l facts.Library) bool { return l.Name == c.Unless }) {
		s.command = n.client.Command
	}
	name := n.row.Name
	for _, other := range d.servers {
		if other.row == n.row {
			name = n.row.Name + "-" + db
			break
		}
	}
	for i := 0; d.names[plan.NewServiceName(name).String()]; i++ {
		name = n.row.Name + []string{"-server", "-2", "-3"}[min(i, 2)]
		if i > 2 {
			name += strconv.Itoa(i)
		}
	}
	s.name = plan.NewServiceName(name)
	d.names[s.name.String()] = true
	s.database = cmp.Or(db, n.row.Database)
	s.user, s.root = d.userOf(a, n)
	d.servers = append(d.servers, s)
	return s
}

// databaseOf is the database that an example names, "" for none.
func (d *decision) databaseOf(a App, n need) string {
	if n.row.Database == "" {
		return ""
	}
	for _, s := range n.set {
		switch s.part {
		case database:
			if plainName(s.v.Value) {
				return s.v.Value
			}
		case url:
			if u := parse(s.v.Value); u.ok && plainName(u.path) && slices.Contains(n.row.Schemes, schemeOf(s.v.Value)) {
				return u.path
			}
		default:
		}
	}
	for _, f := range a.Facts.URLs {
		if u := parse(f.Value); u.ok && plainName(u.path) && slices.Contains(n.row.Schemes, schemeOf(f.Value)) {
			return u.path
		}
	}
	return ""
}

// userOf is the user that the app connects as; root says that it is the server's own, which an app means that is told no user.
func (d *decision) userOf(a App, n need) (name string, root bool) {
	if n.row.User == "" {
		return "", false
	}
	told := a.Facts.Spring && len(n.row.Spring) > 0 || a.Facts.Quarkus && len(n.row.Quarkus) > 0 || len(n.set) == 0
	for _, s := range n.set {
		switch s.part {
		case user:
			if plainName(s.v.Value) && s.v.Value != "root" && s.v.Value != "admin" {
				return s.v.Value, false
			}
			told = true
		case url:
			if u := parse(s.v.Value); u.ok && plainName(u.user) && u.user != "root" && u.user != "admin" {
				return u.user, false
			}
			told = told || !strings.HasPrefix(s.v.Value, "jdbc:")
		default:
		}
	}
	if told || n.row.User == "app" {
		return "app", false
	}
	return n.row.User, len(n.row.Root.Secrets) > 0
}

// plainName reports whether a name of a user or a database needs no quotes anywhere.
func plainName(s string) bool {
	if s == "" || len(s) > 30 || s[0] >= '0' && s[0] <= '9' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// hold is what stands in the place of a password until it is known.
const hold = "\x00"

// fill puts what is decided in the place of what stands for it.
func (s *server) fill(text string) string {
	return strings.NewReplacer("{host}", s.name.String(), "{port}", strconv.Itoa(s.row.Port), "{user}", s.user, "{password}", hold, "{database}", s.database).Replace(text)
}

// file is where the passwords of a service are.
func (d *decision) file(name plan.ServiceName) string {
	return path.Join(d.folder, name.String()+".env")
}

// secret is a variable whose value holds the password of a server.
func (d *decision) secret(name, value string, s *server) SecretVar {
	before, after, _ := strings.Cut(value, hold)
	return SecretVar{Name: name, Before: before, After: after, Of: d.file(s.name)}
}

// server adds a server to the stack.
func (d *decision) server(s *server) error {
	out := plan.Service{Name: s.name}
	var err error
	if out.Image, err = plan.NewYAML(s.image + ":" + s.tag); err != nil {
		return err
	}
	if out.Command, err = plan.YAMLs(s.command...); err != nil {
		return err
	}
	env, secrets := s.row.Environment, s.row.Secrets
	if s.root {
		env, secrets = s.row.Root.Environment, s.row.Root.Secrets
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if err := addEnv(&out, name, s.fill(env[name])); err != nil {
			return err
		}
	}
	var file Secret
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		file.Vars = append(file.Vars, d.secret(name, s.fill(secrets[name]), s))
	}
	if err := d.keep(&out, file); err != nil {
		return err
	}
	if s.row.Page > 0 {
		out.Ports = append(out.Ports, plan.Publish(d.free(s.row.Page), s.row.Page))
	}
	if folder := s.data(); folder != "" {
		volume := plan.NewServiceName(s.name.String() + "-data")
		d.out.Stack.Volumes = append(d.out.Stack.Volumes, volume)
		mount, err := plan.NewYAML(volume.String() + ":" + folder)
		if err != nil {
			return err
		}
		out.Volumes = append(out.Volumes, mount)
	}
	var test []string
	for _, w := range s.row.Health {
		test = append(test, s.fill(w))
	}
	var h plan.ServiceHealth
	if h.Start, err = plan.NewToken(s.row.Start); err != nil {
		return err
	}
	if h.Test, err = plan.YAMLs(test...); err != nil {
		return err
	}
	out.Health = &h
	out.Hostname = s.row.Hostname
	d.out.Stack.Services = append(d.out.Stack.Services, out)
	return nil
}

// data is the folder of a server's data.
func (s *server) data() string {
	if o := s.row.Older; o.Data != "" {
		tag := s.tag
		if i := strings.LastIndex(tag, "pg"); i >= 0 { // 0.8.1-pg18 of an extension
			tag = tag[i:]
		}
		if major := majorOf(tag); major >= 0 && major < o.Below {
			return o.Data
		}
	}
	return s.row.Data
}

func addEnv(s *plan.Service, name, value string) error {
	token, err := plan.NewToken(name)
	if err != nil {
		return err
	}
	v, err := plan.NewYAML(value)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(s.Env, func(e plan.ServiceEnv) bool { return e.Name == token }) {
		s.Env = append(s.Env, plan.ServiceEnv{Name: token, Value: v})
	}
	return nil
}

// keep has a service read its file of passwords.
func (d *decision) keep(s *plan.Service, file Secret) error {
	if len(file.Vars) == 0 {
		return nil
	}
	file.File = d.file(s.Name)
	var err error
	if s.EnvFile, err = plan.NewYAML(file.File); err != nil {
		return err
	}
	d.out.Secrets = append(d.out.Secrets, file)
	return nil
}

// free is a port of the host for one of a container: the same, or else the next that nothing has.
func (d *decision) free(port int) int {
	for d.taken[port] && port < 65535 {
		port++
	}
	d.taken[port] = true
	return port
}

// said is a note of an app.
func said(a App, pos fact.Pos, hint, format string, args ...any) {
	a.Log.Note(pos, fmt.Sprintf(format, args...), hint)
}
