package node

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
)

// rushRepository is a repository of Rush with two projects; change replaces what a file has, or takes it away.
func rushRepository(change map[string]string) map[string]string {
	files := map[string]string{
		"rush.json": `{
  "rushVersion": "5.179.0", "pnpmVersion": "10.34.8", // the tools
  "nodeSupportedVersionRange": ">=24",
  "projects": [
    {"packageName": "@m/api", "projectFolder": "apps/api"},
    {"packageName": "@m/lib", "projectFolder": "libs/lib", "subspaceName": "low"},
  ],
}`,
		RushConfig + "/pnpm-config.json": `{"useWorkspaces": true}`,
		RushConfig + "/pnpm-lock.yaml":   "lockfileVersion: '9.0'\n\nimporters:\n\n  ../../apps/api:\n    dependencies:\n      express:\n        specifier: ^5.0.0\n        version: 5.1.0\n",
		"apps/api/package.json":          `{"name": "@m/api", "dependencies": {"express": "^5.0.0"}}`,
		"libs/lib/package.json":          `{"name": "@m/lib"}`,
		"tools/x/package.json":           `{"name": "none of Rush's"}`,
		"package.json":                   `{"name": "root", "dependencies": {"turbo": "2"}}`,
	}
	maps.Copy(files, change)
	for name, text := range change {
		if text == "" {
			delete(files, name)
		}
	}
	return files
}

// TestRush: rush.json stands for the manifest of a workspace whose members are its projects.
func TestRush(t *testing.T) {
	f := mustRead(t, rushRepository(map[string]string{RushConfig + "/.npmrc": "registry=https://npm.example.com/\n//npm.example.com/:_authToken=${TOKEN}\n"}))
	var members []string
	for _, u := range f.Packages {
		members = append(members, u.Dir+" "+u.Name)
	}
	if diff := cmp.Diff([]string{"apps/api @m/api", "libs/lib @m/lib"}, members); diff != "" {
		t.Error(diff)
	}
	if f.Manifest != "rush.json" || f.Has("turbo") || f.Engines["node"] != fact.New(">=24", "rush.json", 3) {
		t.Errorf("manifest %s, dependencies %v, engines %v", f.Manifest, f.Deps, f.Engines)
	}
	if len(f.Registries) != 1 || f.Registries[0].Value != "npm.example.com" || len(f.Variables) != 1 {
		t.Errorf("registries %v, variables %v", f.Registries, f.Variables)
	}
	if len(f.Lockfiles) != 1 || f.Lockfiles[0].Manager != "rush" || f.Lockfiles[0].Stale != "" || f.Lockfiles[0].Version != "9.0" {
		t.Errorf("lockfiles %+v", f.Lockfiles)
	}
}

// TestRushSettings: what the files of Rush say of the install, of builds and of deployments.
func TestRushSettings(t *testing.T) {
	const lock = "lockfileVersion: '9.0'\n\nimporters:\n\n  ../../../apps/api:\n    dependencies:\n      express:\n        specifier: ^5.0.0\n        version: 5.1.0\n"
	projects := func(more string) string {
		return `{"rushVersion": "5.1.0", "pnpmVersion": "9.1.0", ` + more + ` "projects": [{"projectFolder": "apps/api", "packageName": "@m/api"}]}`
	}
	for name, c := range map[string]struct {
		change map[string]string
		want   func(*Facts) bool
	}{
		"another program's rush.json": {map[string]string{"rush.json": `{"drums": 3}`}, func(f *Facts) bool { return f.Rush == nil && f.Manifest == "package.json" }},
		"no lockfile":                 {map[string]string{RushConfig + "/pnpm-lock.yaml": ""}, func(f *Facts) bool { return len(f.Lockfiles) == 0 }},
		"a lockfile out of step": {map[string]string{"libs/lib/package.json": `{"name": "@m/lib", "dependencies": {"ms": "2"}}`}, func(f *Facts) bool {
			return f.Lockfiles[0].Stale == "ms" && f.Lockfiles[0].StalePos.File == "libs/lib/package.json"
		}},
		"no workspaces":           {map[string]string{RushConfig + "/pnpm-config.json": "", "libs/lib/package.json": `{"name": "@m/lib", "dependencies": {"ms": "2"}}`}, func(f *Facts) bool { return !f.Rush.Workspaces && f.Lockfiles[0].Stale == "" }},
		"workspaces in rush.json": {map[string]string{"rush.json": projects(`"pnpmOptions": {"useWorkspaces": true},`), RushConfig + "/pnpm-config.json": ""}, func(f *Facts) bool { return f.Rush.Workspaces }},
		"names without quotes":    {map[string]string{RushConfig + "/command-line.json": `{commands: [{commandKind: 'bulk', name: 'build'}]}`}, func(f *Facts) bool { return f.Rush.Builds }},
		"another command":         {map[string]string{RushConfig + "/command-line.json": `{"commands": [{"name": "lint"}]}`}, func(f *Facts) bool { return !f.Rush.Builds }},
		"npm":                     {map[string]string{"rush.json": strings.Replace(projects(""), "pnpmVersion", "npmVersion", 1)}, func(f *Facts) bool { return f.Rush.Other.Value == "npmVersion" && f.Rush.Pnpm.Value == "" }},
		"a project that is missing": {map[string]string{"libs/lib/package.json": ""}, func(f *Facts) bool {
			return f.Rush.Missing == fact.New("libs/lib", "rush.json", 6) && len(f.Packages) == 1
		}},
		"a project outside":          {map[string]string{"rush.json": strings.Replace(projects(""), "apps/api", "../api", 1)}, func(f *Facts) bool { return f.Rush.Missing.Value == "../api" && len(f.Packages) == 0 }},
		"one project twice":          {map[string]string{"rush.json": strings.Replace(projects(""), `"projects": [`, `"projects": [{"projectFolder": "apps/api/"},`, 1)}, func(f *Facts) bool { return len(f.Packages) == 1 }},
		"subspaces":                  {map[string]string{RushConfig + "/subspaces.json": `{"subspacesEnabled": true}`, RushConfig + "/pnpm-lock.yaml": "", "common/config/subspaces/default/pnpm-lock.yaml": lock, "common/config/subspaces/low/pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters: {}\n"}, func(f *Facts) bool { return len(f.Lockfiles) == 1 && f.Lockfiles[0].Stale == "" }},
		"subspaces, one out of step": {map[string]string{RushConfig + "/subspaces.json": `{"subspacesEnabled": true}`, "libs/lib/package.json": `{"name": "@m/lib", "dependencies": {"ms": "2"}}`, "common/config/subspaces/default/pnpm-lock.yaml": lock, "common/config/subspaces/low/pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters: {}\n"}, func(f *Facts) bool { return f.Lockfiles[0].Stale == "ms" }},
		"a catalog":                  {map[string]string{RushConfig + "/pnpm-config.json": `{"globalCatalogs": {"default": {"ms": "2"}}}`}, func(f *Facts) bool { return f.Catalogs["default:ms"] }},
		"a hook below common":        {map[string]string{"rush.json": projects(`"eventHooks": {"postRushInstall": ["node common/scripts/x.js"]},`), "common/scripts/x.js": "1"}, func(f *Facts) bool { return len(f.Rush.Hooks) == 0 }},
		"a hook of the source":       {map[string]string{"rush.json": projects(`"eventHooks": {"postRushInstall": ["node tools/x.js"], "postRushBuild": ["ls"]},`)}, func(f *Facts) bool { return len(f.Rush.Hooks) == 1 }},
		"a scenario":                 {map[string]string{RushConfig + "/deploy-api.json": `{"deploymentProjectNames": ["@m/api"], "includeNpmIgnoreFiles": true}`}, func(f *Facts) bool { return f.Rush.Scenarios[0].Name == "api" && f.Rush.Scenarios[0].Settled }},
		"a scenario of names":        {map[string]string{RushConfig + "/deploy.json": `{"deploymentProjectNames": ["@m/api"], "projectSettings": []}`}, func(f *Facts) bool { return f.Rush.Scenarios[0].Name == "" && !f.Rush.Scenarios[0].Settled }},
		"a scenario without links":   {map[string]string{RushConfig + "/deploy.json": `{"deploymentProjectNames": ["@m/api"], "linkCreation": "script"}`}, func(f *Facts) bool { return len(f.Rush.Scenarios) == 0 }},
		"a project that is published": {map[string]string{"rush.json": strings.Replace(projects(""), `"@m/api"`, `"@m/api", "versionPolicyName": "public", "reviewCategory": "tools"`, 1)}, func(f *Facts) bool {
			return f.Rush.Published["apps/api"].Line == 1 && f.Rush.Review["apps/api"].Value == "tools"
		}},
	} {
		f, err := read(t, rushRepository(c.change))
		if err != nil || !c.want(f) {
			t.Errorf("%s: %v\n%+v\nlockfiles %+v", name, err, f.Rush, f.Lockfiles)
		}
	}
}
