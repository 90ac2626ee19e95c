package golang

import (
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// The oldest go lines with which the go command takes vendor/ unasked: of
// go.mod (https://go.dev/ref/mod#vendoring), and of go.work for a folder that
// go work vendor made (https://go.dev/doc/go1.22#go-command).
var (
	vendorModule    = release{major: 1, minor: 14} //nolint:gochecknoglobals // a constant
	vendorWorkspace = release{major: 1, minor: 22} //nolint:gochecknoglobals // a constant
)

// vendored reports whether the build takes its modules from vendor/. In a
// workspace, Go passes over a vendor/ that is that of one module.
func (d *decider) vendored() bool {
	if d.f.Work == nil {
		return d.f.Vendor.Found() && len(d.f.Modules) > 0
	}
	return d.f.Vendor.Value && !older(d.f.Work.Go, vendorWorkspace)
}

// vendor has the go command take vendor/, where it would not by itself.
func (d *decider) vendor() error {
	d.Log.Choose(plan.Choice{
		Key: "go.modules", Value: "vendor", Rule: "vendor/modules.txt is committed: the build takes it and downloads nothing",
		Pos: record.At(d.f.Vendor.Pos), Link: "https://go.dev/ref/mod#vendoring",
	})
	if d.f.Work == nil && older(d.f.Modules[0].Go, vendorModule) {
		return d.goflag("-mod=vendor", "The go line is older than "+vendorModule.String()+": Go has to be told to take vendor/.")
	}
	return nil
}

// older reports whether a go line is older than a release; one that is missing
// is.
func older(line string, than release) bool {
	r, ok := parseRelease(line)
	return !ok || compare(r, than) < 0
}
