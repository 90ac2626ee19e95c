package golang_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// at is a main package in a folder.
func at(dir, main string) string { return "-- " + dir + "/" + main[len("-- "):] }

const job = "-- main.go --\npackage main\nimport \"os\"\nfunc main() { os.ReadFile(\"jobs.txt\") }\n"

func TestTargets(t *testing.T) {
	api := mod("go 1.26") + at("cmd/app", server)
	for name, tt := range map[string]struct {
		archive string
		set     []string
		stages  string // of the further programs, in their order
		has     []string
		hasNot  []string
	}{
		"not asked": {api + at("cmd/worker", job), nil, "", []string{"-o /out/app ./cmd/app"}, []string{"worker"}},
		"one": {
			api + at("cmd/worker", job) + "-- jobs.txt --\nx\n",
			[]string{"targets=./cmd/worker"},
			"worker",
			[]string{
				"-o /out/ ./cmd/app ./cmd/worker\n", "COPY --link --from=build /out/worker /usr/local/bin/worker\nCOPY --link jobs.txt ./\n",
				"# worker is a further program: docker build --target worker .\nFROM gcr.io/distroless/static-debian13:nonroot AS worker\nWORKDIR /app\n",
				"ENTRYPOINT [\"worker\"]\n", "COPY --link --from=build /out/app /usr/local/bin/app\nUSER", "EXPOSE 8080\nENTRYPOINT [\"app\"]\n",
			},
			nil,
		},
		"all":                {api + at("cmd/a", hello) + at("cmd/b", server) + at("tools/c", hello), []string{"targets=all"}, "a b", []string{"-o /out/ ./cmd/app ./cmd/a ./cmd/b\n"}, []string{"./tools/c"}},
		"a tool by its name": {api + at("tools/c", hello), []string{"targets=[./tools/c]"}, "c", nil, nil},
		"the app itself":     {api, []string{"targets=[./cmd/app]"}, "", []string{"-o /out/app ./cmd/app"}, nil},
		"twice":              {api + at("cmd/a", hello), []string{"targets=[cmd/a, all]"}, "a", nil, nil},
		"names that are taken": {
			api + at("cmd/dev", hello) + at("cmd/2x", hello) + at("cmd/Über", hello),
			[]string{"targets=all"},
			"app-2x cmd-dev ber",
			[]string{"-o /out/ ./cmd/app ./cmd/2x ./cmd/dev "},
			nil,
		},
		"one name twice": {
			api + at("a/job", hello) + at("b/job", hello),
			[]string{"targets=all"},
			"job b-job",
			[]string{"-o /out/app ./cmd/app\n", "-o /out/job ./a/job\nRUN --mount", "-o /out/b-job ./b/job\n", "/out/b-job /usr/local/bin/job"},
			nil,
		},
		"a port that was asked for": {
			mod("") + strings.ReplaceAll(at("cmd/app", server), "http.ListenAndServe(\":8080\"", "http.ListenAndServe(os.Getenv(\"ADDR\")") + at("cmd/b", server),
			[]string{"targets=all"},
			"b",
			nil, nil,
		},
		"of the root": {mod("") + server + at("cmd/b", hello), []string{"targets=all"}, "b", []string{"-o /out/ . ./cmd/b\n", "/out/app /usr/local/bin/app"}, nil},
		"C code in one": {
			api + at("cmd/b", "-- main.go --\npackage main\nimport \"C\"\nfunc main() {}\n"),
			[]string{"targets=all"},
			"b",
			[]string{"CGO_ENABLED=1", "FROM gcr.io/distroless/base-debian13:nonroot AS b", "FROM gcr.io/distroless/base-debian13:nonroot AS prod"},
			[]string{"static-debian13:", "BUILDPLATFORM"},
		},
		"a program that one runs": {
			api + at("cmd/b", "-- main.go --\npackage main\nimport \"os/exec\"\nfunc main() { exec.Command(\"git\").Run() }\n"),
			[]string{"targets=all"},
			"b",
			[]string{"# git and ca-certificates: the code starts git.\n", "FROM debian:trixie-slim AS b", "FROM debian:trixie-slim AS prod"},
			nil,
		},
		"what one writes": {
			api + at("cmd/b", "-- main.go --\npackage main\nimport \"os\"\nfunc main() { os.Create(\"x.log\") }\n"),
			[]string{"targets=all"},
			"b",
			[]string{"FROM base AS folders-b\nRUN mkdir -p /folders/app\n", "COPY --link --chown=65532:65532 --from=folders-b /folders/app/ ./\n"},
			nil,
		},
		"on scratch":      {api + at("cmd/b", hello), []string{"targets=all", "runtime=scratch"}, "b", []string{"FROM scratch AS b\nCOPY --link --from=build /rootfs/ /\n", "ENTRYPOINT [\"/usr/local/bin/b\"]"}, nil},
		"a nested module": {in("server", "", server) + at("server/cmd/job", hello), []string{"targets=all"}, "job", []string{"go -C server build", "-o /out/ . ./cmd/job\n"}, nil},
		"one that cannot": {api + at("cmd/b", strings.ReplaceAll(server, ":8080", "localhost:8080")) + at("cmd/c", hello), []string{"targets=all"}, "c", nil, []string{"AS b\n"}},
		"start is the app's": {
			api + at("cmd/b", hello),
			[]string{"targets=all", "start=[app, serve]"},
			"b",
			[]string{"CMD [\"app\", \"serve\"]", "ENTRYPOINT [\"b\"]"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			got := dockerfile(t, p)
			var stages []string
			for _, x := range p.Image.Stages {
				run, ok := x.Data.(*plan.Run)
				if !ok || run == p.Run {
					continue
				}
				stages = append(stages, run.Name.String())
				if chosen(p, "target."+run.Name.String()) == "" {
					t.Errorf("no word of %s in explain", run.Name)
				}
			}
			if strings.Join(stages, " ") != tt.stages {
				t.Errorf("got the stages %q, want %q", stages, tt.stages)
			}
			if i := strings.LastIndex(got, "\nFROM "); !strings.HasSuffix(strings.SplitN(got[i+1:], "\n", 2)[0], " AS prod") {
				t.Error("prod is not the last stage")
			}
			holds(t, got, tt.has, tt.hasNot)
		})
	}
}

func TestTargetsRefused(t *testing.T) {
	api := mod("go 1.26") + at("cmd/app", server)
	for name, tt := range map[string]struct {
		archive    string
		set        []string
		want, hint string
	}{
		"not there":      {api, []string{"targets=[./cmd/x]"}, "--set: targets: ./cmd/x is not a main package of this repository", "there are ./cmd/app"},
		"another module": {in("a", "", server) + in("b", "", hello), []string{"targets=[./b]"}, "--set: targets: ./b is a main package of another module", "there are ./a"},
		"one that fails": {api + at("cmd/b", strings.ReplaceAll(server, ":8080", "localhost:8080")), []string{"targets=[cmd/b]"}, "cmd/b/main.go:3: listens on localhost only", "listen on"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decide(t, tt.archive, tt.set...)
			var unsupported *record.UnsupportedError
			if !errors.As(err, &unsupported) || !strings.HasPrefix(err.Error(), tt.want) || !strings.HasPrefix(unsupported.Hint, tt.hint) {
				t.Errorf("got %#v, want %q and %q", err, tt.want, tt.hint)
			}
		})
	}
	_, err := decide(t, api+at("cmd/b", "-- main.go --\npackage main\nimport \"os/exec\"\nfunc main() { exec.Command(\"git\").Run() }\n"), "targets=all", "runtime=scratch")
	var impossible *record.ImpossibleError
	if !errors.As(err, &impossible) || !strings.Contains(err.Error(), "the code starts git (cmd/b/main.go:3)") {
		t.Errorf("got %v", err)
	}
}

// TestStartedPrograms finds the programs in a command that is one string, in a text that a
// shell runs, and in what is taken apart before; a runtime without programs has none of them.
func TestStartedPrograms(t *testing.T) {
	for body, want := range map[string]string{
		`exec.Command("ffmpeg", "-v", "0").Run()`:                                     "ffmpeg",
		`exec.Command("ffmpeg -v 0 -i a").Run()`:                                      "ffmpeg",
		`exec.Command("sh", "-c", "cd /tmp && ffmpeg -v 0 -i a | tee b").Run()`:       "ffmpeg",
		`exec.Command("/bin/bash", "-lc", "git fetch").Run()`:                         "git",
		`w := strings.Fields("ffmpeg -v 0 -i a"); exec.Command(w[0], w[1:]...).Run()`: "ffmpeg",
		`run("ffmpeg -v 0")`: "ffmpeg",
		`exec.Command("sh", "-c", os.Getenv("HOOK")).Run()`: "FROM debian:trixie-slim AS prod",
	} {
		p, err := decide(t, mod("go 1.26")+"-- main.go --\npackage main\nimport (\"os\"; \"os/exec\"; \"strings\")\nfunc run(c string) { w := strings.Split(c, \" \"); exec.Command(w[0], w[1:]...).Run() }\nfunc main() { _ = os.Args; run(\"ls\"); "+body+" }\n")
		if err != nil {
			t.Fatal(err)
		}
		_, prod, _ := strings.Cut(dockerfile(t, p), "\nFROM debian")
		if prod = "FROM debian" + prod; !strings.Contains(prod, want) {
			t.Errorf("%s: want %s in\n%s", body, want, prod)
		}
	}
}
