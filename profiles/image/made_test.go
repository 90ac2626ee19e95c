package image

import (
	"testing"

	"github.com/dockgen/dockgen/detect/buildfile"
)

// TestMakeable: a file of the app's own may be made in the build, one of the system may not.
func TestMakeable(t *testing.T) {
	for file, want := range map[string]bool{
		"/config/app.yml": true, "/etc/notes/notes.yml": true, "/var/lib/notes/schema.sql": true,
		"/notes.yml": false, "notes.yml": false, "/etc/passwd": false, "/usr/lib/x.so": false, "/home/notes/x": false, "/app/x.yml": false, "/config/a:b": false,
	} {
		if got := Makeable(file); got != want {
			t.Errorf("%s: %v", file, got)
		}
	}
}

// TestOfOther: what runs the image of another one of several apps says nothing of this one.
func TestOfOther(t *testing.T) {
	for _, tt := range []struct {
		image, context string
		want           bool
	}{
		{"api", "", false},
		{"ghcr.io/acme/shop-api:1.2", "", false},
		{"acme/shop_api@sha256:0000", "", false},
		{"acme/shop-worker:1", "", true},
		{"acme/shop", "", true},
		{"acme/shop-worker", "./api", false},
		{"", "", false},
	} {
		if got := ofOther(buildfile.Container{Image: tt.image, Build: buildfile.Build{Context: tt.context}}, "API"); got != tt.want {
			t.Errorf("%s: %v", tt.image, got)
		}
	}
}

// TestServiceLoss: a note says what a supervisor of the own image starts, but for what only gives files to a user.
func TestServiceLoss(t *testing.T) {
	for _, tt := range []struct {
		name string
		once bool
		want string
	}{
		{"nginx", false, "s6 starts it beside the app"},
		{"10-settings", true, "s6 runs it before the app"},
		{"01-fix-perms", true, ""},
		{"20-adduser", true, ""},
	} {
		if _, why := serviceLoss(buildfile.Service{Name: tt.name, By: "s6", Once: tt.once, Start: buildfile.Start{Words: []string{tt.name}}}); why != tt.want {
			t.Errorf("%s: %q", tt.name, why)
		}
	}
}
