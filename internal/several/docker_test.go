package several_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dockgen/dockgen/internal/example"
)

// docker runs the docker command line in dir and returns what it printed. Builds of several processes on one machine take turns
// when DOCKGEN_E2E_LOCK names a file.
func docker(ctx context.Context, dir string, args ...string) (string, error) {
	line := append([]string{"docker"}, args...)
	if lock := os.Getenv("DOCKGEN_E2E_LOCK"); lock != "" && args[0] == "buildx" {
		line = append([]string{"flock", lock}, line...)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(line, " "), err, tail(out.String(), 60))
	}
	return out.String(), err
}

func tail(text string, lines int) string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// must is docker's answer, in its last lines of JSON where out is not nil.
func must(t *testing.T, dir string, out any, args ...string) string {
	t.Helper()
	text, err := docker(t.Context(), dir, args...)
	if err != nil {
		t.Fatal(err)
	}
	if out == nil {
		return text
	}
	_, body, _ := strings.Cut("\n"+text, "\n"+map[bool]string{true: "[", false: "{"}[strings.HasPrefix(text, "[")])
	body = map[bool]string{true: "[", false: "{"}[strings.HasPrefix(text, "[")] + body
	if err := json.Unmarshal([]byte(body), out); err != nil {
		t.Fatalf("docker %s: %v:\n%s", strings.Join(args, " "), err, text)
	}
	return text
}

// image is what the tests read of docker image inspect, and state of docker container inspect.
type (
	image struct {
		ID     string `json:"Id"`
		Config struct {
			User         string
			ExposedPorts map[string]struct{}
			Healthcheck  *struct{ Test []string }
		}
	}
	state struct {
		State struct {
			Running  bool
			ExitCode int
		}
		NetworkSettings struct {
			Networks map[string]struct{ IPAddress string }
		}
	}
)

// inspect is what docker knows of an image or a container.
func inspect[T any](t *testing.T, kind, name string) T {
	t.Helper()
	var list []T
	must(t, "", &list, kind, "inspect", name)
	if len(list) != 1 {
		t.Fatal(kind, name, list)
	}
	return list[0]
}

// start runs an image in the background, with a read-only root; the container is removed when the test ends.
func start(t *testing.T, image string, env map[string]string, options ...string) (id string) {
	t.Helper()
	args := append([]string{"run", "--detach", "--read-only", "--tmpfs", "/tmp"}, options...)
	for _, name := range slices.Sorted(maps.Keys(env)) {
		args = append(args, "--env", name+"="+env[name])
	}
	id = strings.TrimSpace(must(t, "", nil, append(args, image)...))
	t.Cleanup(func() { _, _ = docker(context.Background(), "", "rm", "--force", "--volumes", id) })
	return id
}

func logs(ctx context.Context, id string) string {
	out, err := docker(ctx, "", "logs", "--tail", "60", id)
	if err != nil {
		return err.Error()
	}
	return out
}

// How long containers may take.
const (
	answerWithin = 60 * time.Second
	stopWithin   = 3 * time.Second
	poll         = 50 * time.Millisecond
)

// answers waits until a container answers a request as wanted. It fails at once when the container ends.
func answers(t *testing.T, id string, port int, want example.HTTP) {
	t.Helper()
	last := "no answer"
	for begin := time.Now(); time.Since(begin) < answerWithin; time.Sleep(poll) {
		s := inspect[state](t, "container", id)
		if !s.State.Running {
			t.Fatalf("the container ended with code %d\n%s", s.State.ExitCode, logs(t.Context(), id))
		}
		ip := ""
		for _, n := range s.NetworkSettings.Networks {
			ip = n.IPAddress
		}
		status, body, err := get(t.Context(), "http://"+net.JoinHostPort(ip, strconv.Itoa(port))+want.Path)
		if err == nil && status == want.Status && strings.Contains(body, want.Contains) {
			return
		}
		last = fmt.Sprintf("status %d, body %.600q, %v", status, body, err)
	}
	t.Fatalf("GET %s: want %d with %q, got %s\n%s", want.Path, want.Status, want.Contains, last, logs(t.Context(), id))
}

func get(ctx context.Context, url string) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, string(text), err
}

// ended waits for the end of what ends by itself.
func ended(t *testing.T, id string) (code string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), answerWithin)
	defer cancel()
	out, err := docker(ctx, "", "wait", id)
	if err != nil {
		t.Fatalf("it does not end: %v\n%s", err, logs(t.Context(), id))
	}
	return strings.TrimSpace(out)
}

// stops wants SIGTERM to end a container in time.
func stops(t *testing.T, id string) {
	t.Helper()
	begin := time.Now()
	must(t, "", nil, "stop", "--time", "10", id)
	if took, code := time.Since(begin), inspect[state](t, "container", id).State.ExitCode; took > stopWithin || code == 137 {
		t.Errorf("stopped in %v with code %d, want SIGTERM to end it within %v", took, code, stopWithin)
	}
}

// users are the numbers of the users of a container's processes.
func users(t *testing.T, id string) (out []string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(must(t, "", nil, "top", id, "-eo", "uid,pid,args")), "\n")[1:] {
		if f := strings.Fields(line); len(f) > 0 {
			out = append(out, f[0])
		}
	}
	return out
}
