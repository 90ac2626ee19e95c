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
		"its domain":         {module("miniflux.app/v2") + "-- Dockerfile --\nFROM golang AS b\nRUN go build -o miniflux\nFROM alpine\nCOPY --from=b /x/miniflux /usr/bin/miniflux\nCMD [\"/usr/bin/miniflux\"]\n", "/usr/bin/miniflux"},
		"a general module":   {module("github.com/gotify/server/v2") + "-- Dockerfile --\nFROM scratch\nCOPY x /\nENTRYPOINT [\"./gotify-app\"]\nCMD [\"serve\"]\n", "gotify-app"},
		"a part of it":       {module("miniflux.app/v2") + "-- packaging/docker/alpine/Dockerfile --\nFROM alpine\nCOPY --from=b /x/miniflux /usr/bin/miniflux\nCMD [\"/usr/bin/miniflux\"]\n", "miniflux"},
		"any program":        {module("example.com/shelf") + "-- Dockerfile --\nFROM golang AS b\nRUN go build -o app .\nFROM scratch\nENTRYPOINT [\"/app\"]\n", "shelf"},
		"a script":           {module("example.com/shelf") + "-- Dockerfile --\nFROM alpine\nENTRYPOINT [\"/shelf-start.sh\"]\n", "shelf"},
		"another program":    {module("example.com/shelf") + "-- Dockerfile --\nFROM alpine\nENTRYPOINT [\"/sbin/s6-svscan\"]\n", "shelf"},
		"no Dockerfile":      {module("example.com/shelf"), "shelf"},
		"its own name":       {module("example.com/shelf") + "-- Dockerfile --\nFROM golang\nRUN go build -o /bin/shelf .\nENTRYPOINT [\"/bin/shelf\"]\n", "/bin/shelf"},
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

// TestPlace: the program is at the path at which the own image has it.
func TestPlace(t *testing.T) {
	for name, tt := range map[string]struct{ start, want string }{
		"at the root":                      {`ENTRYPOINT ["/shelf"]`, "/shelf"},
		"in /app, with arguments":          {`CMD ["/app/shelf", "serve"]`, "/app/shelf"},
		"in /usr/bin, behind tini":         {`ENTRYPOINT ["/sbin/tini", "--", "/usr/bin/shelf"]`, "/usr/bin/shelf"},
		"in shell form":                    {`CMD /opt/shelf/bin/shelf --verbose`, "/opt/shelf/bin/shelf"},
		"the usual one":                    {`ENTRYPOINT ["/usr/local/bin/shelf"]`, "shelf"},
		"a link of most images":            {`ENTRYPOINT ["/bin/shelf"]`, "/bin/shelf"},
		"that link itself":                 {`ENTRYPOINT ["/bin"]`, "shelf"},
		"by its name":                      {`ENTRYPOINT ["shelf"]`, "shelf"},
		"another name":                     {`ENTRYPOINT ["/app/main"]`, "shelf"},
		"a folder of the system":           {`ENTRYPOINT ["/etc/shelf"]`, "shelf"},
		"one that leads out":               {`ENTRYPOINT ["/app/../../bin/shelf"]`, "shelf"},
		"a folder that needs quotes":       {`ENTRYPOINT ["/a \"b/shelf"]`, "shelf"},
		"a folder that only a shell knows": {`CMD $HOME/shelf`, "shelf"},
	} {
		t.Run(name, func(t *testing.T) {
			repository := "-- go.mod --\nmodule example.com/shelf\n\ngo 1.26\n-- main.go --\n" + strings.SplitN(server, "\n", 2)[1] + "-- Dockerfile --\nFROM golang AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o shelf .\nFROM alpine\n" + tt.start + "\n"
			p, err := decide(t, repository)
			if err != nil {
				t.Fatal(err)
			}
			got := after(dockerfile(t, p), "AS prod")
			to := tt.want
			if to == "shelf" {
				to = "/usr/local/bin/shelf"
			}
			if !strings.Contains(got, "ENTRYPOINT [\""+tt.want+"\"") || !strings.Contains(got, "--from=build /out/shelf "+to+"\n") {
				t.Errorf("no %q in\n%s", tt.want, got)
			}
		})
	}
}
