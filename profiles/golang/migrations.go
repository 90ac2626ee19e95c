package golang

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
)

// noteMigrations says how the database gets its tables, if the repository has migrations of golang-migrate and nothing that the program is made
// of reads them: NAME.up.sql, which its command applies. The binary does not hold them, and no image has the command.
// https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md, https://github.com/golang-migrate/migrate#docker-usage
func noteMigrations(s *source, m golang.Main) {
	if s.required("github.com/golang-migrate/migrate/v4") || s.required("github.com/golang-migrate/migrate") {
		return
	}
	for _, file := range s.Tree.Files(s.Dir) {
		name, ok := tree.Below(file, s.Dir)
		if !ok || !strings.HasSuffix(name, ".up.sql") || strings.Contains("/"+name, "/testdata/") {
			continue
		}
		dir := path.Dir(name)
		if dir == "." || readsMigrations(s, m, dir) {
			return
		}
		s.Log.Note(fact.At(path.Join(s.Dir, dir), 0), "nothing that prod runs is seen to apply the migrations",
			"docker run --rm -v "+image.Bind(path.Join(s.Above, printable(dir)), "/migrations")+" migrate/migrate -path=/migrations -database=URL up")
		return
	}
}

// readsMigrations reports whether the program has the folder in it, or opens something in or around it.
func readsMigrations(s *source, m golang.Main, dir string) bool {
	near := func(folder string) bool {
		folder = path.Clean(folder)
		return folder == "." || strings.HasPrefix(dir+"/", folder+"/") || strings.HasPrefix(folder+"/", dir+"/")
	}
	for _, e := range m.Embeds {
		if near(s.folderOf(e.Value.Pattern)) {
			return true
		}
	}
	for _, f := range m.Files {
		if f.Path.Text != "" && near(s.folderOf(path.Join(workdir(s, m), f.Path.Text))) {
			return true
		}
	}
	return false
}
