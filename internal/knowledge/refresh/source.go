package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// source is a copy of a repository: a git directory, with or without a work tree, or a plain folder, which has no history.
type source struct {
	repository string // "docker-library/official-images"
	dir        string
	git        bool
	commit     string // of HEAD, "" in a plain folder
	date       string // of that commit
}

// revision is a file as it was from a day on.
type revision struct {
	date string
	text []byte
}

// open finds the copy of a repository below dir: as OWNER/NAME, NAME or OWNER+NAME, and the git directory in it as it is, .git or repo.
func open(dir, repository string) (*source, error) {
	owner, name, _ := strings.Cut(repository, "/")
	for _, at := range []string{filepath.Join(owner, name), name, owner + "+" + name} {
		at = filepath.Join(dir, at)
		for _, inner := range []string{".", ".git", "repo"} {
			s := &source{repository: repository, dir: filepath.Join(at, inner), git: true}
			if _, err := os.Stat(filepath.Join(s.dir, "objects")); err != nil {
				continue
			}
			out, err := s.run(nil, "log", "-1", "--format=%H %cs", "HEAD")
			if err != nil {
				return nil, err
			}
			s.commit, s.date, _ = strings.Cut(strings.TrimSpace(string(out)), " ")
			return s, nil
		}
		if info, err := os.Stat(at); err == nil && info.IsDir() {
			return &source{repository: repository, dir: at}, nil
		}
	}
	return nil, fmt.Errorf("%s has no copy of %s: clone https://github.com/%s into it", dir, repository, repository)
}

// run is what git prints for the repository's directory.
func (s *source) run(in io.Reader, args ...string) ([]byte, error) {
	cmd := exec.Command("git", append([]string{"--git-dir=" + s.dir}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "TZ=UTC")
	cmd.Stdin = in
	out, err := cmd.Output()
	if err != nil {
		text := ""
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			text = ": " + strings.TrimSpace(string(exit.Stderr))
		}
		return nil, fmt.Errorf("%s: git %s: %w%s", s.repository, args[0], err, text)
	}
	return out, nil
}

// read is a file at HEAD. One that is not there is fs.ErrNotExist.
func (s *source) read(name string) ([]byte, error) {
	if !s.git {
		return os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	}
	found, err := s.blobs([]string{"HEAD:" + name})
	if err != nil {
		return nil, err
	}
	if found[0] == nil {
		return nil, fmt.Errorf("%s: %s: %w", s.repository, name, fs.ErrNotExist)
	}
	return found[0], nil
}

// history is a file at HEAD and as it was before, the newest first. A plain folder has the newest alone.
func (s *source) history(name string) ([]revision, error) {
	if !s.git {
		text, err := s.read(name)
		return []revision{{text: text}}, err
	}
	out, err := s.run(nil, "log", "--first-parent", "--format=%H %cs", "HEAD", "--", name)
	if err != nil {
		return nil, err
	}
	var list []revision
	var names []string
	for line := range strings.Lines(string(out)) {
		hash, date, _ := strings.Cut(strings.TrimSpace(line), " ")
		list, names = append(list, revision{date: date}), append(names, hash+":"+name)
	}
	texts, err := s.blobs(names)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].text = texts[i]
	}
	if len(list) == 0 || list[0].text == nil {
		return nil, fmt.Errorf("%s: %s: %w", s.repository, name, fs.ErrNotExist)
	}
	return list, nil
}

// blobs are the files of those names, nil for one that is not there: https://git-scm.com/docs/git-cat-file#_batch_output
func (s *source) blobs(names []string) ([][]byte, error) {
	raw, err := s.run(strings.NewReader(strings.Join(names, "\n")+"\n"), "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(bytes.NewReader(raw))
	out := make([][]byte, len(names))
	for i := range names {
		head, err := in.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("%s: git cat-file: %w", s.repository, err)
		}
		words := strings.Fields(head)
		if len(words) != 3 || words[1] != "blob" {
			continue // "NAME missing"
		}
		size, err := strconv.Atoi(words[2])
		if err != nil {
			return nil, fmt.Errorf("%s: git cat-file: %w", s.repository, err)
		}
		out[i] = make([]byte, size)
		if _, err := io.ReadFull(in, out[i]); err != nil {
			return nil, fmt.Errorf("%s: git cat-file: %w", s.repository, err)
		}
		if _, err := in.Discard(1); err != nil {
			return nil, fmt.Errorf("%s: git cat-file: %w", s.repository, err)
		}
	}
	return out, nil
}
