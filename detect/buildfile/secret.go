package buildfile

import "regexp"

// A variable is taken for a secret by its name or by its value: a credential in
// a URL, a token, what nobody could read.
var (
	secretName  = regexp.MustCompile(`(?i)pass|pwd|secret|token|key|cred|auth|dsn|salt|database_ur[il]`)
	secretValue = regexp.MustCompile(`://[^/\s]*@|^[A-Za-z0-9+_=-]{32,}$|^eyJ|-----BEGIN`)
)

// maxValue is the longest value of a variable that is kept.
const maxValue = 4 << 10

// variable is a variable of which a secret's value is not kept.
func variable(name, value string) Var {
	if secretName.MatchString(name) || secretValue.MatchString(value) || len(value) > maxValue {
		return Var{Name: name, Secret: true}
	}
	return Var{Name: name, Value: value}
}
