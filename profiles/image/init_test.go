package image

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// TestInit: what decides on tini, in each runtime.
func TestInit(t *testing.T) {
	debian := plan.FromStage(plan.MustStageName("base"))
	for _, tt := range []struct {
		name   string
		r      InitRequest
		run    plan.Run
		own    plan.Exec
		choice string
		entry  string
		debian string // packages
		alpine string
		stages string
	}{
		{name: "nobody handles SIGTERM, slim", r: InitRequest{Program: "node"}, run: plan.Run{Runtime: plan.Slim}, choice: "tini", entry: `["tini", "--"]`, debian: "tini"},
		{name: "nobody handles SIGTERM, alpine", r: InitRequest{Program: "node"}, run: plan.Run{Runtime: plan.Alpine}, choice: "tini", entry: `["tini", "--"]`, alpine: "tini"},
		{name: "nobody handles SIGTERM, distroless", r: InitRequest{Program: "node"}, run: plan.Run{Runtime: plan.Distroless}, own: plan.Exec{"/nodejs/bin/node"}, choice: "tini", entry: `["/usr/bin/tini", "--", "/nodejs/bin/node"]`, stages: "init"},
		{name: "nobody handles SIGTERM, no entry point", r: InitRequest{Program: "python"}, run: plan.Run{Runtime: plan.Distroless, NoEntry: true}, choice: "tini", entry: `["/usr/bin/tini", "--"]`, stages: "init"},
		{name: "nobody handles SIGTERM, an entry point of the app's", r: InitRequest{Program: "app"}, run: plan.Run{Runtime: plan.Scratch, Entry: plan.Exec{"/app"}}, own: plan.Exec{"/other"}, choice: "tini", entry: `["/usr/bin/tini", "--", "/app"]`, stages: "init"},
		{name: "the code handles it", r: InitRequest{Program: "node", Handled: "the code handles SIGTERM itself", Pos: line}, run: plan.Run{Runtime: plan.Slim}, choice: "none", entry: "[]"},
		{name: "the language handles it", r: InitRequest{Program: "java", Handled: "the JVM ends on SIGTERM"}, run: plan.Run{Runtime: plan.Distroless}, own: plan.Exec{"java", "-jar"}, choice: "none", entry: "[]"},
		{name: "a shell handles nothing", r: InitRequest{Program: "java", Handled: "the JVM ends on SIGTERM", Command: plan.Exec{"/bin/sh", "-c", "java -jar app.jar"}}, run: plan.Run{Runtime: plan.Slim}, choice: "tini", entry: `["tini", "--"]`, debian: "tini"},
		{name: "another command", r: InitRequest{Program: "app", Handled: "a Go program ends on SIGTERM", Command: plan.Exec{"show"}}, run: plan.Run{Runtime: plan.Slim}, choice: "none", entry: "[]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t, "")
			run := tt.run
			p := Init(in, tt.r)
			stages := p.Apply(in, &run, debian, tt.own)
			if v := chosen(t, in, "init"); v != tt.choice || p.Needed != (v == "tini") || run.Init != p.Needed {
				t.Errorf("init is %q (%v, %v), want %q", v, p.Needed, run.Init, tt.choice)
			}
			if run.Entry.String() != tt.entry {
				t.Errorf("entry point %s, want %s", run.Entry, tt.entry)
			}
			if run.NoEntry && run.Entry != nil {
				t.Error("the entry point is taken away and set")
			}
			if got := packages(run.Debian); got != tt.debian {
				t.Errorf("Debian's packages are %q, want %q", got, tt.debian)
			}
			if got := packages(run.Alpine); got != tt.alpine {
				t.Errorf("Alpine's packages are %q, want %q", got, tt.alpine)
			}
			var names []string
			for _, s := range stages {
				names = append(names, s.Data.Stage().Name.String())
			}
			if got := strings.Join(names, " "); got != tt.stages || len(run.Uses) != len(names) || len(run.Copies) != len(names) {
				t.Errorf("stages %q, used %v, want %q", got, run.Uses, tt.stages)
			}
		})
	}
}

func packages(rows []plan.System) string {
	var out []string
	for _, w := range plan.Packages(rows) {
		out = append(out, w.String())
	}
	return strings.Join(out, " ")
}

// TestInitInstalled: the stage that prod starts from has tini already.
func TestInitInstalled(t *testing.T) {
	in := input(t, "")
	run := plan.Run{Runtime: plan.Slim}
	p := Init(in, InitRequest{Program: "python"})
	p.Installed = true
	if p.Apply(in, &run, plan.From{}, nil); len(run.Debian) != 0 || run.Entry.String() != `["tini", "--"]` {
		t.Errorf("%+v", run)
	}
}

// TestInitPrefix: two languages in one Dockerfile have two stages.
func TestInitPrefix(t *testing.T) {
	in := input(t, "")
	in.Prefix = "frontend-"
	run := plan.Run{Runtime: plan.Distroless}
	stages := Init(in, InitRequest{Program: "node"}).Apply(in, &run, plan.From{}, nil)
	if len(stages) != 1 || stages[0].Data.Stage().Name.String() != "frontend-init" || run.Copies[0].String() != "--link --from=frontend-init /usr/bin/tini-static /usr/bin/tini" {
		t.Errorf("%+v %v", stages, run.Copies)
	}
}

// TestInitLocked: a release that knows more of a server moves no app.
func TestInitLocked(t *testing.T) {
	in := input(t, "")
	in.Log.Locked = map[string]record.Locked{"init": {Value: "tini", Evidence: "waitress"}}
	if p := Init(in, InitRequest{Program: "waitress", Handled: "waitress ends on SIGTERM", Evidence: "waitress"}); !p.Needed {
		t.Error("the lock's tini is gone")
	}
}
