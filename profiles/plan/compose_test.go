package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakeStage has every kind of field that a language's stage can have.
type fakeStage struct {
	Head
	Manifests []Copy
	Whole     *Copy
	Others    []Artifact
	Members   Artifact
	Nested    struct{ Source Copy }
}

func copyOf(t *testing.T, to string, from ...string) Copy {
	t.Helper()
	c, err := NewCopy(to, from...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAbove: nothing but what lies beside the folder is taken.
func TestAbove(t *testing.T) {
	for _, from := range []string{"", ".", "..", "../", "../.", "schema.graphql", "/etc/passwd", "../../x", "../a/../../x", "../a\nUSER root"} {
		if c, err := Above("/x", from); err == nil {
			t.Errorf("%q: got %s", from, c)
		}
	}
}

func TestCompose(t *testing.T) {
	name := MustStageName
	node := MustRef("node", "24-trixie-slim")
	whole := copyOf(t, "./", ".")
	deps := &fakeStage{
		Head:      Head{Name: name("frontend-deps"), From: FromStage(name("frontend-base"))},
		Manifests: []Copy{copyOf(t, "./", "package.json", "package-lock.json")},
	}
	build := &fakeStage{
		Head:  Head{Name: name("frontend-build"), From: FromStage(name("frontend-deps")), Uses: []StageName{name("frontend-tools")}},
		Whole: &whole,
		Others: []Artifact{
			{Copy: copyOf(t, "public/", "static/")},
			{Stage: name("frontend-tools"), Copy: copyOf(t, "/bin/", "/tools/")},
			{Image: node, Copy: copyOf(t, "/bin/", "/usr/bin/node")},
		},
	}
	build.Members = Artifact{NoLink: true, Parents: true, Copy: copyOf(t, "./", "lib/package.json")}
	build.Members.Copy.Each = []Glob{{MustPath("packages"), MustPath("package.json")}}
	build.Nested.Source = copyOf(t, "src/", "src/")
	jar, err := NewMatch("target", "app-", ".jar")
	if err != nil {
		t.Fatal(err)
	}
	file, err := Above("/schema.graphql", "../schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	folder, err := Above("/proto/", "../proto/")
	if err != nil {
		t.Fatal(err)
	}
	build.Others = append(build.Others, Artifact{Copy: Copy{Any: []Match{jar}, To: MustPath("app.jar")}}, Artifact{NoLink: true, Copy: file}, Artifact{NoLink: true, Copy: folder})
	front := &App{
		Image: Image{Checks: []Token{MustToken("SecretsUsedInArgOrEnv")}, Stages: []Stage{
			{Block: "x", Data: &fakeStage{Head: Head{Name: name("frontend-base"), From: FromImage(node)}}},
			{Block: "x", Data: deps},
			{Block: "x", Data: &fakeStage{Head: Head{Name: name("frontend-dev"), From: FromStage(name("frontend-deps"))}}},
			{Block: "x", Data: &fakeStage{Head: Head{Name: name("frontend-tools"), From: FromImage(node)}}},
			{Block: "x", Data: build},
			{Block: "prod", Data: &Run{Head: Head{Name: name("frontend-prod"), From: FromStage(name("frontend-base"))}}},
		}},
		Ignore:  Ignore{{Patterns: MustPatterns("**/.env", "dist", "!public")}},
		Outputs: []Artifact{{Stage: name("frontend-build"), Copy: copyOf(t, "web/dist/", "/app/dist/")}},
	}
	app := &App{
		Name:   "shop",
		Image:  Image{Stages: []Stage{{Block: "prod", Data: &Run{Head: Head{Name: name("prod"), From: FromImage(node)}}}}},
		Ignore: Ignore{{Patterns: MustPatterns("**/.env")}},
	}
	out, err := Compose(app, front, "web ui")
	if err != nil {
		t.Fatal(err)
	}
	var names, copies []string
	for _, s := range out.Image.Stages {
		names = append(names, s.Data.Stage().Name.String())
	}
	for _, c := range []Copy{deps.Manifests[0], *build.Whole, build.Nested.Source} {
		copies = append(copies, c.String())
	}
	for _, a := range build.Others {
		copies = append(copies, a.String())
	}
	copies = append(copies, build.Members.String())
	if diff := cmp.Diff([]string{"frontend-base", "frontend-deps", "frontend-tools", "frontend-build", "prod"}, names); diff != "" {
		t.Errorf("the stages that make the output, and no other (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		`["web ui/package.json", "web ui/package-lock.json", "./"]`, `["web ui/", "./"]`, `["web ui/src/", "src/"]`,
		`--link ["web ui/static/", "public/"]`, "--link --from=frontend-tools /tools/ /bin/", "--link --from=node:24-trixie-slim /usr/bin/node /bin/",
		`--link ["web ui/target/app-*.jar", "app.jar"]`, "schema.graphql /schema.graphql", "proto/ /proto/",
		`--parents ["web ui/./lib/package.json", "web ui/./packages/*/package.json", "./"]`,
	}, copies); diff != "" {
		t.Errorf("what comes from the build context, and nothing else, is below the folder (-want +got):\n%s", diff)
	}
	var patterns []string
	for _, g := range out.Ignore {
		for _, p := range g.Patterns {
			patterns = append(patterns, p.String())
		}
	}
	if diff := cmp.Diff([]string{"**/.env", "web ui/dist", "!web ui/public"}, patterns); diff != "" {
		t.Errorf("ignored (-want +got):\n%s", diff)
	}
	if len(app.Image.Stages) != 1 || len(app.Ignore) != 1 {
		t.Error("the app itself was changed")
	}
}
