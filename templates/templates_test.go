package templates

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

func TestTidy(t *testing.T) {
	got := string(tidy([]byte("\n\nFROM a  \n\n\n\nRUN b\t\n\n")))
	if want := "FROM a\n\nRUN b\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSharedBlocks(t *testing.T) {
	data := &plan.Run{Ports: []plan.Port{8080, 9090}, Env: []plan.Env{plan.MustEnv("A", "1"), plan.MustEnv("B", "x y")}}
	system := []plan.System{
		{For: plan.NewComment("b needs z"), Packages: []plan.Token{plan.MustToken("z"), plan.MustToken("y")}},
		{For: plan.NewComment("a needs y"), Packages: []plan.Token{plan.MustToken("y")}},
	}
	tmpl, err := parse([]string{"golang"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		block string
		data  any
		want  string
	}{
		{"directives", plan.Image{Syntax: true}, "# syntax=docker/dockerfile:1\n"},
		{"env", data, "ENV A=1\nENV B=\"x y\"\n"},
		{"expose", data, "EXPOSE 8080\nEXPOSE 9090\n"},
		{"init", &plan.InitStage{Head: head("init")}, "# why\nFROM debian:trixie-slim AS init\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends tini \\\n && rm -rf /var/lib/apt/lists/*\n"},
		{"folders", &plan.Folders{Head: head("folders"), Run: []plan.Shell{plan.MustShell("mkdir", "-p", "/app/a b"), plan.MustShell("touch", "/app/.env")}}, "# why\nFROM debian:trixie-slim AS folders\nRUN mkdir -p '/app/a b' \\\n && touch /app/.env\n"},
		{"alpine-packages", system, "# b needs z\n# a needs y\nRUN apk add --no-cache y z\n"},
		{"debian-packages", system, "# b needs z\n# a needs y\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends y z \\\n && rm -rf /var/lib/apt/lists/*\n"},
	} {
		got, err := execute(tmpl, tt.block, tt.data)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: got %q, %v; want %q", tt.block, got, err, tt.want)
		}
	}
}

func head(name string) plan.Head {
	return plan.Head{Name: plan.MustStageName(name), From: plan.FromImage(plan.MustRef("debian", "trixie-slim")), About: []plan.Comment{plan.NewComment("why")}}
}

func TestBlocksOfAProfile(t *testing.T) {
	tmpl, err := parse([]string{"golang"}, map[string]string{
		"labels":    "LABEL team=payments\n",
		"node/prod": "{{.Nothing}}", // another language's: not this file's business
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := execute(tmpl, "labels", &plan.Run{})
	if err != nil || string(got) != "LABEL team=payments\n" {
		t.Errorf("got %q, %v", got, err)
	}
	_, err = parse([]string{"golang"}, map[string]string{"lables": "x"})
	if err == nil || !strings.Contains(err.Error(), "labels") {
		t.Errorf("an unknown block: got %v, want the names that there are", err)
	}
}
