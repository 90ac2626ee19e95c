package templates

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestRenderStack: every field of a stack is in the files, in its place, whatever a text holds.
func TestRenderStack(t *testing.T) {
	const evil = "x\" y: ${z} #\\ {a: b}'"
	y := plan.MustYAML
	token := plan.MustToken
	app, db := plan.NewServiceName("app"), plan.NewServiceName("db")
	files, err := RenderStack(plan.Stack{
		Secrets: y("secrets/"),
		Services: []plan.Service{
			{
				Name: app, Why: plan.NewComment("the app\n  evil: yes"), Build: &plan.ServiceBuild{Context: y(evil), Dockerfile: y(evil), Target: token("prod")},
				Entry: []plan.YAML{y(evil)}, Command: []plan.YAML{y("a"), y(evil)}, Env: []plan.ServiceEnv{{Name: token("A.B"), Value: y(evil)}, {Name: token("N"), Value: y("1")}},
				EnvFile: y(evil), Ports: []plan.YAML{plan.Publish(1, 2)}, After: []plan.Dependency{{Name: db, Condition: token("service_healthy")}},
			},
			{
				Name: db, Image: y(evil), Hostname: true, Volumes: []plan.YAML{y(evil)},
				Health: &plan.ServiceHealth{Test: []plan.YAML{y("CMD"), y(evil)}, Start: token("9s")},
			},
		},
		Volumes: []plan.ServiceName{db},
		Dev:     []plan.DevService{{Name: app, Ports: []plan.YAML{plan.Publish(3, 4)}, Sync: []plan.Sync{{Path: y(evil), Target: y(evil)}}, Rebuild: []plan.YAML{y(evil)}, Aliases: []plan.ServiceName{db}}, {Name: db, Network: app}},
	})
	if err != nil || len(files) != 2 || files[0].Name != Compose || files[1].Name != ComposeDev {
		t.Fatal(files, err)
	}
	const read = "x\" y: $${z} #\\ {a: b}'"
	type list = []any
	type object = map[string]any
	want := []object{{
		"services": object{
			"app": object{
				"build": object{"context": read, "dockerfile": read, "target": "prod"}, "entrypoint": list{read}, "command": list{"a", read},
				"environment": object{"A.B": read, "N": "1"}, "env_file": read, "ports": list{"127.0.0.1:1:2"}, "depends_on": object{"db": object{"condition": "service_healthy"}},
			},
			"db": object{
				"image": read, "hostname": "db", "volumes": list{read},
				"healthcheck": object{"test": list{"CMD", read}, "interval": "5s", "timeout": "5s", "retries": 12, "start_period": "9s"},
			},
		},
		"volumes": object{"db": nil},
	}, {
		"services": object{"db": object{"build": object{"target": "dev"}, "network_mode": "service:app", "ports": list{}, "develop": object{"watch": nil}}, "app": object{"build": object{"target": "dev"}, "networks": object{"default": object{"aliases": list{"db"}}}, "ports": list{"127.0.0.1:3:4"}, "develop": object{"watch": list{
			object{"action": "sync", "path": read, "target": read}, object{"action": "rebuild", "path": read},
		}}}},
	}}
	for i, f := range files {
		var got object
		if err := yaml.Unmarshal(f.Data, &got); err != nil {
			t.Errorf("%s: %v\n%s", f.Name, err, f.Data)
			continue
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("%s: -want +got:\n%s\n%s", f.Name, diff, f.Data)
		}
	}
	if files, err = RenderStack(plan.Stack{Services: []plan.Service{{Name: app, Image: y("a")}}}); err != nil || len(files) != 1 {
		t.Errorf("without dev targets: %d files, %v", len(files), err)
	}
}
