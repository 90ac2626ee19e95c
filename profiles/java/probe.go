package java

import (
	"fmt"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// health is the check of an app whose framework answers on a known route, run
// by what the image holds; nil where either is missing.
func health(in record.Input, m *module, r plan.Runtime, port ports) (*plan.Probe, error) {
	if len(port.list) == 0 || in.Settings.Healthcheck == "none" {
		return nil, nil
	}
	route, pos, rule, link := "", fact.Pos{}, "", ""
	if in.Settings.Healthcheck != "" {
		route, pos, rule = in.Settings.Healthcheck, in.Settings.Pos("healthcheck"), "asked for"
	} else if h := port.fw.Health; h.Path != "" {
		for _, d := range m.dependencies() {
			if d.Name() == h.Dependency && d.AtRuntime() {
				route, pos, rule, link = h.Path, d.Pos, "the health page of "+d.Artifact, port.fw.Source
			}
		}
		for _, key := range port.fw.Moves {
			if s := m.setting(key); s.Found() {
				route = ""
			}
		}
	}
	if route == "" {
		return nil, nil
	}
	url := fmt.Sprintf("http://127.0.0.1:%d%s", port.list[0], route)
	var cmd plan.Exec
	switch r {
	case plan.Alpine:
		cmd = plan.Exec{"wget", "-q", "-O", "/dev/null", url}
	case plan.Slim:
		cmd = plan.Exec{"curl", "-fsS", "-o", "/dev/null", url}
	case plan.Distroless, plan.Scratch:
		if in.Settings.Healthcheck != "" {
			in.Log.Note(pos, string(r)+" holds no program that could run a health check", "let the orchestrator ask "+route+", or --runtime slim")
		}
		return nil, nil
	}
	in.Log.Choose(plan.Choice{Key: "healthcheck", Value: route, Rule: rule, Pos: record.At(pos), Link: link})
	text, err := plan.NewText(route)
	return &plan.Probe{Path: text, Port: port.list[0], Cmd: cmd}, err
}
