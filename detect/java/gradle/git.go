package gradle

import (
	"slices"
	"strings"
)

// lazily are the calls whose blocks Gradle runs only where a task needs them.
// https://docs.gradle.org/current/userguide/lazy_configuration.html
var lazily = []string{ //nolint:gochecknoglobals // a constant table
	"task", "register", "registering", "create", "creating", "named", "withType", "configureEach", "doLast", "doFirst", "provider", "onlyIf", "runCatching", "tasks",
}

// runsGit is the line of a tree that runs git: 'git describe'.execute(), exec { commandLine 'git' }, or what a provider of that is asked for.
func runsGit(n *node) int {
	if n == nil || n.kind == ifNode { // what is tried, or asked for first, does not stop the build
		return 0
	}
	if n.kind == callNode {
		s := called(n)
		name := n.kids[0].text
		switch {
		case name == "execute" && n.kids[0].kind == memberNode && isGit(n.kids[0].kids[0]):
			return n.line
		case name == "exec" && (n.kids[0].kind == nameNode || n.kids[0].kids[0].text == "project") && commandOf(s.block):
			return n.line
		case name == "get" && n.kids[0].kind == memberNode && provides(n.kids[0].kids[0]):
			return n.line
		case slices.Contains(lazily, name):
			return 0
		}
	}
	for _, k := range n.kids {
		if line := runsGit(k); line > 0 {
			return line
		}
	}
	return max(runsGit(n.block), runsGit(n.cond))
}

// isGit reports whether a command, a text or a list, is one of git.
func isGit(n *node) bool {
	if n.kind == callNode && n.kids[0].text == "listOf" && len(n.kids) > 1 {
		n = n.kids[1]
	} else if n.kind == listNode && len(n.kids) > 0 {
		n = n.kids[0]
	}
	return n.kind == strNode && len(n.parts) > 0 && !n.parts[0].code && (n.parts[0].text == "git" || strings.HasPrefix(n.parts[0].text, "git "))
}

// commandOf reports whether a block has a command line of git.
func commandOf(block *node) bool {
	if block == nil {
		return false
	}
	for _, k := range block.kids {
		if k.kind == callNode && k.kids[0].text == "commandLine" && len(k.kids) > 1 && isGit(k.kids[1]) || k.kind == assignNode && len(k.kids) > 1 && k.kids[0].text == "commandLine" && isGit(k.kids[1]) {
			return true
		}
	}
	return false
}

// provides reports whether a chain begins with providers.exec { } of git.
func provides(n *node) bool {
	for range maxChain {
		if n.kind == callNode && n.kids[0].text == "exec" {
			return commandOf(called(n).block)
		}
		if n.kind != callNode && n.kind != memberNode {
			return false
		}
		n = n.kids[0]
	}
	return false
}
