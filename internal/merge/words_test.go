package merge

import "testing"

// TestMergeWords: two changes of one instruction are one, if they are of different words; and a conflict if they are not.
func TestMergeWords(t *testing.T) {
	for name, tt := range map[string]struct{ base, ours, theirs, want string }{
		"a flag and a port": {
			`CMD ["uvicorn", "main:app", "--port", "8000"]`, `CMD ["uvicorn", "main:app", "--port", "8000", "--proxy-headers"]`,
			`CMD ["uvicorn", "main:app", "--port", "9000"]`, `CMD ["uvicorn", "main:app", "--port", "9000", "--proxy-headers"]`,
		},
		"two flags at one place":      {`CMD ["a"]`, `CMD ["a", "--mine"]`, `CMD ["a", "--new"]`, `CMD ["a", "--new", "--mine"]`},
		"a package each":              {"RUN apk add curl git", "RUN apk add curl git jq", "RUN apk add libpq git", "RUN apk add libpq git jq"},
		"words in front":              {"RUN npm ci", "RUN time npm ci", "RUN npm ci --omit=dev", "RUN time npm ci --omit=dev"},
		"a word less":                 {"RUN a b c d", "RUN a c d", "RUN a b c e", "RUN a c e"},
		"options of a check":          {"HEALTHCHECK --interval=30s CMD [\"w\", \"/a\"]", "HEALTHCHECK --interval=5s CMD [\"w\", \"/a\"]", "HEALTHCHECK --interval=30s CMD [\"w\", \"/b\"]", "HEALTHCHECK --interval=5s CMD [\"w\", \"/b\"]"},
		"several lines":               {"RUN a \\\n && b 1 \\\n && c", "RUN a \\\n && b 1 \\\n && c -v", "RUN a \\\n && b 2 \\\n && c", "RUN a \\\n && b 2 \\\n && c -v"},
		"the same port":               {`CMD ["a", "8000"]`, `CMD ["a", "7000"]`, `CMD ["a", "9000"]`, ""},
		"the same tag":                {"FROM golang:1.26-trixie AS base", "FROM golang:1.26.1-trixie AS base", "FROM golang:1.27-trixie AS base", ""},
		"commands at one place":       {"RUN npm ci", "RUN npm ci --verbose", "RUN npm ci && npm cache clean", ""},
		"the same flag, another word": {`CMD ["a"]`, `CMD ["a", "--workers", "2"]`, `CMD ["a", "--workers", "4"]`, ""},
	} {
		got, ok := mergeWords(tt.ours, tt.theirs, short(tt.base, 12))
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// TestSameForm: a text that BuildKit would read as something else is not what two instructions are merged to.
func TestSameForm(t *testing.T) {
	for text, want := range map[string]bool{
		`CMD ["a", "b"]`:           true,
		`CMD ["a", "b"`:            false, // a command line now
		"CMD [\"a\"]\nRUN x":       false,
		`ENTRYPOINT ["a"]`:         false,
		"# CMD":                    false,
		"":                         false,
		"CMD [\"a\", \\\n  \"b\"]": true,
	} {
		if got := sameForm(text, `CMD ["x"]`); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}
