package shell_test

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/shell"
)

// TestUser: what only root does is not read where another user runs the text, and nothing behind what that user always comes to.
func TestUser(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`if [ "$(id -u)" = 0 ]; then r; else o; fi; l`, "o l"},
		{`if [ "$(id -u)" -eq 0 ]; then r; fi; exec l`, "exec l"},
		{`if [ $(id -u) != "0" ]; then exec o; fi; r`, "exec o"},
		{"if [ `id -u` -ne 0 ] || [ `id -g` -ne 0 ]; then o; else r; fi", "o"},
		{`me=$(id -u); if [ $me != '0' ] || [ x = y ]; then o; else r; fi`, "o"},
		{`if [[ $EUID -eq 0 && -n $X ]]; then r; fi; l`, "l"},
		{`if [[ "$EUID" == 0 || -n $X ]]; then b; fi`, "b?"},
		{`if (( EUID == 0 )); then r; else o; fi`, "o"},
		{`if ! [ "$(id -u)" = 0 ]; then o; fi`, "o"},
		{`[ "$(whoami)" = root ] && r; l`, "l"},
		{`[ "$(id -un)" != root ] || r; l`, "[ l"},
		{`[ "$(id -u)" -gt 0 ] && o`, "[ o"},
		{`if [ 0 -lt "$UID" ]; then o; fi`, "o"},
		{`if [ "$(id -u app)" -ne "$PUID" ]; then b; fi`, "id [ b?"},
		{`if [ "$(id -u)" = "$PUID" ]; then b; else c; fi`, "[ b? c?"},
		{`if [ "$A" = b ]; then a; elif [ "$(id -u)" = 0 ]; then r; else o; fi`, "[ a?asked o?"},
		{`f() { exec o; }; if [ "$(id -u)" -ne 0 ]; then f; fi; r`, "exec o"},
		{`u() { usermod; }; exec l`, "exec l"},
		{`if [ "$X" = true ]; then a; fi; X=1; if [ "$X" = true ]; then b; fi`, "[ a?asked [ b?"},
		{`if [ -n "${Y}" ]; then a; fi`, "[ a?asked"},
		{`chown a || true; if ! c; then d; fi; while t; do e; done`, "chown!tried true? c!tried d? t!tried e?"},
		{`while true; do exit 1; done; l`, "true!tried exit? l"},
	} {
		s, err := shell.Read(tt.text, shell.Start{User: "65532"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range s.Commands {
			w := c.Words[0].Text
			if w == "exec" && len(c.Words) > 1 {
				w += " " + c.Words[1].Text
			}
			if c.Conditional {
				w += "?"
			}
			if c.Asked {
				w += "asked"
			}
			if c.Tried && w != "[" && w != "id" {
				w += "!tried"
			}
			got = append(got, w)
		}
		text := strings.ReplaceAll(strings.Join(got, " "), "?!tried", "?")
		if tests := strings.TrimPrefix(text, "[ "); text != tt.want && tests != tt.want {
			t.Errorf("%s: got %q, want %q", tt.text, text, tt.want)
		}
	}
}
