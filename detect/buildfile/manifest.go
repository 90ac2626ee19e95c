package buildfile

import (
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// manifestName is where manifests lie by custom.
var manifestName = lazy.MustCompile(`(^|/)(k8s|kubernetes|kube|manifests?|deploy|deployments?|charts?|helm|templates)/.*\.ya?ml$`)

// workload finds the containers of a manifest:
// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/.
var (
	workload = lazy.MustCompile(`(?m)^kind:\s*["']?(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Pod)\b`)
	// control is a line of a chart's template that makes nothing by itself, inline
	// a value: https://helm.sh/docs/chart_template_guide/.
	control = lazy.MustCompile(`(?m)^[ \t]*\{\{[^\n]*\}\}[ \t]*\r?$`)
	inline  = lazy.MustCompile(`\{\{[^{}\n]*\}\}`)
	chart   = lazy.MustCompile(`^\{\{-?\s*\.Values\.([\w.]+)\s*(?:\|\s*default\s+"?([^"\s}]*)"?\s*)?(?:\|\s*(?:quote|int|toString)\s*)*-?\}\}$`)
)

// manifest reads the containers of a Kubernetes manifest, or of a chart's
// template. What the chart's values.yaml does not say is Unknown.
func (f *File) manifest(text string) bool {
	if !workload.MatchString(text) {
		return false
	}
	if strings.Contains(text, "{{") {
		text = control.ReplaceAllString(text, "")
		text = inline.ReplaceAllStringFunc(text, func(ref string) string { return valueOf(ref, f.chart) })
	}
	docs, err := document.ParseAll(f.Name, []byte(text))
	if err != nil {
		return false
	}
	for _, d := range docs {
		pod := d.Get("spec")
		if job := pod.Get("jobTemplate", "spec"); job.Found() {
			pod = job
		}
		if t := pod.Get("template", "spec"); t.Found() {
			pod = t
		}
		given := filled(pod)
		for _, c := range pod.Get("containers").Items {
			if c.Kind == document.Object && len(f.Containers) < maxListed {
				f.Containers = append(f.Containers, container(c, given))
			}
		}
	}
	return len(f.Containers) > 0
}

// valueOf is what a reference to the chart's values becomes.
func valueOf(ref string, values document.Value) string {
	m := chart.FindStringSubmatch(ref)
	if m == nil {
		return Unknown
	}
	if v := values.Get(strings.Split(m[1], ".")...); v.IsScalar() && !strings.ContainsAny(v.Text, "\n:#{}[]&*!|>'\"%@`") {
		return v.Text
	}
	if m[2] != "" {
		return m[2]
	}
	return Unknown
}

// filled are the volumes of a pod that it finds files in: what a ConfigMap, a Secret or
// the machine has. https://kubernetes.io/docs/concepts/storage/volumes/
func filled(pod document.Value) map[string]bool {
	out := map[string]bool{}
	for _, v := range pod.Get("volumes").Items {
		for _, key := range []string{"configMap", "secret", "projected", "downwardAPI", "hostPath", "csi"} {
			if v.Get(key).Found() && len(out) < maxListed {
				out[v.Get("name").Text] = true
			}
		}
	}
	return out
}

// container reads one. given are the volumes that it finds files in.
func container(v document.Value, given map[string]bool) Container {
	c := Container{
		Pos: v.Pos(), Name: v.Get("name").Text, Image: v.Get("image").Text, User: v.Get("securityContext", "runAsUser").Text,
		Entrypoint: texts(v.Get("command")), Args: texts(v.Get("args")),
		Workdir: v.Get("workingDir").Fact(),
	}
	names := map[string]string{}
	for _, p := range v.Get("ports").Items {
		if n, ok := port(p.Get("containerPort").Text); ok {
			n.UDP = p.Get("protocol").Text == "UDP"
			c.Ports = listed(c.Ports, fact.Fact[Port]{Value: n, Pos: p.Get("containerPort").Pos()})
			names[p.Get("name").Text] = strconv.Itoa(n.Number)
		}
	}
	for _, e := range v.Get("env").Items {
		if name := e.Get("name"); name.IsScalar() {
			x := variable(name.Text, e.Get("value").Text)
			x.Secret = x.Secret || e.Get("valueFrom", "secretKeyRef").Found()
			c.Env = listed(c.Env, fact.Fact[Var]{Value: x, Pos: name.Pos()})
		}
	}
	for _, m := range v.Get("volumeMounts").Items {
		if target := m.Get("mountPath"); target.IsScalar() {
			c.Mounts = listed(c.Mounts, fact.Fact[Mount]{Value: Mount{Source: m.Get("name").Text, Target: target.Text, ReadOnly: m.Get("readOnly").IsTrue() || m.Get("subPath").Found() || given[m.Get("name").Text]}, Pos: target.Pos()})
		}
	}
	for _, key := range []string{"readinessProbe", "livenessProbe", "startupProbe"} {
		p := v.Get(key)
		if !p.Found() || c.Health.Found() {
			continue
		}
		x := Probe{Path: p.Get("httpGet", "path").Text, TLS: p.Get("httpGet", "scheme").Text == "HTTPS", Port: p.Get("httpGet", "port").Text, Command: texts(p.Get("exec", "command"))}
		if x.Port == "" {
			x.Port = p.Get("tcpSocket", "port").Text
		}
		if n, ok := names[x.Port]; ok {
			x.Port = n
		}
		c.Health = fact.Fact[Probe]{Value: x, Pos: p.Pos()}
	}
	return c
}

// texts are the scalars of a list.
func texts(v document.Value) []string {
	var out []string
	for _, item := range v.Items {
		if item.IsScalar() {
			out = listed(out, item.Text)
		}
	}
	return out
}
