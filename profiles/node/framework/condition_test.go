package framework

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/internal/table"
)

// TestConditionKinds holds a condition to exactly one kind.
func TestConditionKinds(t *testing.T) {
	for text, want := range map[string]string{
		`{is: {setting: [next, output], value: export}}`:                  "",
		`{other: {setting: [nitro, preset], values: [node]}}`:             "",
		`{set: [svelte, kit]}`:                                            "",
		`{perhaps: [react-router, prerender]}`:                            "",
		`{runs: {script: build, commands: [nuxt generate]}}`:              "",
		`{imports: {tool: vite, modules: [a]}}`:                           "",
		`{package: {name: srvx, from: 1}}`:                                "",
		`{hoisted: srvx}`:                                                 "",
		`{flat: true}`:                                                    "",
		`{angular: server}`:                                               "",
		`{}`:                                                              "0 kinds",
		`{flat: false}`:                                                   "0 kinds",
		`{set: [a, b], flat: true}`:                                       "2 kinds",
		`{hoisted: a, angular: server, set: [a, b]}`:                      "3 kinds",
		`{setting: [next, output], is: export}`:                           "not found",
		`{is: {setting: [next, output], values: [export]}}`:               "not found",
		`{runs: {script: build, commands: [nuxt generate], set: [a, b]}}`: "not found",
	} {
		c, err := table.Decode[condition]("frameworks.yaml", []byte(text))
		if err == nil {
			_, err = c.test()
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
