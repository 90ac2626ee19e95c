package script

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Binary takes off what a package manager runs a program of node_modules/.bin
// with, and that folder.
func Binary(words []string) []string {
	if len(words) > 2 && slices.Contains([]string{"npm", "pnpm", "yarn", "bun"}, words[0]) && (words[1] == "exec" || words[1] == "x") {
		words = words[2:]
		if words[0] == "--" {
			words = words[1:]
		}
	}
	if len(words) > 0 && strings.Contains(words[0], "node_modules/.bin/") {
		words = append([]string{path.Base(words[0])}, words[1:]...)
	}
	if i := slices.IndexFunc(words, func(w string) bool { return !strings.HasPrefix(w, "-") && w != "node" }); i > 0 && words[0] == "node" && binFile.MatchString(words[i]) {
		words = append([]string{binFile.FindStringSubmatch(words[i])[1]}, words[i+1:]...)
	}
	return words
}

// binFile matches the file of a package that its program is, started by Node itself: node --max-old-space-size=8192 node_modules/vite/bin/vite.js build.
var binFile = lazy.MustCompile(`(?:^|/)node_modules/(?:.+/)?\.?bin/([a-z][\w-]*)(?:\.[cm]?js)?$`)

// Runs reports whether words start with one of the commands. A command of one
// word, like vite, is run only by itself or with flags: vite build is another.
func Runs(words, commands []string) bool {
	return slices.ContainsFunc(commands, func(c string) bool {
		want := strings.Fields(c)
		if len(words) < len(want) {
			return false
		}
		for i, w := range want {
			if words[i] != w && !(strings.Contains(w, "/") && path.Clean(words[i]) == path.Clean(w)) {
				return false
			}
		}
		return len(want) > 1 || len(words) == 1 || strings.HasPrefix(words[1], "-") || words[1] == "" ||
			strings.ContainsAny(words[1], "./") || oneCommand[want[0]]
	})
}

// oneCommand are the programs whose first argument is never a command.
var oneCommand = map[string]bool{"remix-serve": true, "react-router-serve": true, "srvx": true, "tsc": true} //nolint:gochecknoglobals // a constant table

// Flag returns the value of the first of the flags that words have, written
// --flag value or --flag=value.
func Flag(words, flags []string) (string, bool) {
	for i, w := range words {
		for _, f := range flags {
			if w == f && i+1 < len(words) && !strings.HasPrefix(words[i+1], "-") && words[i+1] != "" {
				return words[i+1], true
			}
			if v, ok := strings.CutPrefix(w, f+"="); ok {
				return v, true
			}
		}
	}
	return "", false
}

// Missing returns flags without those, and the values after them, that words
// already have.
func Missing(words, flags []string) []string {
	var out []string
	for i := 0; i < len(flags); i++ {
		hasValue := i+1 < len(flags) && !strings.HasPrefix(flags[i+1], "-")
		if v, ok := Flag(words, flags[i:i+1]); ok && (!hasValue || v == flags[i+1]) || !hasValue && slices.Contains(words, flags[i]) {
			if hasValue {
				i++
			}
			continue
		}
		out = append(out, flags[i])
	}
	return out
}

// Argument returns the first word after the command that is neither a flag
// nor a flag's value.
func Argument(words, commands []string) string {
	for _, c := range commands {
		want := strings.Fields(c)
		if len(words) <= len(want) || !slices.Equal(words[:len(want)], want) {
			continue
		}
		if a := words[len(want)]; !strings.HasPrefix(a, "-") {
			return a
		}
	}
	return ""
}

// Port is the port that a command's own words name, 0 for none.
func Port(argv []string) int {
	n, _ := portWord(argv)
	return n
}

// SetPort is a command with another port in place of the one that Port finds.
func SetPort(argv []string, port int) []string {
	old, i := portWord(argv)
	if old == 0 {
		return argv
	}
	out := slices.Clone(argv)
	out[i] = strings.TrimSuffix(out[i], strconv.Itoa(old)) + strconv.Itoa(port)
	return out
}

// shortPort are the flags of one letter that name the port, by the program or the
// package that has them: of others they may mean anything.
var shortPort = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"serve":           {"-l", "-p"}, // https://github.com/vercel/serve/blob/main/source/utilities/cli.ts
	"http-server":     {"-p"},       // https://github.com/http-party/http-server#available-options
	"sirv":            {"-p"},       // https://github.com/lukeed/sirv/tree/master/packages/sirv-cli#usage
	"superstatic":     {"-p"},       // https://github.com/firebase/superstatic#cli
	"json-server":     {"-p"},       // https://github.com/typicode/json-server#cli
	"next":            {"-p"},       // https://nextjs.org/docs/app/api-reference/cli/next#next-start-options
	"nuxt":            {"-p"},       // https://nuxt.com/docs/api/commands/dev
	"nuxi":            {"-p"},
	"nitro":           {"-p"}, // https://nitro.build/guide/cli
	"nitropack":       {"-p"},
	"blitz":           {"-p"}, // https://blitzjs.com/docs/cli-start
	"fastify":         {"-p"}, // https://github.com/fastify/fastify-cli#options
	"gatsby":          {"-p"}, // https://www.gatsbyjs.com/docs/reference/gatsby-cli/#serve
	"docusaurus":      {"-p"}, // https://docusaurus.io/docs/cli#docusaurus-serve-sitedir
	"medusa":          {"-p"}, // https://docs.medusajs.com/resources/medusa-cli/commands/start-build
	"node-red":        {"-p"}, // https://nodered.org/docs/getting-started/local#command-line-usage
	"probot":          {"-p"}, // https://github.com/probot/probot/blob/master/src/bin/read-cli-options.ts
	"hexo":            {"-p"}, // https://hexo.io/docs/commands#server
	"parcel":          {"-p"}, // https://parceljs.org/features/cli/#parcel-serve
	"ember":           {"-p"}, // https://cli.emberjs.com/release/basic-use/cli-commands/
	"quasar":          {"-p"}, // https://quasar.dev/quasar-cli-vite/commands-list#dev
	"slidev":          {"-p"}, // https://sli.dev/builtin/cli
	"preact":          {"-p"}, // https://github.com/preactjs/preact-cli#preact-watch
	"storybook":       {"-p"}, // https://storybook.js.org/docs/api/cli-options#dev
	"start-storybook": {"-p"},
	"gridsome":        {"-p"}, // https://gridsome.org/docs/gridsome-cli/
	"sapper":          {"-p"}, // https://sapper.svelte.dev/docs#Command_line_interface
	"vuepress":        {"-p"}, // https://v2.vuepress.vuejs.org/reference/cli.html
}

// portWord is the port that a command names, and the word that it stands in; 0 for
// none.
func portWord(argv []string) (port, index int) {
	if len(argv) == 0 {
		return 0, 0
	}
	program := serverName(argv)
	for i, w := range argv {
		name, value, has := strings.Cut(w, "=")
		if name != "--port" && name != "--listen" && !slices.Contains(shortPort[program], name) {
			continue
		}
		if !has && i+1 < len(argv) {
			i++
			value = argv[i]
		}
		if j := strings.LastIndexByte(value, ':'); j >= 0 {
			value = value[j+1:]
		}
		if n, err := strconv.Atoi(value); err == nil && n > 0 && n < 65536 {
			return n, i
		}
	}
	return 0, 0
}

// hostFlags are the flags that name the address to listen on, by the program or the
// package that has them, beside --host and --hostname, which each of them may have.
var hostFlags = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"serve":         {"-l", "--listen"}, // tcp://HOST:PORT: https://github.com/vercel/serve/blob/main/source/utilities/cli.ts
	"http-server":   {"-a"},             // https://github.com/http-party/http-server#available-options
	"sirv":          {"-H"},             // https://github.com/lukeed/sirv/tree/master/packages/sirv-cli#usage
	"sirv-cli":      {"-H"},
	"superstatic":   {},                  // https://github.com/firebase/superstatic#cli
	"json-server":   {"-H"},              // https://github.com/typicode/json-server/tree/v0.17.4#cli-usage
	"next":          {"-H"},              // https://nextjs.org/docs/app/api-reference/cli/next#next-start-options
	"nuxt":          {"-H"},              // https://v2.nuxt.com/docs/features/configuration/#edit-host-and-port
	"blitz":         {"-H"},              // https://blitzjs.com/docs/cli-start
	"fastify":       {"-a", "--address"}, // https://github.com/fastify/fastify-cli#options
	"fastify-cli":   {"-a", "--address"},
	"medusa":        {"-H"}, // https://docs.medusajs.com/resources/medusa-cli/commands/start-build
	"@medusajs/cli": {"-H"},
	"srvx":          {}, // https://srvx.h3.dev/guide/cli
}

// Host is the address that a command's own words tell its server to listen on, ""
// for none or for a program that dockgen does not know.
func Host(argv []string) string {
	host, _ := hostWord(argv)
	return host
}

// SetHost is a command with another address in place of the one that Host finds.
func SetHost(argv []string, host string) []string {
	old, i := hostWord(argv)
	if old == "" {
		return argv
	}
	out := slices.Clone(argv)
	name, value, has := strings.Cut(out[i], "=")
	if !has {
		name, value = "", out[i]
	} else {
		name += "="
	}
	out[i] = name + strings.Replace(value, old, host, 1)
	return out
}

// hostWord is the address that a command names, and the word that it stands in.
func hostWord(argv []string) (host string, index int) {
	program := serverName(argv)
	flags, ok := hostFlags[program]
	if !ok {
		return "", 0
	}
	for i, w := range argv {
		name, value, has := strings.Cut(w, "=")
		if i == 0 || name != "--host" && name != "--hostname" && !slices.Contains(flags, name) {
			continue
		}
		if !has && i+1 < len(argv) {
			i++
			value = argv[i]
		}
		if name == "-l" || name == "--listen" {
			address, ok := strings.CutPrefix(value, "tcp://")
			if !ok {
				continue
			}
			value = address
			if j := strings.LastIndexByte(value, ':'); j >= 0 {
				value = value[:j]
			}
		}
		if value != "" && !strings.HasPrefix(value, "-") {
			return value, i
		}
	}
	return "", 0
}

// serverName is the program that a command runs: that of its own name, or the package
// of which node runs a file.
func serverName(argv []string) string {
	if len(argv) == 0 {
		return ""
	}
	program := path.Base(argv[0])
	if i := FileIndex(argv); program == "node" && i > 0 {
		if file, ok := strings.CutPrefix(path.Clean(argv[i]), "node_modules/"); ok {
			program = node.PackageOf(file)
		}
	}
	return program
}

// IsDevLike says that a start script is made for development, so that
// start:prod counts.
func IsDevLike(script string) bool {
	list, ok := Parse(script)
	if !ok {
		return false
	}
	argv := Unwrap(list[len(list)-1]).Argv
	if len(argv) == 0 {
		return false
	}
	if path.Ext(argv[0]) == ".sh" { // a script that watches says so by its name: sandbox/watch.sh
		return slices.ContainsFunc(NameParts(strings.TrimSuffix(path.Base(argv[0]), ".sh")), func(part string) bool {
			return slices.Contains([]string{"watch", "dev", "develop", "development", "debug"}, part)
		})
	}
	return Watches(argv[0]) || slices.Contains(argv, "--watch")
}

var placeholderScript = lazy.MustCompile(`^\s*(echo\b[^&|;]*(&&\s*exit\s+[01])?|exit\s+[01]|true|:)\s*$`)

// Placeholder reports whether a script only says that there is nothing to run,
// as npm init writes it: https://docs.npmjs.com/cli/commands/npm-init.
func Placeholder(script string) bool { return placeholderScript.MatchString(script) }

// Watches reports whether a program runs the app itself, as it is developed.
func Watches(program string) bool { return watchers[program] }

var watchers = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"nest": true, "node-dev": true, "nodemon": true, "supervisor": true, "ts-node": true, "ts-node-dev": true, "tsx": true, "tsnd": true,
}

// RunsBun reports whether a script is run by Bun.
func RunsBun(script string) bool { return bunScript.MatchString(script) }

var bunScript = lazy.MustCompile(`^(bun|bunx)\s`)
