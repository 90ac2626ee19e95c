package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestAction runs the steps of the action of GitHub as a runner does, with releases in a folder in place of github.com.
func TestAction(t *testing.T) {
	t.Parallel()
	needs(t, "bash", "curl", "tar")
	if runtime.GOOS != "linux" || npmPlatforms["linux/"+runtime.GOARCH] == "" {
		t.Skip("NOT TESTED: the release of the test is for Linux")
	}
	archive := "dockgen_linux_" + runtime.GOARCH + ".tar.gz"
	packed := targz(t, "dockgen", []byte("#!/bin/sh\nprintf '%s|' dockgen \"$@\"\nexit 3\n"))
	sums := fmt.Appendf(nil, "%x  other.tar.gz\n%x  %s\n", sha256.Sum256(nil), sha256.Sum256(packed), archive)
	for name, c := range map[string]struct {
		version, folder string
		archive, sums   []byte
		fails           string
	}{
		"latest":              {"latest", "latest/download", packed, sums, ""},
		"a release":           {"v1.2.3", "download/v1.2.3", packed, sums, ""},
		"another archive":     {"v1.2.3", "download/v1.2.3", append([]byte{0}, packed...), sums, "::error::dockgen: " + archive + " is not the file that checksums.txt means"},
		"no checksum of it":   {"v1.2.3", "download/v1.2.3", packed, []byte("\n"), "::error::dockgen: " + archive + " is not the file that checksums.txt means"},
		"no such release":     {"v1.2.4", "download/v1.2.3", packed, sums, "cannot be downloaded"},
		"not a path to leave": {"v1.2.3/../../x", "download/v1.2.3", packed, sums, "::error::"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			releases, temp, work := t.TempDir(), t.TempDir(), t.TempDir()
			write(t, filepath.Join(releases, c.folder, archive), c.archive)
			write(t, filepath.Join(releases, c.folder, "checksums.txt"), c.sums)
			env := []string{
				"RUNNER_OS=Linux", "RUNNER_ARCH=" + map[string]string{"amd64": "X64", "arm64": "ARM64"}[runtime.GOARCH], "RUNNER_TEMP=" + temp,
				"GITHUB_PATH=" + filepath.Join(temp, "path"), "DOCKGEN_RELEASES=file://" + releases,
			}
			out, err := action(t, work, env, map[string]string{"version": c.version, "dirs": "services/api $(touch${IFS}x) *"})
			if c.fails != "" {
				if err == nil || !strings.Contains(out, c.fails) {
					t.Errorf("want %q: %v\n%s", c.fails, err, out)
				}
				return
			}
			if want := "dockgen|check|--format|github|--|services/api|$(touch${IFS}x)|*|"; out != want || err == nil || err.Error() != "exit status 3" {
				t.Errorf("%v\n%s\nwant %s", err, out, want)
			}
		})
	}
}

// action runs the steps of action.yml until one fails, as https://docs.github.com/actions/reference/metadata-syntax-for-github-actions says:
// bash ends with the first failure, and GITHUB_PATH has folders for the PATH of the next steps.
func action(t *testing.T, dir string, env []string, inputs map[string]string) (string, error) {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join(root, ".github/actions/dockgen"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a struct {
		Inputs map[string]struct{ Default string }
		Runs   struct {
			Using string
			Steps []struct {
				Name, Shell, Run string
				Env              map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	if a.Runs.Using != "composite" || len(a.Runs.Steps) != 2 || len(a.Inputs) != len(inputs) {
		t.Fatalf("another action than the one of the test: %+v", a)
	}
	var all strings.Builder
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("%s: an expression within a script is code that whoever sets the input writes", s.Name)
		}
		step := append([]string{"GITHUB_ACTION_PATH=" + folder}, env...)
		for k, v := range s.Env {
			for name, value := range inputs {
				v = strings.ReplaceAll(v, "${{ inputs."+name+" }}", value)
			}
			step = append(step, k+"="+v)
		}
		if added, err := os.ReadFile(strings.TrimPrefix(env[3], "GITHUB_PATH=")); err == nil {
			step = append(step, "PATH="+strings.TrimSpace(string(added))+":"+os.Getenv("PATH"))
		}
		out, err := try(t, dir, step, s.Shell, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", s.Run)
		all.WriteString(out)
		if err != nil {
			return all.String(), err
		}
	}
	return all.String(), nil
}

func targz(t *testing.T, name string, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	g := gzip.NewWriter(&out)
	w := tar.NewWriter(g)
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(text))}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
