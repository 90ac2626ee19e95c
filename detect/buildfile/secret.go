package buildfile

import (
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
)

// An address is no secret, whatever AUTH_ADDR may look like, and neither is that of a file: DATABASE_URL=sqlite:////data/x.db.
var (
	addressName  = lazy.MustCompile(`(?i)(^|_)(port|addr|address|host|listen|bind)$`)
	addressValue = lazy.MustCompile(`^([A-Za-z0-9.\[\]:-]*:)?[0-9]{1,5}$`)
	fileValue    = lazy.MustCompile(`^(sqlite|sqlite3|sqlite\+aiosqlite|file|jdbc:(sqlite|h2:file|hsqldb:file)):/[A-Za-z0-9_./+-]+([?;][A-Za-z0-9_=&;.-]*)?$`)
)

// maxValue is the longest value of a variable that is kept.
const maxValue = 4 << 10

// variable is a variable whose value is dropped if it is a secret.
func variable(name, value string) Var {
	if addressName.MatchString(name) && addressValue.MatchString(value) {
		return Var{Name: name, Value: value}
	}
	if fileValue.MatchString(value) && !secret.Certain(name) {
		return Var{Name: name, Value: value}
	}
	if secret.Possible(name) || secret.Value(value) || len(value) > maxValue {
		return Var{Name: name, Secret: true}
	}
	return Var{Name: name, Value: value}
}
