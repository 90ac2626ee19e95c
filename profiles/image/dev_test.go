package image

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

func TestDevUsage(t *testing.T) {
	var got []string
	for _, c := range DevUsage(record.Input{}, "dev restarts on every save", "shop", plan.MustStageName("dev"), "/app", []plan.Port{3000, 9229}) {
		got = append(got, c.String())
	}
	want := []string{
		"dev restarts on every save:",
		`docker build -t shop:dev --target dev . && docker run --rm -v "$(pwd):/app" -p 3000:3000 -p 9229:9229 shop:dev`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
