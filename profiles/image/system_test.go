package image

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// rows are comments and packages, a row each.
func rows(list []plan.System) string {
	var out []string
	for _, r := range list {
		out = append(out, r.For.String()+" "+strings.Join(names(r.Packages), " "))
	}
	return strings.Join(out, " | ")
}

func TestNeeded(t *testing.T) {
	in := lockedInput(t, nil)
	git := Started(in, []effect.Exec{
		{Program: effect.Value{Text: "/usr/bin/git"}, Pos: fact.At("a.go", 1)},
		{Program: effect.Value{Text: "git"}},
		{Program: effect.Value{Text: "convert"}},
		{Program: effect.Value{Text: "ls"}},
		{Program: effect.Value{Text: "npm"}},
		{Program: effect.Value{Text: "xdg-open"}},
		{Program: effect.Value{Text: "./tool"}},
		{Program: effect.Value{Text: "x.exe"}},
		{Program: effect.Value{}},
		{Program: effect.Value{Text: "frobnicate"}, Pos: fact.At("a.go", 9)},
	}, "npm")
	if n := in.Log.Notes(); len(n) != 1 || n[0].Text != "the code starts frobnicate, and dockgen knows no package that has it" || n[0].Pos.Line != 9 {
		t.Errorf("got the notes %v", n)
	}
	psycopg2, ok := Library(in, "python", "psycopg2", fact.At("requirements.txt", 1))
	if !ok {
		t.Fatal("no row of psycopg2")
	}
	drives := Need{Name: "puppeteer", Row: knowledge.Package{Why: "it drives a browser", Debian: knowledge.Need{Runtime: []string{"chromium"}}, Env: map[string]string{"B": "1", "A": "2"}}}
	ps := Need{Name: "ps", Dev: true, Why: "the Nest CLI ends the app with {}", Row: knowledge.Package{Debian: knowledge.Need{Runtime: []string{"procps"}}, Env: map[string]string{"C": "1"}}}
	needs, err := Needed(append(git, psycopg2, drives, ps, Need{Name: "bash", Command: true, Row: knowledge.Package{Alpine: knowledge.Need{Runtime: []string{"bash"}}}})...)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, got, want string }{
		{"Debian, run", rows(needs.Run(plan.Slim)), "git and ca-certificates: the code starts git. git ca-certificates | imagemagick: the code starts convert. imagemagick | libpq5: psycopg2 needs it. libpq5 | chromium: puppeteer needs it, because it drives a browser. chromium"},
		{"Alpine, run", rows(needs.Run(plan.Alpine)), "git: the code starts it. git | imagemagick: the code starts convert. imagemagick | libpq: psycopg2 needs it. libpq | bash: the start command runs it. bash"},
		{"Debian, build", rows(needs.Build(plan.Slim)), "gcc, libc6-dev and libpq-dev: psycopg2 is compiled with them. gcc libc6-dev libpq-dev | procps: the Nest CLI ends the app with it. procps"},
		{"Alpine, build", rows(needs.Build(plan.Alpine)), "build-base and postgresql-dev: psycopg2 is compiled with them. build-base postgresql-dev"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, tt.got, tt.want)
		}
	}
	if len(needs.Env) != 2 || needs.Env[0].String() != "A=2" || len(needs.InstallEnv) != 3 {
		t.Errorf("variables: got %v and %v", needs.Env, needs.InstallEnv)
	}
}

func TestInstall(t *testing.T) {
	psycopg2, _ := Library(lockedInput(t, nil), "python", "psycopg2", fact.At("requirements.txt", 1))
	needs, err := Needed(psycopg2)
	if err != nil {
		t.Fatal(err)
	}
	tini := Packages("python as PID 1 ignores SIGTERM, and {} passes it on", plan.MustToken("tini"))
	for _, tt := range []struct {
		name    string
		r       plan.Runtime
		s       System
		more    []plan.System
		yaml    string
		locked  record.Locked
		value   string // of the choice, "" for none
		want    string
		evident string
	}{
		{"nothing", plan.Slim, System{}, nil, "", record.Locked{}, "", "", ""},
		{"a library and tini", plan.Slim, needs, []plan.System{tini}, "", record.Locked{}, "libpq5 tini", "libpq5: psycopg2 needs it. libpq5 | tini: python as PID 1 ignores SIGTERM, and it passes it on. tini", "psycopg2, tini on slim"},
		{"on Alpine", plan.Alpine, needs, nil, "", record.Locked{}, "libpq", "libpq: psycopg2 needs it. libpq", "psycopg2 on alpine"},
		{"asked for", plan.Slim, needs, nil, "packages: [jq, libpq5, curl]", record.Locked{}, "curl jq libpq5", "libpq5: psycopg2 needs it. libpq5 | jq and curl: the settings ask for them. jq curl", "curl, jq, libpq5, psycopg2 on slim"},
		{"asked for on distroless, which is refused elsewhere", plan.Distroless, System{}, nil, "packages: [jq]", record.Locked{}, "", "", ""},
		{"locked", plan.Slim, needs, nil, "", record.Locked{Value: "libpq4 libpq5", Evidence: "psycopg2 on slim"}, "libpq4 libpq5", "libpq5: psycopg2 needs it. libpq5 | libpq4: dockgen.lock records it. libpq4", "psycopg2 on slim"},
		{"locked without what the language adds", plan.Slim, needs, []plan.System{tini}, "", record.Locked{Value: "libpq5", Evidence: "psycopg2 on slim"}, "libpq5 tini", "libpq5: psycopg2 needs it. libpq5 | tini: python as PID 1 ignores SIGTERM, and it passes it on. tini", "psycopg2, tini on slim"},
		{"locked for another need", plan.Slim, needs, nil, "", record.Locked{Value: "libpq4", Evidence: "mysqlclient on slim"}, "libpq5", "libpq5: psycopg2 needs it. libpq5", "psycopg2 on slim"},
	} {
		in := lockedInput(t, map[string]record.Locked{"packages": tt.locked})
		if in.Settings, err = settings.Parse("dockgen.yaml", []byte(tt.yaml)); err != nil {
			t.Fatal(err)
		}
		got, err := Install(in, tt.r, tt.s, tt.more...)
		if err != nil || rows(got) != tt.want {
			t.Errorf("%s: got %v\n%s\nwant\n%s", tt.name, err, rows(got), tt.want)
		}
		v, times := value(in.Log, "packages")
		if v != tt.value || times > 1 {
			t.Errorf("%s: recorded %q %d times, want %q", tt.name, v, times, tt.value)
		}
		if tt.value != "" && in.Log.Choices()[0].Evidence != tt.evident {
			t.Errorf("%s: evidence %q, want %q", tt.name, in.Log.Choices()[0].Evidence, tt.evident)
		}
	}
	in := lockedInput(t, map[string]record.Locked{"packages": {Value: "a;b", Evidence: "psycopg2 on slim"}})
	if _, err := Install(in, plan.Slim, needs); err == nil {
		t.Error("a lock with a command instead of a package is no error")
	}
}

// TestCommentsNameNoSource: where a package was asked for is in no byte of the
// Dockerfile, so that the same request by flag, file or lock gives the same.
func TestCommentsNameNoSource(t *testing.T) {
	var texts []string
	for _, file := range []string{"dockgen.yaml", "--set", "dockgen.lock"} {
		in := lockedInput(t, nil)
		in.Settings, _ = settings.Parse(file, []byte("packages: [curl]"))
		got, err := Install(in, plan.Slim, System{})
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, rows(got))
	}
	if texts[0] != texts[1] || texts[0] != texts[2] {
		t.Errorf("got %q", texts)
	}
}

// TestUnknownPrograms: several are one note, which does not grow.
func TestUnknownPrograms(t *testing.T) {
	for names, want := range map[string]string{
		"foo":              "the code starts foo, and dockgen knows no package that has it",
		"foo foo ls":       "the code starts foo, and dockgen knows no package that has it",
		"foo bar":          "the code starts foo and bar, and dockgen knows no packages that have them",
		"a1 b c d e f g h": "the code starts a1, b, c, d, e, f and 2 more programs, and dockgen knows no packages that have them",
	} {
		in := input(t, "")
		know, err := knowledge.Load()
		if err != nil {
			t.Fatal(err)
		}
		in.Know = know
		var execs []effect.Exec
		for name := range strings.FieldsSeq(names) {
			execs = append(execs, effect.Exec{Program: effect.Value{Text: name}})
		}
		Started(in, execs)
		if n := in.Log.Notes(); len(n) != 1 || n[0].Text != want {
			t.Errorf("%s: got %v, want %q", names, n, want)
		}
	}
}

// TestNeededIn: an image of an older release has some packages by other names.
func TestNeededIn(t *testing.T) {
	know := lockedInput(t, nil).Know
	for _, tt := range []struct{ language, release, library, want string }{
		{"node", "24", "node-libcurl", "libcurl4t64"},
		{"node", "18", "node-libcurl", "libcurl4"},
		{"node", "14", "node-libcurl", "libcurl4"},
		{"java", "21", "pillow", "libfreetype6 libjpeg-turbo8 libopenjp2-7 libtiff6 libwebp7"},
		{"python", "3.8", "pylibdmtx", "libdmtx0b"},
		{"python", "3.14", "pylibdmtx", "libdmtx0t64"},
	} {
		ecosystem := tt.language
		if tt.library == "pillow" {
			ecosystem = "python"
		}
		row, ok := know.Package(ecosystem, tt.library)
		if !ok {
			t.Fatal(tt.library)
		}
		s, err := NeededIn(know, ImagesOf(tt.language).SuiteOf(know, tt.release), Need{Name: tt.library, Row: row})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range plan.Packages(s.Run(plan.Slim)) {
			got = append(got, p.String())
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s %s: got %v, want %s", tt.language, tt.release, got, tt.want)
		}
	}
}
