package release

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// wheelPlatforms are the platform tags (https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/).
// The program needs no C library, so that it runs with each; macOS 12 is the oldest for which Go 1.26 builds
// (https://go.dev/wiki/MinimumRequirements).
var wheelPlatforms = map[string]string{ //nolint:gochecknoglobals // a constant table
	"linux/amd64":   "manylinux2014_x86_64.manylinux_2_17_x86_64.musllinux_1_1_x86_64",
	"linux/arm64":   "manylinux2014_aarch64.manylinux_2_17_aarch64.musllinux_1_1_aarch64",
	"darwin/amd64":  "macosx_12_0_x86_64",
	"darwin/arm64":  "macosx_12_0_arm64",
	"windows/amd64": "win_amd64",
	"windows/arm64": "win_arm64",
}

// pypiName is not dockgen, which is a project of others on PyPI.
const pypiName = "dockgen-bin"

var (
	release3  = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	candidate = regexp.MustCompile(`^(\d+\.\d+\.\d+)-(alpha|beta|rc)\.?(\d+)$`)
	snapshot  = regexp.MustCompile(`^(\d+\.\d+\.\d+)-SNAPSHOT-([0-9a-z]+)$`)
)

// pep440 is a version of semver as Python has it: https://packaging.python.org/en/latest/specifications/version-specifiers/
func pep440(v string) (string, error) {
	if release3.MatchString(v) {
		return v, nil
	}
	if m := candidate.FindStringSubmatch(v); m != nil {
		return m[1] + map[string]string{"alpha": "a", "beta": "b", "rc": "rc"}[m[2]] + m[3], nil
	}
	if m := snapshot.FindStringSubmatch(v); m != nil {
		return m[1] + ".dev0+" + m[2], nil
	}
	return "", fmt.Errorf("the version %q has no form of PEP 440: name tags v1.2.3, or v1.2.3-rc.1", v)
}

// Wheels writes a wheel for each platform, whose script is the program.
func (r Release) Wheels(out string) error {
	version, err := pep440(r.Version)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, p := range r.Programs {
		tags, err := platform(wheelPlatforms, p)
		if err != nil {
			return err
		}
		program, err := os.ReadFile(p.File)
		if err != nil {
			return err
		}
		text, err := wheel(version, tags, p.exe(), program)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s-%s-py3-none-%s.whl", strings.ReplaceAll(pypiName, "-", "_"), version, tags)
		if err := os.WriteFile(filepath.Join(out, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// wheel is the archive (https://packaging.python.org/en/latest/specifications/binary-distribution-format/): what is below
// NAME.data/scripts is put where the commands of an environment are.
func wheel(version, tags, exe string, program []byte) ([]byte, error) {
	base := strings.ReplaceAll(pypiName, "-", "_") + "-" + version
	var tagLines strings.Builder
	for tag := range strings.SplitSeq(tags, ".") {
		fmt.Fprintf(&tagLines, "Tag: py3-none-%s\n", tag)
	}
	files := []struct {
		name string
		mode os.FileMode
		text []byte
	}{
		{base + ".data/scripts/" + exe, 0o755, program},
		{base + ".dist-info/METADATA", 0o644, fmt.Appendf(nil,
			"Metadata-Version: 2.4\nName: %s\nVersion: %s\nSummary: %s\nLicense-Expression: %s\nProject-URL: Source, %s\nRequires-Python: >=3.8\n",
			pypiName, version, summary, license, home)},
		{base + ".dist-info/WHEEL", 0o644, []byte("Wheel-Version: 1.0\nGenerator: dockgen\nRoot-Is-Purelib: false\n" + tagLines.String())},
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, mode os.FileMode, text []byte) error {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)} // the same bytes each time
		h.SetMode(mode)
		w, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	}
	var record strings.Builder
	for _, f := range files {
		if err := add(f.name, f.mode, f.text); err != nil {
			return nil, err
		}
		sum := sha256.Sum256(f.text)
		fmt.Fprintf(&record, "%s,sha256=%s,%d\n", f.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(f.text))
	}
	name := base + ".dist-info/RECORD"
	record.WriteString(name + ",,\n")
	if err := add(name, 0o644, []byte(record.String())); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
