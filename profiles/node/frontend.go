package node

import "github.com/dockgen/dockgen/profiles/record"

// takeFrontEnds has the front ends built whose files the program serves, and which the repository does not have: in a folder of
// their own that no script of the root makes, where the own Dockerfile puts them, and beside the app's folder. A folder that a
// program of the build may make is only looked for where a line of the repository names it.
func takeFrontEnds(p *project, s start, o opened, more further) error {
	if p.app.Member != nil || len(p.app.Root.Packages) > 0 {
		return nil
	}
	var list []record.Missing
	for _, dir := range wanted(*p, s) {
		if dir != s.file() && !more.made.writes(dir) {
			list = append(list, record.Missing{Folder: dir, Other: true, Loose: len(more.made.unknown) > 0})
		}
	}
	if err := p.in.ImportSome(list); err != nil {
		return err
	}
	if err := p.in.ImportSome(offered(p)); err != nil {
		return err
	}
	return p.in.ImportSome(o.beside())
}

// offered are what the own Dockerfile puts into the app's folder of front ends.
func offered(p *project) []record.Missing {
	if p.in.Offers == nil {
		return nil
	}
	var out []record.Missing
	for _, want := range p.in.Offers() {
		if want.Shipped {
			want.Other = true
			out = append(out, want)
		}
	}
	return out
}
