package main

import (
	"strings"
	"testing"
)

// TestAnnotation: no name and no text of a repository ends GitHub's command, begins another or reaches the terminal.
func TestAnnotation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		f    finding
		want string
	}{
		{finding{rule: "drift", file: "a/Dockerfile", line: 3, text: "x\n  y"}, "::error file=a/Dockerfile,line=3,title=dockgen%3A drift::x%0A  y"},
		{finding{rule: "note", text: "100%", warning: true}, "::warning title=dockgen%3A note::100%25"},
		{finding{rule: "error", file: "a,line=1::b\n::set-env name=X::y", text: "\r\n::stop-commands::x\n"}, "::error file=a%2Cline=1%3A%3Ab ?%3A%3Aset-env"},
		{finding{rule: "error", text: "a\x1b[31m\u009b1m\u2028b"}, "::error title=dockgen%3A error::a\uFFFD[31m\uFFFD1m\uFFFDb"},
		{finding{rule: "drift", text: strings.Repeat("ü\n", maxAnnotation)}, "::error title=dockgen%3A drift::ü%0Aü"},
	} {
		got := tt.f.annotation()
		want, open := tt.want, false
		if head, _, ok := strings.Cut(want, " ?"); ok {
			want, open = head, true
		}
		if !strings.HasPrefix(got, want) || !open && tt.f.rule != "drift" && got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if strings.ContainsAny(got, "\r\n\x1b\u009b") || strings.Count(got, "::") > 2+strings.Count(tt.f.text, "::") || len(got) > 4*maxAnnotation {
			t.Errorf("unsafe: %q", got)
		}
	}
}

// TestSARIF: a file's name is a URI.
func TestSARIF(t *testing.T) {
	t.Parallel()
	log := sarifOf([]finding{{rule: "drift", file: "a b/%20#?.x", line: 2, text: "x"}, {rule: "note", text: "y", warning: true}})
	got := log.Runs[0].Results
	if uri := got[0].Locations[0].Physical.Artifact.URI; uri != "a%20b/%2520%23%3F.x" {
		t.Errorf("got %s", uri)
	}
	if len(got[1].Locations) != 0 || got[1].Level != "note" {
		t.Errorf("got %+v", got[1])
	}
	for _, f := range got {
		known := false
		for _, r := range log.Runs[0].Tool.Driver.Rules {
			known = known || r.ID == f.RuleID
		}
		if !known {
			t.Errorf("no rule is named %s", f.RuleID)
		}
	}
}
