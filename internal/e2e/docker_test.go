package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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

// docker runs the docker command line in dir and returns what it printed.
// Builds of several processes on one machine take turns when
// DOCKGEN_E2E_LOCK names a file.
func docker(ctx context.Context, dir string, args ...string) (string, error) {
	line := append([]string{"docker"}, args...)
	if lock := os.Getenv("DOCKGEN_E2E_LOCK"); lock != "" && args[0] == "build" {
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

// build builds a target and returns the log and the time it took. An empty
// tag keeps the result in the build cache alone.
func build(ctx context.Context, dir, target, tag string, flags ...string) (string, time.Duration, error) {
	args := append([]string{"build", "--progress", "plain", "--target", target}, flags...)
	if tag == "" {
		args = append(args, "--output", "type=cacheonly")
	} else {
		args = append(args, "--tag", tag)
	}
	start := time.Now()
	out, err := docker(ctx, dir, append(args, ".")...)
	return out, time.Since(start), err
}

// image is what the tests read of docker image inspect.
type image struct {
	Size   int64
	Config struct {
		User         string
		WorkingDir   string
		ExposedPorts map[string]struct{}
		Healthcheck  *struct{ Test []string }
	}
}

func inspectImage(ctx context.Context, t *testing.T, tag string) image {
	t.Helper()
	return inspect[image](ctx, t, "image", tag)
}

func inspect[T any](ctx context.Context, t *testing.T, kind, name string) T {
	t.Helper()
	out, err := docker(ctx, "", kind, "inspect", name)
	if err != nil {
		t.Fatal(err)
	}
	var list []T
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 1 {
		t.Fatalf("docker %s inspect %s: %v: %s", kind, name, err, out)
	}
	return list[0]
}

// ports lists the image's EXPOSEd TCP ports.
func (i image) ports() []int {
	var out []int
	for p := range i.Config.ExposedPorts {
		number, proto, _ := strings.Cut(p, "/")
		if n, err := strconv.Atoi(number); err == nil && proto == "tcp" {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// container is a running container, removed when its test ends.
type container struct {
	id string
}

// state is what the tests read of docker container inspect.
type state struct {
	State struct {
		Running    bool
		ExitCode   int
		FinishedAt time.Time
	}
	NetworkSettings struct {
		Networks map[string]struct{ IPAddress string }
	}
}

// start runs an image in the background with the example's variables.
func start(ctx context.Context, t *testing.T, tag string, env map[string]string, options ...string) *container {
	t.Helper()
	args := append([]string{"run", "--detach"}, options...)
	for _, name := range slices.Sorted(maps.Keys(env)) {
		args = append(args, "--env", name+"="+env[name])
	}
	out, err := docker(ctx, "", append(args, tag)...)
	if err != nil {
		t.Fatal(err)
	}
	c := &container{id: strings.TrimSpace(out)}
	t.Cleanup(func() { _, _ = docker(context.Background(), "", "rm", "--force", "--volumes", c.id) })
	return c
}

func (c *container) logs(ctx context.Context) string {
	out, err := docker(ctx, "", "logs", "--tail", "60", c.id)
	if err != nil {
		return err.Error()
	}
	return out
}

// poll is the time between two tries.
const poll = 50 * time.Millisecond

// answer waits until a request is answered as wanted. It fails at once when
// the container ends, and with the last answer and the logs at the deadline.
func (c *container) answer(ctx context.Context, t *testing.T, port int, limit time.Duration, want string, ok func(status int, body string) bool, path string) time.Duration {
	t.Helper()
	begin := time.Now()
	last := "no answer"
	for time.Since(begin) < limit {
		s := inspect[state](ctx, t, "container", c.id)
		if !s.State.Running {
			t.Fatalf("the container ended with code %d\n%s", s.State.ExitCode, c.logs(ctx))
		}
		ip := ""
		for _, n := range s.NetworkSettings.Networks {
			ip = n.IPAddress
		}
		status, body, err := get(ctx, "http://"+net.JoinHostPort(ip, strconv.Itoa(port))+path)
		switch {
		case err != nil:
			last = err.Error()
		case ok(status, body):
			return time.Since(begin)
		default:
			last = fmt.Sprintf("status %d, body %.600q", status, body)
		}
		time.Sleep(poll)
	}
	t.Fatalf("within %v: want %s; got %s\n%s", limit, want, last, c.logs(ctx))
	return 0
}

// like is an ok of answer, with its description.
func like(h example.HTTP) (string, func(int, string) bool) {
	return fmt.Sprintf("GET %s to give %d with %q", h.Path, h.Status, h.Contains), func(status int, body string) bool {
		return status == h.Status && strings.Contains(body, h.Contains)
	}
}

func get(ctx context.Context, url string) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	// A connection of its own: a server that restarts must not be asked over the old one.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	return res.StatusCode, string(text), err
}

// stop sends SIGTERM and waits for the end; the code says how it ended. The
// time is that of the process, without what the engine then takes down.
func (c *container) stop(ctx context.Context, t *testing.T) (took time.Duration, code int) {
	t.Helper()
	begin := time.Now()
	if _, err := docker(ctx, "", "stop", "--time", "10", c.id); err != nil {
		t.Fatal(err)
	}
	took = time.Since(begin)
	s := inspect[state](ctx, t, "container", c.id).State
	if own := s.FinishedAt.Sub(begin); own > 0 { // else the engine has another clock
		took = min(took, own)
	}
	return took, s.ExitCode
}

// wait waits for a job's end.
func (c *container) wait(ctx context.Context, t *testing.T, limit time.Duration) (code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, err := docker(ctx, "", "wait", c.id)
	if err != nil {
		t.Fatalf("the job does not end within %v: %v\n%s", limit, err, c.logs(context.WithoutCancel(ctx)))
	}
	code, err = strconv.Atoi(strings.TrimSpace(out))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// uids lists the users of the container's processes.
func (c *container) uids(ctx context.Context, t *testing.T) []string {
	t.Helper()
	out, err := docker(ctx, "", "top", c.id, "-eo", "uid,pid,args")
	if err != nil {
		t.Fatal(err)
	}
	var uids []string
	for _, line := range strings.Split(strings.TrimSpace(out), "\n")[1:] {
		if f := strings.Fields(line); len(f) > 0 {
			uids = append(uids, f[0])
		}
	}
	return uids
}

// engine reports why no Docker engine answers.
func engine(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	_, err := docker(ctx, "", "info")
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("no docker command on this machine")
	}
	return err
}
