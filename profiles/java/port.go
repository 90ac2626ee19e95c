package java

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// ports are what the app listens on and the variables that make it so.
type ports struct {
	list []plan.Port
	env  []plan.Env
	fw   framework
}

// unprivileged is the port for a server that would want one below 1024.
const unprivileged = 8080

func decidePort(in record.Input, m *module) (ports, error) {
	fw, dep, err := frameworkOf(m)
	if err != nil {
		return ports{}, err
	}
	out := ports{fw: fw}
	if t := m.setting("spring.main.web-application-type"); strings.EqualFold(t.Value, "none") && fw.Name == "spring-boot" {
		return ports{}, nil
	}
	var list []record.Option
	if n := in.Settings.Port; n > 0 {
		list = append(list, record.Option{Value: strconv.Itoa(n), Pos: in.Settings.Pos("port"), Rule: "asked for"})
	}
	if fw.Name == "" {
		if len(list) == 0 && m.made.kind == War {
			out.list = []plan.Port{unprivileged}
			in.Log.Choose(plan.Choice{Key: "port", Value: "8080", Rule: "Tomcat's own", Link: "https://hub.docker.com/_/tomcat"})
		}
		if len(list) == 0 {
			return out, nil
		}
		out.list = []plan.Port{plan.Port(in.Settings.Port)}
		in.Log.Choose(plan.Choice{Key: "port", Value: list[0].Value, Rule: list[0].Rule, Pos: record.At(list[0].Pos)})
		return out, nil
	}
	for _, key := range fw.Keys {
		s := m.setting(key)
		if !s.Found() {
			continue
		}
		value, env := placeholder(m, s.Value, 0)
		n := atoi(value)
		switch {
		case n > 0 && n < 65536:
			list = append(list, record.Option{Value: value, Pos: s.Pos, Rule: key})
		case env != "" && value == "":
			// Without the variable the app would not start.
			n := cmp.Or(fw.Port, unprivileged)
			e, err := plan.NewEnv(env, strconv.Itoa(n))
			if err != nil {
				return out, fact.Errorf(s.Pos, "%s: %w", key, err)
			}
			out.env = append(out.env, e)
			list = append(list, record.Option{Value: strconv.Itoa(n), Pos: s.Pos, Rule: key + " is read from " + env + ", which the image sets"})
		default:
			in.Log.Note(s.Pos, "the port "+plan.Printable(s.Value, 40)+" is not one that dockgen can read", "--set port=8080 names it")
		}
	}
	var more []plan.Port
	calls := m.listens()
	slices.SortStableFunc(calls, func(a, b effect.Listen) int { // a call before a variable that nothing is seen to use
		return cmp.Compare(min(len(b.Call), 1), min(len(a.Call), 1))
	})
	var loopback, unknown *effect.Listen
	for i, l := range calls {
		port := l.Addr.Port
		if !port.Known() && !l.Named && fw.hands(l) {
			unknown = cmp.Or(unknown, &calls[i])
		}
		if port.Text == "" || l.Named && len(fw.Calls) == 0 || !l.Named && !fw.hands(l) {
			continue
		}
		if h := l.Addr.Host; h.Sure == effect.Literal && isLoopback(h.Text) {
			loopback = cmp.Or(loopback, &calls[i])
			continue
		}
		rule := "the port handed to " + short(l.Call)
		if port.Env != "" {
			rule = "the default where " + port.Env + " is not set"
		}
		list = append(list, record.Option{Value: port.Text, Pos: l.Pos, Rule: rule})
		if !l.Named && port.Env == "" {
			more = append(more, plan.Port(atoi(port.Text)))
		}
	}
	if loopback != nil && len(more) == 0 && !slices.ContainsFunc(list, func(c record.Option) bool { return c.Pos.File == loopback.Pos.File }) {
		return out, record.Refuse(loopback.Pos, "listen on every interface, or take the host from a variable",
			"listens on %s only, which nothing outside of the container reaches", plan.Printable(loopback.Addr.Host.Text, 40))
	}
	switch {
	case unknown != nil && len(list) == 0: // the framework's default is not it
		in.Log.Note(unknown.Pos, "listens, and the source does not say on which port", "--set port=8080 names it")
		return out, nil
	case fw.Port > 0:
		list = append(list, record.Option{Value: strconv.Itoa(fw.Port), Pos: dep.Pos, Rule: "the default of " + fw.Name})
	}
	win, rejected, ok := record.First(list...)
	if !ok {
		in.Log.Note(dep.Pos, fw.Name+" is a server, and nothing in the repository says on which port it listens", "--set port=8080 names it")
		return ports{fw: fw}, nil
	}
	input := ""
	if win.Rule == "the default of "+fw.Name {
		input = fw.Name + " without a port"
	}
	value := atoi(win.Value)
	if value < 1024 && fw.Env != "" {
		rejected = append(rejected, plan.Rejected{Value: win.Value, Pos: record.At(win.Pos), Why: "a port below 1024 is for root; " + fw.Env + " moves it"})
		win.Rule, value = fw.Env+", which the image sets, counts before "+win.Rule, unprivileged
	}
	value = atoi(in.Log.Choose(plan.Choice{Key: "port", Value: strconv.Itoa(value), Rule: win.Rule, Pos: record.At(win.Pos), Rejected: dedupe(rejected, strconv.Itoa(value)), Link: fw.Source, Evidence: input}))
	if fw.Env != "" && strconv.Itoa(value) != natural(list, in.Settings.Port) {
		e, err := plan.NewEnv(fw.Env, strconv.Itoa(value))
		if err != nil {
			return out, err
		}
		out.env = append(out.env, e)
	}
	out.list = append([]plan.Port{plan.Port(value)}, more...)
	out.list = slices.Compact(slices.Sorted(slices.Values(out.list)))
	if i := slices.Index(out.list, plan.Port(value)); i > 0 { // the chosen one first
		out.list = slices.Concat(out.list[i:i+1], out.list[:i], out.list[i+1:])
	}
	for _, key := range fw.Address.Keys {
		s := m.setting(key)
		v, _ := placeholder(m, s.Value, 0)
		if isLoopback(v) {
			e, err := plan.NewEnv(fw.Address.Env, "0.0.0.0")
			if err != nil {
				return out, err
			}
			out.env = append(out.env, e)
			in.Log.Choose(plan.Choice{Key: "address", Value: "0.0.0.0", Rule: fw.Address.Env + " counts before " + key + ", which nobody outside of the container could reach", Pos: record.At(s.Pos), Rejected: []plan.Rejected{{Value: v, Why: "is the container's own loopback"}}})
		}
	}
	return out, nil
}

func isLoopback(host string) bool {
	return host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1"
}

// short is the class and method of a call with its package: "HttpServer.create".
func short(call string) string {
	parts := strings.Split(call, ".")
	for i, p := range parts {
		if p != "" && p[0] >= 'A' && p[0] <= 'Z' {
			return strings.Join(parts[i:], ".")
		}
	}
	return parts[len(parts)-1]
}

// natural is the port that the app takes by itself, whatever was asked for.
func natural(list []record.Option, asked int) string {
	if asked > 0 {
		list = list[1:]
	}
	if len(list) == 0 {
		return ""
	}
	return list[0].Value
}

// dedupe drops rejected that say what won, and all but the first of each value.
func dedupe(list []plan.Rejected, won string) []plan.Rejected {
	var out []plan.Rejected
	for _, c := range list {
		if c.Value != won && !slices.ContainsFunc(out, func(o plan.Rejected) bool { return o.Value == c.Value }) {
			out = append(out, c)
		}
	}
	return out
}

// placeholder fills in ${NAME:default} and @property@ of a configuration
// value. env is the variable that it is read from, value its default.
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.property-placeholders
func placeholder(m *module, s string, depth int) (value, env string) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "@") && strings.HasSuffix(s, "@") && len(s) > 2 {
		return m.Property(s[1 : len(s)-1]).Value, ""
	}
	if !strings.HasPrefix(s, "${") || !strings.HasSuffix(s, "}") || depth > 8 {
		return s, ""
	}
	name, otherwise, has := strings.Cut(s[2:len(s)-1], ":")
	if other := m.setting(name); other.Found() {
		return placeholder(m, other.Value, depth+1)
	}
	if has {
		value, _ = placeholder(m, otherwise, depth+1)
		return value, name
	}
	return "", strings.ToUpper(strings.NewReplacer(".", "_", "-", "").Replace(name))
}
