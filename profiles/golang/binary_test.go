package golang_test

import (
	"strings"
	"testing"
)

// TestBinary names the program as its own image starts it, where that name says more than
// that it is one.
func TestBinary(t *testing.T) {
	module := func(name string) string {
		return "-- go.mod --\nmodule " + name + "\n\ngo 1.26\n" + "-- main.go --\n" + strings.SplitN(server, "\n", 2)[1]
	}
	for name, tt := range map[string]struct{ repository, want string }{
		"its domain":         {module("miniflux.app/v2") + "-- Dockerfile --\nFROM golang AS b\nRUN go build -o miniflux\nFROM alpine\nCOPY --from=b /x/miniflux /usr/bin/miniflux\nCMD [\"/usr/bin/miniflux\"]\n", "miniflux"},
		"a general module":   {module("github.com/gotify/server/v2") + "-- Dockerfile --\nFROM scratch\nCOPY x /\nENTRYPOINT [\"./gotify-app\"]\nCMD [\"serve\"]\n", "gotify-app"},
		"a part of it":       {module("miniflux.app/v2") + "-- packaging/docker/alpine/Dockerfile --\nFROM alpine\nCOPY --from=b /x/miniflux /usr/bin/miniflux\nCMD [\"/usr/bin/miniflux\"]\n", "miniflux"},
		"any program":        {module("example.com/shelf") + "-- Dockerfile --\nFROM golang AS b\nRUN go build -o app .\nFROM scratch\nENTRYPOINT [\"/app\"]\n", "shelf"},
		"a script":           {module("example.com/shelf") + "-- Dockerfile --\nFROM alpine\nENTRYPOINT [\"/shelf-start.sh\"]\n", "shelf"},
		"another program":    {module("example.com/shelf") + "-- Dockerfile --\nFROM alpine\nENTRYPOINT [\"/sbin/s6-svscan\"]\n", "shelf"},
		"no Dockerfile":      {module("example.com/shelf"), "shelf"},
		"its own name":       {module("example.com/shelf") + "-- Dockerfile --\nFROM golang\nRUN go build -o /bin/shelf .\nENTRYPOINT [\"/bin/shelf\"]\n", "shelf"},
		"quotes and a space": {module("example.com/shelf") + "-- Dockerfile --\nFROM golang AS b\nRUN go build -o 'shelf x\"' .\nFROM scratch\nENTRYPOINT [\"/shelf x\\\"\"]\n", "shelf-x"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.repository)
			if err != nil {
				t.Fatal(err)
			}
			if got := dockerfile(t, p); !strings.Contains(got, "ENTRYPOINT [\""+tt.want+"\"]") {
				t.Errorf("no %q in\n%s", tt.want, after(got, "AS prod"))
			}
		})
	}
}

// after is what stands from a mark on, "" if it is not there.
func after(text, mark string) string {
	_, rest, ok := strings.Cut(text, mark)
	if !ok {
		return ""
	}
	return mark + rest
}
