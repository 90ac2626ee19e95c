package plan

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

// Stack is what runs the apps with what they need beside them: compose.yaml, and compose.dev.yaml over it.
// Its language: https://docs.docker.com/reference/compose-file/
type Stack struct {
	Services []Service
	Volumes  []ServiceName
	Secrets  YAML // the folder of the files that hold passwords, zero for none
	Dev      []DevService
}

// Service is one service of compose.yaml: an app, a command of an app's image, or a server that apps need.
type Service struct {
	Name    ServiceName
	Why     Comment // above it, empty for none
	Image   YAML    // of a server; that of an app is built
	Build   *ServiceBuild
	Entry   []YAML // in the place of the image's own, nil for that
	Command []YAML // likewise
	Env     []ServiceEnv
	EnvFile YAML // the file of the variables that hold passwords, zero for none
	Ports   []YAML
	Volumes []YAML
	Health  *ServiceHealth
	After   []Dependency
	// Hostname says that the container is always called like the service.
	Hostname bool
}

// ServiceBuild is how the image of an app is built.
type ServiceBuild struct {
	Context, Dockerfile YAML // Dockerfile is zero for the usual place
	Target              Token
}

// ServiceEnv is a variable of a service.
type ServiceEnv struct {
	Name  Token
	Value YAML
}

// ServiceHealth is how Compose learns that a server answers.
type ServiceHealth struct {
	Test  []YAML
	Start Token // how long it may take to start: "30s"
}

// Dependency is a service that has to be there first, and in which state.
type Dependency struct {
	Name      ServiceName
	Condition Token // "service_healthy"
}

// DevService is what compose.dev.yaml changes of an app: its target, its network, its ports where they are others, and what a save does.
type DevService struct {
	Name ServiceName
	// Network is the service whose network it shares, so that each finds the other at localhost; that publishes its ports then, and has its name, too, which is one
	// of Aliases there. Empty for none.
	Network ServiceName
	Aliases []ServiceName
	Ports   []YAML // nil for those of compose.yaml
	Sync    []Sync
	// Rebuild are the files and folders after whose change the image is built again.
	Rebuild []YAML
}

// Sync is a folder that is copied into the container on every save.
type Sync struct{ Path, Target YAML }

// YAML is a text as a scalar of a compose file: plain where that is one text for every reader, else in double quotes,
// with the $ of an interpolation doubled: https://docs.docker.com/reference/compose-file/interpolation/
type YAML struct{ s string }

// NewYAML refuses what could end a line.
func NewYAML(s string) (YAML, error) {
	if hasControl(s) {
		return YAML{}, &RefusedError{"text", s, "holds a control character"}
	}
	return YAML{s}, nil
}

// MustYAML is NewYAML for dockgen's own constants.
func MustYAML(s string) YAML { return must(NewYAML(s)) }

// YAMLs makes a list of texts, refusing the first that is none.
func YAMLs(list ...string) ([]YAML, error) { return each(list, NewYAML) }

// plainScalar is a text that YAML reads as that text, whatever its schema: it begins with a letter or a path, and holds nothing that
// means something in YAML. https://yaml.org/spec/1.2.2/#733-plain-style
var plainScalar = lazy.MustCompile(`^(?:\.|(?:[A-Za-z]|\./|/)[A-Za-z0-9_./@+-]*(?::[A-Za-z0-9_./@+-]+)*)$`)

// words of YAML 1.1 and 1.2 that are no texts.
var yamlWords = []string{"true", "false", "yes", "no", "on", "off", "null", "y", "n", "inf", "nan"} //nolint:gochecknoglobals // a constant table

func (y YAML) String() string {
	if plainScalar.MatchString(y.s) && !slices.Contains(yamlWords, strings.ToLower(y.s)) {
		return y.s
	}
	return y.Quoted()
}

// Quoted is the text in double quotes: every escape of JSON is one of YAML.
func (y YAML) Quoted() string {
	text := jsonArray([]string{strings.ReplaceAll(y.s, "$", "$$")})
	return text[1 : len(text)-1]
}

// Raw is the text itself.
func (y YAML) Raw() string { return y.s }

// IsZero reports that there is none.
func (y YAML) IsZero() bool { return y.s == "" }

// ServiceName names a service or a volume.
type ServiceName struct{ s string }

// NewServiceName makes a name of a text, as a target of bake has it, in lower case: it is the host's name as well, and one of its volume.
func NewServiceName(s string) ServiceName {
	name := strings.Trim(strings.ReplaceAll(strings.ToLower(TargetName(s)), "_", "-"), "-")
	switch {
	case name == "" || len(name) > 60:
		name = strings.Trim("app-"+name[:min(len(name), 50)], "-")
	case name[0] >= '0' && name[0] <= '9', slices.Contains(yamlWords, name): // a number or a word of YAML would be none of a text
		name = "app-" + name
	}
	return ServiceName{name}
}

func (n ServiceName) String() string { return n.s }

// Publish is a port of a service on the loopback interface of the host: https://docs.docker.com/reference/compose-file/services/#ports
func Publish(host, container int) YAML {
	return YAML{"127.0.0.1:" + strconv.Itoa(host) + ":" + strconv.Itoa(container)}
}
