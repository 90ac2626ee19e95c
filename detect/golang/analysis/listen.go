package analysis

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/internal/lazy"
)

// address is what a value says as an address to listen on.
type address struct {
	effect.Addr
	// other says that the value is surely no address: its text has no port.
	other bool
}

// addresses reads the alternatives of one place. An address that a variable
// or a flag decides comes before the literal that it replaces, which is its
// default if it has none.
func addresses(vals []value) []address {
	var out, literals []address
	decided := -1
	for _, v := range vals {
		a := addressOf(v)
		if v.plain() && a.Known() {
			literals = append(literals, a)
			continue
		}
		if a.Known() && decided < 0 {
			decided = len(out)
		}
		out = append(out, a)
	}
	if i := slices.IndexFunc(vals, isUnset); i >= 0 && decided < 0 && len(literals) > 0 {
		return []address{unsetFlag(vals[i][0], literals, vals)}
	}
	if decided < 0 {
		return append(literals, out...)
	}
	if port := &out[decided].Port; port.Env != "" && !port.HasDefault() && !isRequired(vals) && len(literals) > 0 {
		port.Text = literals[0].Port.Text
	}
	return out
}

// isUnset reports whether a value is a flag's, with an empty default.
func isUnset(v value) bool { return len(v) == 1 && v[0].flag != "" && v[0].text == "" }

// unsetFlag is the address behind a flag with an empty default. The program
// then uses one of the literals; the last port above 1023 is preferred.
func unsetFlag(flag part, literals []address, vals []value) address {
	a := literals[len(literals)-1]
	for _, l := range literals {
		if n, _ := strconv.Atoi(l.Port.Text); n >= 1024 {
			a = l
		}
	}
	a.Port = flag.decides(a.Port)
	if slices.ContainsFunc(vals, func(v value) bool { return v.plain() && strings.Contains(v.prefix(), ":") }) {
		a.Host = flag.decides(a.Host)
	}
	return a
}

// decides is a value that the part's variable or flag overrides.
func (p part) decides(v effect.Value) effect.Value {
	v.Sure, v.Env, v.Flag = effect.Default, p.env, p.flag
	return v
}

func isRequired(vals []value) bool {
	return slices.ContainsFunc(vals, func(v value) bool {
		return slices.ContainsFunc(v, func(p part) bool { return p.required })
	})
}

var portPattern = lazy.MustCompile(`^[0-9]{1,5}$`)

// missing stands for the text of a variable that has no default.
const missing = "\x00"

// addressOf reads host and port out of a value: ":8080", "8080" (some servers
// take that), "localhost:" + port.
func addressOf(v value) address {
	var s strings.Builder
	for _, p := range v {
		switch {
		case p.unknown:
			return address{}
		case p.env != "" && !p.has:
			s.WriteString(missing)
		default:
			s.WriteString(p.text)
		}
	}
	if len(v) == 0 {
		return address{other: true}
	}
	host, port := "", s.String()
	if i := strings.LastIndexByte(port, ':'); i >= 0 {
		host, port = port[:i], port[i+1:]
	}
	switch port {
	case missing:
		port = ""
	case "http":
		port = "80"
	case "https":
		port = "443"
	}
	if n, err := strconv.Atoi(port); port != "" && (!portPattern.MatchString(port) || err != nil || n > 65535) || port == "" && !strings.HasSuffix(s.String(), missing) {
		return address{other: true}
	}
	if strings.Contains(host, missing) { // nothing decides the host, so every interface
		host = ""
	}
	var a address
	a.Host = effect.Value{Text: strings.Trim(host, "[]"), Sure: effect.Literal}
	a.Port = effect.Value{Text: port, Sure: effect.Literal}
	for _, p := range v {
		if !p.at.IsZero() {
			a.File = p.at
		}
	}
	first, last := v[0], v[len(v)-1]
	if last.env+last.flag != "" {
		a.Port = last.decides(a.Port)
	}
	switch whole := strings.Contains(first.text, ":"); {
	case first.env+first.flag == "":
	case len(v) > 1 && !whole, len(v) == 1 && (whole || first.env != ""):
		a.Host = first.decides(a.Host)
	}
	return a
}
