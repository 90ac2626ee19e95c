package node

import "github.com/dockgen/dockgen/profiles/record"

// takeFrontEnds has the front ends built whose files the program serves, which lie in a folder of
// their own, and which neither the repository has nor a script of the root makes. A folder that a
// program of the build may make is only looked for where a line of the repository names it.
func takeFrontEnds(p *project, s start, o opened, more further) error {
	if p.app.Member != nil || len(p.app.Root.Packages) > 0 {
		return nil
	}
	for _, dir := range wanted(*p, s, o.served()) {
		if dir == s.file() || more.made.writes(dir) {
			continue
		}
		want := record.Missing{Folder: dir, Other: true, Loose: len(more.made.unknown) > 0}
		_, err := p.in.Import(want)
		if err = p.in.Log.Without(err); err != nil {
			return err
		}
	}
	if err := takeOffered(p); err != nil {
		return err
	}
	return takeBeside(p, o)
}

// takeOffered has the front ends built that the own Dockerfile puts into the app's folder.
func takeOffered(p *project) error {
	if p.fw.Site != nil || p.in.Offers == nil {
		return nil
	}
	for _, want := range p.in.Offers() {
		if !want.Shipped {
			continue
		}
		want.Other = true
		_, err := p.in.Import(want)
		if err = p.in.Log.Without(err); err != nil {
			return err
		}
	}
	return nil
}

// takeBeside has the front ends built that lie beside the app's folder, and whose files its program serves.
func takeBeside(p *project, o opened) error {
	if p.fw.Site != nil {
		return nil
	}
	for _, want := range o.beside() {
		_, err := p.in.Import(want)
		if err = p.in.Log.Without(err); err != nil {
			return err
		}
	}
	return nil
}
