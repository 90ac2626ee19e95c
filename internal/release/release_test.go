package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// command runs a program in a folder and returns what it prints; the test ends if it fails.
func command(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	out, err := try(t, dir, env, args...)
	if err != nil {
		t.Fatalf("%q: %v\n%s", args, err, out)
	}
	return out
}

func try(t *testing.T, dir string, env []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// needs skips a test where a program is not there, and says so.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("NOT TESTED: %s is not installed", p)
		}
	}
}

// stand stands for the command of this machine, where only what starts it is tested.
const stand = "#!/bin/sh\necho \"dockgen v1.2.3 $*\"\ncase $1 in version) exit 0 ;; esac\nexit 2\n"

// dist is a dist folder of goreleaser with files that stand for the programs.
func dist(t *testing.T) (root, dist string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("NOT TESTED: a script stands for the program, which Windows does not start")
	}
	root = t.TempDir()
	here := runtime.GOOS + "/" + runtime.GOARCH
	var artifacts []map[string]any
	for _, p := range slices.Sorted(maps.Keys(npmPlatforms)) {
		goos, arch, _ := strings.Cut(p, "/")
		text := []byte("for " + p)
		if p == here {
			text = []byte(stand)
		}
		name := "bin/dist/dockgen_" + goos + "_" + arch + "/" + Program{OS: goos}.exe()
		write(t, filepath.Join(root, name), text)
		artifacts = append(artifacts,
			map[string]any{"type": "Binary", "path": name, "goos": goos, "goarch": arch},
			map[string]any{"type": "Archive", "path": name + ".tar.gz", "goos": goos, "goarch": arch})
	}
	text, err := json.Marshal(artifacts)
	if err != nil {
		t.Fatal(err)
	}
	dist = filepath.Join(root, "bin", "dist")
	write(t, filepath.Join(dist, "artifacts.json"), text)
	write(t, filepath.Join(dist, "metadata.json"), []byte(`{"version": "1.2.3"}`))
	return root, dist
}

func write(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o755); err != nil {
		t.Fatal(err)
	}
}

// TestNPM packs npm's packages, installs them without a network, and runs the command by its name.
func TestNPM(t *testing.T) {
	t.Parallel()
	needs(t, "npm", "node")
	r, err := Read(dist(t))
	if err != nil {
		t.Fatal(err)
	}
	npm(t, r)
}

func npm(t *testing.T, r Release) {
	t.Helper()
	out, app := t.TempDir(), t.TempDir()
	if err := r.NPM(out); err != nil {
		t.Fatal(err)
	}
	env := []string{"npm_config_cache=" + t.TempDir(), "npm_config_update_notifier=false"}
	packed := func(name string) string {
		return filepath.Join(out, strings.TrimSpace(command(t, out, env, "npm", "pack", "--silent", "./"+name)))
	}
	entry, here := packed("dockgen"), packed("dockgen-"+npmPlatforms[runtime.GOOS+"/"+runtime.GOARCH])
	write(t, filepath.Join(app, "package.json"), []byte(`{"private": true}`))
	install := []string{"npm", "install", "--offline", "--no-audit", "--no-fund"}

	command(t, app, env, append(install, entry)...)
	if text, err := try(t, app, env, "npx", "--no-install", "dockgen", "version"); err == nil || !strings.Contains(text, "is not installed\nhint: ") {
		t.Errorf("without the platform's package: %v\n%s", err, text)
	}
	command(t, app, env, append(install, entry, here)...)
	if got := command(t, app, env, "npx", "--no-install", "dockgen", "version"); !strings.HasPrefix(got, "dockgen v"+r.Version+" ") {
		t.Errorf("dockgen version: %q", got)
	}
	_, err := try(t, app, env, filepath.Join("node_modules", ".bin", "dockgen"), "nonsense")
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("the exit code is lost: %v", err)
	}
	for p := range npmPlatforms {
		if _, err := os.Stat(filepath.Join(out, "dockgen-"+npmPlatforms[p], "package.json")); err != nil {
			t.Error(err)
		}
	}
}

// TestWheels installs this platform's wheel without a network, and runs the command.
func TestWheels(t *testing.T) {
	t.Parallel()
	needs(t, "python3")
	r, err := Read(dist(t))
	if err != nil {
		t.Fatal(err)
	}
	pypi(t, r)
}

func pypi(t *testing.T, r Release) {
	t.Helper()
	out, target := t.TempDir(), t.TempDir()
	if err := r.Wheels(out); err != nil {
		t.Fatal(err)
	}
	wheels, err := filepath.Glob(filepath.Join(out, "*.whl"))
	if err != nil || len(wheels) != len(wheelPlatforms) {
		t.Fatalf("%q, %v: want %d wheels", wheels, err, len(wheelPlatforms))
	}
	if text, err := try(t, out, nil, "python3", "-m", "pip", "--version"); err != nil {
		t.Logf("NOT TESTED: %s", text)
		return
	}
	command(t, out, nil, "python3", "-m", "pip", "install", "--quiet", "--pre", "--disable-pip-version-check", "--no-index", "--find-links", out, "--target", target, pypiName)
	if got := command(t, target, nil, filepath.Join(target, "bin", Program{OS: runtime.GOOS}.exe()), "version"); !strings.HasPrefix(got, "dockgen v"+r.Version+" ") {
		t.Errorf("dockgen version: %q", got)
	}
}

func TestPEP440(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1.2.3": "1.2.3", "1.2.3-rc.1": "1.2.3rc1", "1.2.3-beta2": "1.2.3b2", "0.0.0-SNAPSHOT-49c6327": "0.0.0.dev0+49c6327",
		"1.2": "", "1.2.3-feature": "", "1.2.3\nName: x": "",
	} {
		got, err := pep440(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
}

// TestSnapshot has goreleaser make all of a release but what signs it and what lists its parts, and looks at what came of it:
// two minutes of two cores, so only with CI=true.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	needs(t, "goreleaser", "git")
	command(t, root, nil, "goreleaser", "check")
	if os.Getenv("CI") != "true" {
		t.Skip("NOT TESTED: CI=true makes the snapshot, which takes two minutes")
	}
	clone := checkout(t)
	command(t, clone, nil, "goreleaser", "release", "--snapshot", "--clean", "--skip=sign,sbom")
	out := filepath.Join(clone, "bin", "dist")
	r, err := Read(clone, out)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Programs) != 6 {
		t.Errorf("%d programs, want 6: %+v", len(r.Programs), r.Programs)
	}
	npm(t, r)
	pypi(t, r)
	want := []string{"dockgen", "LICENSE", "README.md", "completions/dockgen.bash", "completions/_dockgen", "completions/dockgen.fish", "completions/dockgen.ps1", "man/dockgen.1", "man/dockgen-init.1"}
	sums, err := os.ReadFile(filepath.Join(out, "checksums.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Programs {
		name := "dockgen_" + p.OS + "_" + p.Arch
		archive := name + ".tar.gz"
		if p.OS == "windows" {
			archive = name + ".zip"
		}
		files := unpacked(t, filepath.Join(out, archive))
		for _, w := range want {
			if w == "dockgen" {
				w = p.exe()
			}
			if len(files[w]) == 0 {
				t.Errorf("%s has no %s", archive, w)
			}
		}
		made := []string{archive}
		if p.OS == "linux" {
			made = append(made, name+".deb", name+".rpm", name+".apk")
		}
		for _, m := range made {
			if !regexp.MustCompile(`(?m)^[0-9a-f]{64}  ` + regexp.QuoteMeta(m) + `$`).Match(sums) {
				t.Errorf("checksums.txt has no %s", m)
			}
		}
		if p.OS == runtime.GOOS && p.Arch == runtime.GOARCH {
			file := filepath.Join(t.TempDir(), p.exe())
			write(t, file, files[p.exe()])
			if got := command(t, clone, nil, file, "version"); !strings.HasPrefix(got, "dockgen v"+r.Version+" (go") {
				t.Errorf("%s: dockgen version: %q", archive, got)
			}
		}
	}
	for file, want := range map[string]string{
		"homebrew/Casks/dockgen.rb": `binary "dockgen"`,
		"scoop/bucket/dockgen.json": "/dockgen_windows_amd64.zip",
	} {
		text, err := os.ReadFile(filepath.Join(out, file))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s has no %q: %v\n%s", file, want, err, text)
		}
	}
	debian(t, filepath.Join(out, fmt.Sprintf("dockgen_linux_%s.deb", runtime.GOARCH)), r.Version)
}

// debian unpacks the package as dpkg does and runs what it holds.
func debian(t *testing.T, deb, version string) {
	t.Helper()
	if _, err := exec.LookPath("dpkg"); err != nil || runtime.GOOS != "linux" {
		t.Log("NOT TESTED: there is no dpkg to unpack the .deb")
		return
	}
	target := t.TempDir()
	command(t, target, nil, "dpkg", "-x", deb, target)
	if got := command(t, target, nil, filepath.Join(target, "usr/bin/dockgen"), "version"); !strings.HasPrefix(got, "dockgen v"+version+" (go") {
		t.Errorf("%s: dockgen version: %q", deb, got)
	}
	for _, name := range []string{"bash-completion/completions/dockgen", "zsh/vendor-completions/_dockgen", "fish/vendor_completions.d/dockgen.fish", "doc/dockgen/copyright", "man/man1/dockgen-init.1"} {
		if _, err := os.Stat(filepath.Join(target, "usr/share", name)); err != nil {
			t.Error(err)
		}
	}
}

// checkout is a clone with the files of this checkout as they are, in which a test may write.
func checkout(t *testing.T) string {
	t.Helper()
	from, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	clone := filepath.Join(t.TempDir(), "dockgen")
	command(t, from, nil, "git", "clone", "--quiet", "--no-tags", from, clone)
	for name := range strings.SplitSeq(command(t, from, nil, "git", "ls-files", "-z", "--modified", "--others", "--exclude-standard"), "\x00") {
		file := filepath.Join(from, name)
		info, err := os.Stat(file)
		if name == "" || err != nil { // deleted
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(clone, name), text)
		if err := os.Chmod(filepath.Join(clone, name), info.Mode()); err != nil {
			t.Fatal(err)
		}
	}
	return clone
}

// unpacked are the files of a .zip or .tar.gz.
func unpacked(t *testing.T, archive string) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	if strings.HasSuffix(archive, ".zip") {
		z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if files[f.Name], err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		return files
	}
	g, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for tr := tar.NewReader(g); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(tr); err != nil {
			t.Fatal(err)
		}
	}
}
