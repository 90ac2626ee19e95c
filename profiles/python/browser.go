package python

import (
	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// browsersPath is where Playwright's browsers are, for every user:
// https://playwright.dev/python/docs/browsers#managing-browser-binaries.
const browsersPath = "/opt/browsers"

// trixie is the first Playwright that knows Debian 13:
// https://github.com/microsoft/playwright/issues/36916.
const trixie = "1.55.0"

// checkBrowsers refuses a Playwright that cannot install its browsers here.
func (p project) checkBrowsers() error {
	r, ok := p.names["playwright"]
	v := exact(r)
	if k, locked := p.m.Locked["playwright"]; locked {
		v = k.Version
	}
	if ok && v != "" && !p.remoteBrowsers() && semver.PyPI.Compare(v, trixie) < 0 {
		return record.Refuse(r.Pos, "raise it, or start from mcr.microsoft.com/playwright/python of the same version", "playwright %s does not install its browsers on Debian 13, which version %s is the first to know", plan.Printable(v, 20), trixie)
	}
	return nil
}

// remoteBrowsers reports whether the app asks browsers of other containers: its own image has Playwright and installs no browser.
func (p project) remoteBrowsers() bool { return p.f.Recipe.Own && p.f.Recipe.Browsers.IsZero() }

// browsers installs the browsers that the code starts with Playwright into prod and
// dev, before the code comes, so that an edit installs none again.
func (p project) browsers(run *plan.Run, dev *Dev, deps *Deps) error {
	if !p.has("playwright") || deps == nil || p.remoteBrowsers() {
		return nil
	}
	command := []string{"playwright", "install", "--with-deps"}
	n := len(command)
	for _, name := range []string{"chromium", "firefox", "webkit"} {
		for _, m := range p.f.Modules {
			if m.Attribute(name) {
				command = append(command, name)
				break
			}
		}
	}
	if len(command) == n {
		command = append(command, "chromium")
	}
	install, err := plan.NewShell(command...)
	if err != nil {
		return err
	}
	env := plan.MustEnv("PLAYWRIGHT_BROWSERS_PATH", browsersPath)
	venv := plan.MustToken(venv)
	step := plan.Step{
		Why:    plan.NewComment("Playwright's browsers, with the libraries that they need."),
		Mounts: []plan.Mount{plan.StageMount(deps.Name, venv, venv)},
		Run:    []plan.Shell{install, plan.MustShell("rm", "-rf", "/var/lib/apt/lists")},
	}
	run.Env = append(run.Env, env)
	run.Prepare = append(run.Prepare, step)
	step.Mounts = nil
	dev.Env = append(dev.Env[:len(dev.Env):len(dev.Env)], env)
	dev.Browsers = []plan.Step{step}
	return nil
}
