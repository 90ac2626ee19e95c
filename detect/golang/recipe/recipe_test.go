package recipe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readText reads a file at the root of a repository.
func readText(name, text string) *File {
	f := &File{Name: name, Kind: kindOf(name), rel: name}
	f.read(text)
	return f
}

func TestRewrites(t *testing.T) {
	for line, want := range map[string]Rewrite{
		`git config --global url."git@github.com:".insteadOf "https://github.com/"`:                                    {"https://github.com/", "git@github.com:"},
		`RUN git config --global url.ssh://git@git.example:7999/acme/.insteadOf https://git.example/acme/ && go build`: {"https://git.example/acme/", "ssh://git@git.example:7999/acme/"},
		`git config --global url."https://${TOKEN}:x-oauth-basic@github.com/acme".insteadOf "https://github.com/acme"`: {"https://github.com/acme", ""},
		`git config --global url."https://oauth2:${{ secrets.T }}@gitlab.com".insteadOf https://gitlab.com`:            {},
		`git config --global url."https://oauth2:${{secrets.T}}@gitlab.com".insteadOf https://gitlab.com`:              {"https://gitlab.com", ""},
		`git config --global url."https://github.com/".insteadOf "git@github.com:"`:                                    {},
		`git config --global url."git@github.com:;evil".insteadOf "https://github.com/"`:                               {},
		`# git config --global url."git@github.com:".insteadOf "https://github.com/"`:                                  {},
		`RUN sh -c "git config --global url.\"git@github.com:acme/\".insteadOf \"https://github.com/acme/\""`:          {"https://github.com/acme/", "git@github.com:acme/"},
		`git config --global url."git@github.com:".insteadOf "https://user:secret@github.com/"`:                        {},
	} {
		var got Rewrite
		for _, x := range readText("x.sh", line+"\n").Rewrites {
			got = x.Value
			if strings.Contains(got.From+got.SSH, "secret") || x.Pos.Line != 1 {
				t.Errorf("%s: got %+v", line, x)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", line, diff)
		}
	}
}
