package golang_test

import (
	"strings"
	"testing"
)

const (
	acme   = "require (\ngithub.com/acme/kit v1.0.0\ngithub.com/acme/auth v1.0.0\ngithub.com/x/y v1.0.0\n)"
	ssh    = "-- ci.sh --\ngit config --global url.\"git@github.com:acme/\".insteadOf https://github.com/acme/\n"
	secret = "--mount=type=secret,id=netrc,target=/root/.netrc"
)

func TestPrivate(t *testing.T) {
	for name, tt := range map[string]struct {
		archive string
		set     []string
		has     []string
		hasNot  []string
	}{
		"nothing said": {"", nil, []string{"\nRUN go mod download\n"}, []string{"GOPRIVATE", "--mount=type=secret", "--mount=type=ssh"}},
		"GOPRIVATE": {
			"-- .envrc --\nexport GOPRIVATE=github.com/acme/*,git.corp.example\n", nil,
			[]string{
				"# As in .envrc: Go fetches these modules", "\nENV GOPRIVATE=\"github.com/acme/*\"\n",
				"# Private modules (github.com/acme/*) need a credential: docker build --secret id=netrc,src=$HOME/.netrc .\nRUN " + secret + " \\\n    go mod download\n",
			},
			[]string{"git.corp.example", "ssh", "GONOSUMDB"},
		},
		"nothing of it required": {"-- .envrc --\nexport GOPRIVATE=git.corp.example\n", nil, []string{"\nRUN go mod download\n"}, []string{"GOPRIVATE", "secret"}},
		"ssh": {
			"-- .envrc --\nexport GOPRIVATE=github.com/acme\n" + ssh, nil,
			[]string{
				"ENV GOPRIVATE=github.com/acme\n", "need a credential: docker build --ssh default .\n" +
					"RUN --mount=type=ssh \\\n    git config --global url.git@github.com:acme/.insteadOf https://github.com/acme/ \\\n && env 'GIT_SSH_COMMAND=ssh -o StrictHostKeyChecking=accept-new' go mod download\n",
			},
			[]string{secret},
		},
		"ssh for some": {
			"-- .envrc --\nexport GOPRIVATE=github.com/acme,github.com/x\n" + ssh, nil,
			[]string{secret + " \\\n    --mount=type=ssh \\\n", "--secret id=netrc,src=$HOME/.netrc --ssh default ."},
			nil,
		},
		"ssh alone":        {ssh, nil, []string{"Private modules (github.com/acme/)", "--mount=type=ssh"}, []string{"GOPRIVATE", secret}},
		"a token in a URL": {"-- .github/workflows/ci.yml --\njobs:\n  x:\n    steps:\n      - run: git config --global url.\"https://${TOKEN}@github.com/acme\".insteadOf \"https://github.com/acme\"\n", nil, []string{secret, "(github.com/acme)"}, []string{"TOKEN", "git config"}},
		"ssh to elsewhere": {strings.ReplaceAll(ssh, "acme", "other"), nil, []string{"\nRUN go mod download\n"}, []string{"ssh"}},
		"a proxy": {
			"-- mise.toml --\n[env]\nGOPROXY = \"https://proxy.corp.example,direct\"\nGONOSUMDB = \"github.com/acme\"\n", nil,
			[]string{"ENV GOPROXY=https://proxy.corp.example,direct\n", "ENV GONOSUMDB=github.com/acme\n", secret, "/root/.cache/go-build \\\n    --mount=type=secret,id=netrc,target=/root/.netrc \\\n    go install"},
			[]string{"GOPRIVATE"},
		},
		"a mirror":          {"-- .envrc --\nexport GOPROXY=https://goproxy.cn,direct\n", nil, []string{"\nRUN go mod download\n"}, []string{"GOPROXY"}},
		"a proxy at home":   {"-- .envrc --\nexport GOPROXY=http://localhost:3000\n", nil, []string{"\nRUN go mod download\n"}, []string{"GOPROXY"}},
		"past the proxy":    {"-- .envrc --\nexport GOPRIVATE=github.com/acme\nexport GONOPROXY=github.com/x\nexport GOINSECURE=github.com/acme/kit\n", nil, []string{"ENV GOPRIVATE=github.com/acme\n", "ENV GONOPROXY=github.com/acme,github.com/x\n", "ENV GOINSECURE=github.com/acme/kit\n"}, nil},
		"a broken pattern":  {"-- .envrc --\nexport GOPRIVATE=[,github.com/acme\n", nil, []string{"ENV GOPRIVATE=github.com/acme\n"}, nil},
		"vendored":          {"-- vendor/modules.txt --\n# x\n-- .envrc --\nexport GOPRIVATE=github.com/acme\n", nil, []string{"GOFLAGS= go install"}, []string{"GOPRIVATE", "secret"}},
		"on Alpine, for C":  {"-- .envrc --\nexport GOPRIVATE=github.com/acme\n-- c.go --\npackage main\nimport \"C\"\n" + ssh, []string{"runtime=alpine"}, []string{"golang:1.27-alpine", "git openssh-client"}, nil},
		"a nested module's": {"-- server/.envrc --\nexport GOPRIVATE=github.com/acme\n", nil, nil, []string{"GOPRIVATE"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, mod(acme)+"-- go.sum --\nx\n"+hello+tt.archive, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			got := dockerfile(t, p)
			holds(t, got, tt.has, tt.hasNot)
			if asks := strings.Contains(got, secret) || strings.Contains(got, "type=ssh"); asks != strings.Contains(ignored(t, p), "\n**/.netrc\n") || asks != (chosen(p, "go.private") != "") {
				t.Error("a mount, a choice and an ignored .netrc go together")
			}
		})
	}
}

// TestPrivateNote gives the command that passes the credential.
func TestPrivateNote(t *testing.T) {
	p, err := decide(t, mod(acme)+"-- go.sum --\nx\n"+hello+"-- Makefile --\nexport GOPRIVATE := github.com/acme/*\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.Notes {
		if n.Hint == "docker build --secret id=netrc,src=$HOME/.netrc ." && n.Pos.String() == "Makefile:1" {
			return
		}
	}
	t.Errorf("got %+v", p.Notes)
}

// TestPrivateNested reads what stands beside a nested module, and above it.
func TestPrivateNested(t *testing.T) {
	for _, dir := range []string{"", "server/"} {
		p, err := decide(t, in("server", acme, server)+"-- server/go.sum --\nx\n-- "+dir+".envrc --\nexport GOPRIVATE=github.com/acme\n")
		if err != nil {
			t.Fatal(err)
		}
		if got := dockerfile(t, p); !strings.Contains(got, secret+" \\\n    go -C server mod download\n") {
			t.Error(got)
		}
	}
}
