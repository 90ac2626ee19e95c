package backing

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/profiles/plan"
)

// app adds an app to the stack, with what runs in its image beside it.
func (d *decision) app(a App, needs []need) error {
	out := plan.Service{Name: a.Name}
	var err error
	if out.Build, err = buildOf(a.Plan); err != nil {
		return err
	}
	var file Secret
	for _, n := range needs {
		s := d.serverOf(a, n)
		out.After = append(out.After, plan.Dependency{Name: s.name, Condition: plan.MustToken("service_healthy")})
		if err := d.tell(a, n, s, &out, &file); err != nil {
			return err
		}
	}
	if err := d.others(a, &out); err != nil {
		return err
	}
	d.own(a, &file)
	slices.SortFunc(out.Env, func(x, y plan.ServiceEnv) int { return cmp.Compare(x.Name.String(), y.Name.String()) })
	slices.SortFunc(file.Vars, func(x, y SecretVar) int { return cmp.Compare(x.Name, y.Name) })
	if err := d.keep(&out, file); err != nil {
		return err
	}
	beside, err := d.beside(a, &out, len(needs) > 0)
	if err != nil {
		return err
	}
	if err := d.data(a, &out); err != nil {
		return err
	}
	host := map[int]int{}
	for _, p := range a.Plan.Run.Ports {
		host[int(p)] = d.free(int(p))
		out.Ports = append(out.Ports, plan.Publish(host[int(p)], int(p)))
	}
	d.out.Stack.Services = append(append(d.out.Stack.Services, out), beside...)
	return d.dev(a, host)
}

// data keeps the folders in which an app's people keep its data: the choice "data".
func (d *decision) data(a App, out *plan.Service) error {
	i := slices.IndexFunc(a.Plan.Choices, func(c plan.Choice) bool { return c.Key == "data" })
	if i < 0 {
		return nil
	}
	for folder := range strings.FieldsSeq(a.Plan.Choices[i].Value) {
		if !path.IsAbs(folder) || strings.Contains(folder, ":") {
			continue
		}
		name := plan.NewServiceName(a.Name.String() + "-" + path.Base(folder))
		if slices.Contains(d.out.Stack.Volumes, name) {
			name = plan.NewServiceName(name.String() + "-" + strconv.Itoa(len(out.Volumes)+1))
		}
		v, err := plan.NewYAML(name.String() + ":" + folder)
		if err != nil {
			return err
		}
		d.out.Stack.Volumes, out.Volumes = append(d.out.Stack.Volumes, name), append(out.Volumes, v)
	}
	return nil
}

// buildOf is how an app's prod is built.
func buildOf(p *plan.App) (*plan.ServiceBuild, error) {
	b := &plan.ServiceBuild{Target: plan.MustToken("prod")}
	var err error
	if b.Context, err = local(p.Dir); err != nil {
		return nil, err
	}
	if p.Place != "" {
		b.Dockerfile, err = plan.NewYAML(path.Join(p.Place, "Dockerfile"))
	}
	return b, err
}

// local is a path from the repository's root on, as a compose file has it.
func local(p string) (plan.YAML, error) {
	if p != "." {
		p = "./" + p
	}
	return plan.NewYAML(p)
}

// tell gives the app the variables that say where a server is.
func (d *decision) tell(a App, n need, s *server, out *plan.Service, file *Secret) error {
	put := func(name, value string) error {
		if strings.Contains(value, hold) {
			if !slices.ContainsFunc(file.Vars, func(v SecretVar) bool { return v.Name == name }) {
				file.Vars = append(file.Vars, d.secret(name, value, s))
			}
			return nil
		}
		return addEnv(out, name, value)
	}
	all := func(set map[string]string) error {
		for name, value := range set {
			if err := put(name, s.fill(value)); err != nil {
				return err
			}
		}
		return nil
	}
	known := false
	for _, x := range n.set {
		value, ok := d.value(a, n, s, x)
		if !ok {
			continue
		}
		known = known || x.part == url || x.part == address || x.part == host
		if err := put(x.v.Name, value); err != nil {
			return err
		}
	}
	switch {
	case a.Facts.Spring && len(n.row.Spring) > 0:
		return all(n.row.Spring)
	case a.Facts.Quarkus && len(n.row.Quarkus) > 0:
		return all(n.row.Quarkus)
	case !known && len(n.row.Fallback) > 0:
		said(a, n.at, "", "no variable was found that tells the app where %s is: compose.yaml sets those that its clients read by themselves", n.row.Title)
		return all(n.row.Fallback)
	case !known:
		said(a, n.at, "add it to environment: in compose.yaml", "no variable was found that tells the app where %s is; in compose.yaml its address is %s", n.row.Title, strings.ReplaceAll(s.fill(n.row.URL), hold, "…"))
	}
	return nil
}

// value is what a variable holds; ok is false for what this server has not.
func (d *decision) value(a App, n need, s *server, x setting) (value string, ok bool) {
	switch x.part {
	case url:
		return s.address(a, n, x.v.Value), true
	case address:
		return s.fill("{host}:{port}"), true
	case host:
		return s.name.String(), true
	case port:
		return strconv.Itoa(n.row.Port), true
	case user:
		return s.user, s.user != ""
	case password:
		return hold, s.user != ""
	case database:
		return s.database, n.row.Database != ""
	case noPart:
	}
	return "", false
}

// address is the address of a server in the form of an example, or in the one of the app's client.
func (s *server) address(a App, n need, example string) string {
	u := parse(example)
	scheme := schemeOf(example)
	isGo := a.Plan.Language == "go"
	query := s.row.GoQuery
	if !isGo {
		query = ""
	}
	switch {
	case u.ok && slices.Contains(s.row.Schemes, scheme):
		if u.query != "" {
			query = strings.TrimPrefix(query+"&"+plainQuery(u.query), "&")
			query = strings.TrimSuffix(query, "&")
		}
		return s.like(u, query)
	case s.row.DSN != "" && keyedDSN(example):
		return s.fill(s.row.DSN)
	case isGo && s.row.GoURL != "":
		out := s.fill(s.row.GoURL)
		if _, q, ok := strings.Cut(example, "?"); ok && goDSN(example) {
			base, _, _ := strings.Cut(out, "?")
			out = base + "?" + q
		}
		return out
	}
	out := s.fill(s.row.URL)
	takes := func(library string) bool { return !imported(a, library, Client{}).IsZero() }
	if n.client.Scheme != "" && (takes("sqlalchemy") || takes("sqlmodel")) {
		_, rest, _ := strings.Cut(out, "://")
		out = n.client.Scheme + "://" + rest
	}
	if query != "" {
		out += "?" + query
	}
	return out
}

// like is the server's address with the scheme, the path and the query of another one.
func (s *server) like(u taken, query string) string {
	scheme := strings.TrimSuffix(u.scheme, "+srv")
	if scheme == "rediss" || scheme == "amqps" || scheme == "valkeys" || scheme == "smtps" {
		scheme = strings.TrimSuffix(scheme, "s")
	}
	out := scheme + "://"
	if s.user != "" && !strings.HasPrefix(scheme, "jdbc:") && !strings.HasPrefix(scheme, "r2dbc:") {
		out += s.user + ":" + hold + "@"
	}
	out += s.fill("{host}:{port}")
	switch {
	case s.row.Database != "":
		out += "/" + s.database
	case u.path != "" || strings.HasSuffix(u.text, "/"):
		out += "/" + u.path
	}
	if s.row.Name == "mongo" && !strings.Contains(query, "authSource=") {
		query = strings.TrimSuffix("authSource=admin&"+query, "&")
	}
	if query != "" {
		out += "?" + query
	}
	return out
}

// taken is an address taken apart.
type taken struct {
	text, scheme, user, path, query string
	ok                              bool
}

// parse takes an address apart; one that holds something that does not belong there is none.
func parse(s string) taken {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || len(s) > 500 || strings.ContainsAny(s, "\x00\n\r\"'`\\ <>") {
		return taken{}
	}
	out := taken{text: s, scheme: scheme, ok: true}
	rest, out.query, _ = strings.Cut(rest, "?")
	authority, p, _ := strings.Cut(rest, "/")
	out.path = p
	if info, _, ok := strings.Cut(authority, "@"); ok {
		out.user, _, _ = strings.Cut(info, ":")
	}
	if strings.ContainsAny(out.path, "${}") {
		out.path = ""
	}
	return out
}

// plainQuery is a query without what asks for TLS, names a user, or belongs to another cluster.
func plainQuery(q string) string {
	var out []string
	for pair := range strings.SplitSeq(q, "&") {
		name, value, _ := strings.Cut(strings.ToLower(pair), "=")
		switch {
		case strings.HasPrefix(name, "ssl"), strings.HasPrefix(name, "tls"), strings.HasPrefix(name, "usessl"), name == "user", name == "username", name == "password", name == "channel_binding",
			name == "replicaset", name == "retrywrites", name == "w", name == "appname", name == "directconnection", name == "authsource", name == "pgbouncer", strings.ContainsAny(value, "${}"):
		default:
			out = append(out, pair)
		}
	}
	return strings.Join(out, "&")
}

// goDSN reports whether a text is an address as the MySQL driver of Go has it.
func goDSN(s string) bool { return strings.Contains(s, "@tcp(") }

// keyedDSN reports whether a text is an address of keys and values, as libpq has it.
func keyedDSN(s string) bool {
	return strings.Contains(s, "host=") && (strings.Contains(s, "dbname=") || strings.Contains(s, "user="))
}

// own gives the app random texts for the secrets that nobody else has to know.
func (d *decision) own(a App, file *Secret) {
	if a.Facts == nil || a.Plan.Kind == plan.Site {
		return
	}
	for _, v := range a.Facts.Vars {
		if slices.Contains(d.table.Own, v.Name) && !slices.ContainsFunc(file.Vars, func(x SecretVar) bool { return x.Name == v.Name }) {
			file.Vars = append(file.Vars, SecretVar{Name: v.Name})
		}
	}
}

// follow lets an app start after those whose names are in its addresses: a web server ends where it does not find the name of one.
func (d *decision) follow() {
	services := map[string]*plan.Service{}
	for i := range d.out.Stack.Services {
		services[d.out.Stack.Services[i].Name.String()] = &d.out.Stack.Services[i]
	}
	waits := func(from, to string) bool {
		seen, queue := map[string]bool{from: true}, []string{from}
		for n := 0; n < len(queue); n++ {
			if s := services[queue[n]]; s != nil {
				for _, x := range s.After {
					if name := x.Name.String(); !seen[name] {
						seen[name] = true
						queue = append(queue, name)
					}
				}
			}
		}
		return seen[to]
	}
	for _, a := range d.apps {
		s := services[a.Name.String()]
		var values []string
		for _, e := range s.Env {
			values = append(values, e.Value.Raw())
		}
		for _, e := range a.Plan.Run.Env {
			values = append(values, e.Value.Raw())
		}
		for _, b := range d.apps {
			name := b.Name.String()
			named := func(v string) bool { return strings.Contains(v, "//"+name+":") || strings.HasPrefix(v, name+":") }
			if a.Name != b.Name && slices.ContainsFunc(values, named) && !waits(name, a.Name.String()) {
				s.After = append(slices.Clip(s.After), plan.Dependency{Name: b.Name, Condition: plan.MustToken("service_started")})
			}
		}
	}
}

// browsers are the beginnings of variables whose value ends up in pages: the name of a service means nothing to a browser.
var browsers = []string{"VITE_", "NEXT_PUBLIC_", "REACT_APP_", "PUBLIC_", "NUXT_PUBLIC_", "EXPO_", "GATSBY_", "VUE_APP_", "NG_APP_", "STORYBOOK_"} //nolint:gochecknoglobals // a constant table

// others gives the app the addresses of the other apps: a variable with an address of this machine and the port of one of them.
func (d *decision) others(a App, out *plan.Service) error {
	if a.Facts == nil || a.Plan.Kind == plan.Site {
		return nil
	}
	for _, v := range a.Facts.Vars {
		scheme, rest, ok := strings.Cut(v.Value, "://")
		if !ok || scheme != "http" && scheme != "https" && scheme != "grpc" && scheme != "ws" || !plan.IsEnvName(v.Name) ||
			slices.ContainsFunc(browsers, func(p string) bool { return strings.HasPrefix(v.Name, p) }) || !asks(v.Name) {
			continue
		}
		authority, p, below := strings.Cut(rest, "/")
		name, number, _ := strings.Cut(authority, ":")
		if name != "localhost" && name != "127.0.0.1" || parse(v.Value).query != "" {
			continue
		}
		for _, b := range d.apps {
			if b.Name == a.Name || !slices.ContainsFunc(b.Plan.Run.Ports, func(x plan.Port) bool { return x.String() == number }) {
				continue
			}
			value := strings.TrimSuffix(scheme, "s") + "://" + b.Name.String() + ":" + number
			if scheme == "ws" {
				value = "ws" + strings.TrimPrefix(value, "w")
			}
			if below {
				value += "/" + p
			}
			if err := addEnv(out, v.Name, value); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// asks reports whether a variable's name says that the server itself asks there.
func asks(name string) bool {
	words := strings.Split(name, "_")
	for _, w := range []string{"ORIGIN", "ORIGINS", "CORS", "CALLBACK", "REDIRECT", "PUBLIC", "FRONTEND", "CLIENT", "SITE", "NEXTAUTH", "AUTH"} {
		if slices.Contains(words, w) {
			return false
		}
	}
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"API", "BACKEND", "SERVICE", "SERVER", "UPSTREAM", "INTERNAL", "SVC", "HOST", "ENDPOINT"}, w)
	})
}

// beside are the services of what runs in an image of the app beside it. One that ends has ended before the app starts.
func (d *decision) beside(a App, app *plan.Service, backed bool) ([]plan.Service, error) {
	var out []plan.Service
	var before []plan.Dependency
	after := app.After
	several := len(d.apps) > 1
	for _, ends := range []bool{true, false} {
		for _, x := range a.Plan.Beside {
			if x.Ends != ends || ends && (!backed || !Migrates(x)) {
				continue
			}
			name := plan.NewServiceName(x.Name).String()
			if ends {
				name = "migrate"
			}
			if several || d.names[name] {
				name = a.Name.String() + "-" + name
			}
			build := app.Build
			if x.Dev {
				dev := *build
				dev.Target = plan.MustToken("dev")
				build = &dev
			}
			s := plan.Service{Name: plan.NewServiceName(name), Build: build, Env: app.Env, EnvFile: app.EnvFile, After: slices.Concat(after, before)}
			if d.names[s.Name.String()] {
				continue
			}
			d.names[s.Name.String()] = true
			var err error
			if s.Entry, err = plan.YAMLs(x.Entry...); err != nil {
				return nil, err
			}
			if s.Command, err = plan.YAMLs(x.Cmd...); err != nil {
				return nil, err
			}
			out = append(out, s)
			if ends {
				before = append(before, plan.Dependency{Name: s.Name, Condition: plan.MustToken("service_completed_successfully")})
			}
		}
	}
	app.After = append(slices.Clip(app.After), before...)
	return out, nil
}

// Migrates reports whether a command that a release begins with is for the database.
func Migrates(x plan.Process) bool {
	text := strings.ToLower(x.Name + " " + strings.Join(x.Cmd, " "))
	for _, w := range []string{"seed", "createsuperuser", "collectstatic"} {
		if strings.Contains(text, w) {
			return strings.Contains(text, "migrat")
		}
	}
	return strings.Contains(text, "migrat") || strings.Contains(text, "release") || strings.Contains(text, "upgrade") || strings.Contains(text, "db push")
}

// dev adds what compose.dev.yaml says of an app. host has the ports of the host that it has already.
func (d *decision) dev(a App, host map[int]int) error {
	if a.Dev == nil {
		return nil
	}
	out := plan.DevService{Name: a.Name}
	var ports []int
	for _, p := range a.Plan.Run.Ports {
		ports = append(ports, int(p))
	}
	var published []plan.YAML
	for _, p := range a.Dev.Ports {
		at, ok := host[p]
		if !ok {
			at = d.free(p)
		}
		published = append(published, plan.Publish(at, p))
	}
	d.published[a.Name] = published
	if !slices.Equal(ports, a.Dev.Ports) {
		out.Ports = published
	}
	from, err := local(path.Join(a.Plan.Dir, a.Dev.Source))
	if err != nil {
		return err
	}
	to, err := plan.NewYAML(a.Dev.Workdir)
	if err != nil {
		return err
	}
	out.Sync = []plan.Sync{{Path: from, Target: to}}
	for _, p := range a.Dev.Rebuild {
		y, err := local(path.Join(a.Plan.Dir, p))
		if err != nil {
			return err
		}
		out.Rebuild = append(out.Rebuild, y)
	}
	d.out.Stack.Dev = append(d.out.Stack.Dev, out)
	return nil
}

// share has the development server of a site and the apps that it passes paths on to at localhost run in one network, that of the first of them: in a
// container of its own, localhost is only itself. That has the names of the others there.
func (d *decision) share() {
	for _, site := range d.apps {
		if site.Dev == nil || len(site.Plan.Passes) == 0 {
			continue
		}
		var group []*plan.DevService
		var ports []int
		for _, a := range d.apps {
			asked := a.Dev != nil && slices.ContainsFunc(site.Plan.Passes, func(p plan.Port) bool { return slices.Contains(a.Dev.Ports, int(p)) })
			if dev := d.devOf(a.Name); asked && a.Name != site.Name && dev != nil {
				group, ports = append(group, dev), append(ports, a.Dev.Ports...)
			}
		}
		group, ports = append(group, d.devOf(site.Name)), append(ports, site.Dev.Ports...)
		if len(group) == 1 || !d.joins(group, ports) {
			continue
		}
		first := group[0]
		first.Ports = slices.Clone(d.published[first.Name])
		for _, s := range group[1:] {
			first.Ports, first.Aliases = append(first.Ports, d.published[s.Name]...), append(first.Aliases, s.Name)
			s.Network, s.Ports = first.Name, nil
		}
	}
}

// joins reports whether services can be in one network: none of them is in another, their ports differ, and the first, which comes before the others, waits for none.
func (d *decision) joins(list []*plan.DevService, ports []int) bool {
	slices.Sort(ports)
	for i, p := range ports {
		if i > 0 && p == ports[i-1] {
			return false
		}
	}
	for _, s := range list {
		if s == nil || s.Network.String() != "" || len(s.Aliases) > 0 {
			return false
		}
	}
	i := slices.IndexFunc(d.out.Stack.Services, func(s plan.Service) bool { return s.Name == list[0].Name })
	return i >= 0 && !slices.ContainsFunc(d.out.Stack.Services[i].After, func(x plan.Dependency) bool {
		return slices.ContainsFunc(list, func(s *plan.DevService) bool { return s.Name == x.Name })
	})
}

// devOf is what compose.dev.yaml says of an app, nil for nothing.
func (d *decision) devOf(name plan.ServiceName) *plan.DevService {
	i := slices.IndexFunc(d.out.Stack.Dev, func(x plan.DevService) bool { return x.Name == name })
	if i < 0 {
		return nil
	}
	return &d.out.Stack.Dev[i]
}
