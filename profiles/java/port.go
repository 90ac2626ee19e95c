package java

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// unprivileged is the port of a server that takes it from a variable alone.
const unprivileged = 8080

// addresses are where the module may listen, for image.Port.
func addresses(in record.Input, m *module, fw framework) image.PortRequest {
	out := image.PortRequest{Default: cmp.Or(fw.Port, unprivileged)}
	switch {
	case m.made.kind == War:
		// What the app's own configuration says counts in a server of its own alone.
		out.Addresses = []image.Address{{Port: unprivileged, Pos: m.Packaging().Pos, Rule: "Tomcat's own", Link: "https://hub.docker.com/_/tomcat"}}
		return out
	case m.made.kind == Runner:
		out.Addresses = []image.Address{m.runnerAddress()}
		return out
	case fw.Name == "" || fw.off(m):
		return out
	}
	if m.config != nil {
		out.Addresses = m.served(fw)
		return out
	}
	host, hostMove := fw.host(m)
	if a, ok := fw.commanded(in); ok {
		out.Addresses = append(out.Addresses, a)
	}
	for _, key := range fw.Keys {
		if s := m.setting(key); s.Found() && !(fw.Otherwise && slices.ContainsFunc(m.listens(), fw.hands)) {
			out.Addresses = append(out.Addresses, fw.configured(m, key, s))
		}
	}
	calls := slices.DeleteFunc(m.listens(), func(l effect.Listen) bool { return len(fw.Calls) == 0 || !l.Named && !fw.hands(l) })
	slices.SortStableFunc(calls, func(a, b effect.Listen) int { // a call before a variable that nothing is seen to use
		return cmp.Compare(min(len(b.Call), 1), min(len(a.Call), 1))
	})
	for _, l := range calls {
		if a, ok := called(l); ok {
			out.Addresses = append(out.Addresses, a)
		} else if out.Unknown.IsZero() && !l.Named {
			out.Unknown = l.Pos
		}
	}
	if a, ok := m.argued(in); ok && len(out.Addresses) == 0 && !out.Unknown.IsZero() {
		out.Addresses, out.Unknown = []image.Address{a}, fact.Pos{}
	}
	known := len(out.Addresses) > 0
	if fw.Port > 0 && (known || out.Unknown.IsZero()) { // an unknown port is not the framework's default
		out.Addresses = append(out.Addresses, image.Address{
			Port: fw.Port, Pos: fw.dep.Pos, Rule: "the default of " + fw.Name, Link: fw.Source,
			Move: image.Move{Env: fw.Env}, Evidence: fw.Name + " without a port",
		})
	} else if !known && out.Unknown.IsZero() {
		out.Unknown, out.UnknownText = fw.dep.Pos, fw.Name+" is a server, and nothing in the repository says on which port it listens"
	}
	for _, x := range fw.Also {
		if a, ok := x.address(m, fw.Source); ok && len(out.Addresses) > 0 {
			out.Addresses = append(out.Addresses, a)
		}
	}
	for i := range out.Addresses {
		if a := &out.Addresses[i]; a.Host == "" && !a.Also {
			a.Host, a.HostMove = host, hostMove
		}
	}
	return out
}

// off reports whether the configuration says that the framework opens no port:
// https://docs.spring.io/spring-boot/how-to/webserver.html#howto.webserver.disable.
func (fw framework) off(m *module) bool {
	return fw.Name == "spring-boot" && (strings.EqualFold(m.setting("spring.main.web-application-type").Value, "none") || m.setting("server.port").Value == "-1")
}

// commanded is the port that the start command of the user's own names:
// -Dserver.port=9000 or --server.port=9000, which count before variables.
func (fw framework) commanded(in record.Input) (image.Address, bool) {
	for _, word := range in.Settings.Start {
		for _, key := range fw.Keys {
			for _, prefix := range []string{"-D", "--"} {
				if value, ok := strings.CutPrefix(word, prefix+key+"="); ok && atoi(value) > 0 && atoi(value) < 65536 {
					return image.Address{Port: atoi(value), Pos: in.Settings.Pos("start"), Rule: prefix + key + " of the start command"}, true
				}
			}
		}
	}
	return image.Address{}, false
}

// argued is the port that the program's arguments name, for code that takes it from there.
func (m *module) argued(in record.Input) (image.Address, bool) {
	words, pos, of := m.args, m.argsAt, "the program's arguments"
	if s := in.Settings.Start; len(s) > 0 {
		words, pos, of = s, in.Settings.Pos("start"), "the start command"
	}
	for i, w := range words {
		name, value, joined := strings.Cut(w, "=")
		if !joined && i+1 < len(words) {
			value = words[i+1]
		}
		if slices.Contains([]string{"--port", "-port", "--http-port", "--server-port", "--http.port", "--server.port"}, name) && atoi(value) > 0 && atoi(value) < 65536 {
			return image.Address{Port: atoi(value), Pos: pos, Rule: name + " of " + of}, true
		}
	}
	return image.Address{}, false
}

// host is the address that the configuration names, and what moves it.
func (fw framework) host(m *module) (string, image.Move) {
	for _, key := range fw.Address.Keys {
		if s := m.setting(key); s.Found() {
			v, _ := expandPlaceholders(m, s.Value, 0)
			return v, image.Move{Env: fw.Address.Env}
		}
	}
	return "", image.Move{}
}

// configured is the port of a key of the configuration. The variable of a
// placeholder moves it, or else the framework's own, which counts before the
// files.
func (fw framework) configured(m *module, key string, s fact.Fact[string]) image.Address {
	value, env := expandPlaceholders(m, s.Value, 0)
	a := image.Address{Pos: s.Pos, Rule: key, Link: fw.Source, Move: image.Move{Env: fw.Env}}
	if plan.IsEnvName(env) {
		a.Move.Env = env
	}
	if n := atoi(value); n > 0 && n < 65536 {
		a.Port = n
	}
	return a
}

// called is the address of a call that listens; ok is false if the source does
// not say its port.
func called(l effect.Listen) (a image.Address, ok bool) {
	host, port := l.Addr.Host, l.Addr.Port
	a = image.Address{
		Port: atoi(port.Text), Host: host.Text, Pos: l.Pos, Rule: "the port handed to " + short(l.Call), Also: !l.Named,
		Move: image.Move{Env: port.Env, Flag: systemFlag(port.Flag)}, HostMove: image.Move{Env: host.Env, Flag: systemFlag(host.Flag)},
	}
	switch {
	case port.Env != "":
		a.Rule = "the default of " + port.Env
	case a.Move.Flag != "":
		a.Rule = "the default of " + strings.TrimSuffix(a.Move.Flag, "=")
	}
	return a, port.Known() && (a.Port > 0 || a.Move.Env != "" || a.Move.Flag != "")
}

// systemFlag is the option of java that sets a system property; "" for a name
// that no command should hold.
func systemFlag(flag string) string {
	if name, ok := strings.CutPrefix(flag, "-D"); ok && className(strings.TrimSuffix(name, "=")) {
		return flag
	}
	return ""
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

// expandPlaceholders fills in ${NAME:default}, and @property@ or #property# of Maven, of a configuration
// value. env is the variable that it is read from, value its default.
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.property-placeholders
func expandPlaceholders(m *module, s string, depth int) (value, env string) {
	s = strings.TrimSpace(s)
	if len(s) > 2 && (s[0] == '@' || s[0] == '#') && s[len(s)-1] == s[0] {
		return m.POM.Filtered(s[1 : len(s)-1]).Value, ""
	}
	if !strings.HasPrefix(s, "${") || !strings.HasSuffix(s, "}") || depth > 8 {
		return s, ""
	}
	name, otherwise, has := strings.Cut(s[2:len(s)-1], ":")
	if other := m.setting(name); other.Found() {
		return expandPlaceholders(m, other.Value, depth+1)
	}
	if has {
		value, _ = expandPlaceholders(m, otherwise, depth+1)
	}
	return value, strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(name))
}
