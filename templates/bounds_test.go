package templates

import (
	"strings"
	"testing"
)

// A line that BuildKit would not read is refused by the number of the line and
// its beginning.
func TestLinesFit(t *testing.T) {
	for text, want := range map[string]string{
		"FROM x\nRUN " + strings.Repeat("a", 65_000) + "\n": "",
		"FROM x\nCMD " + strings.Repeat("b", 66_000) + "\n": "Dockerfile:2: would have a line of 66005 bytes, and BuildKit reads no more than 65535; shorten what the repository gives for it: CMD bbb",
		strings.Repeat("c", 1<<20):                          "Dockerfile:1: would have a line of 1048576 bytes",
	} {
		err := fits([]byte(text))
		if (err == nil) != (want == "") || err != nil && (!strings.HasPrefix(err.Error(), want) || len(err.Error()) > 400) {
			t.Errorf("%.20s…: got %.500v, want %q", text, err, want)
		}
	}
}
