package secret_test

import (
	"testing"

	"github.com/dockgen/dockgen/detect/secret"
)

func TestNames(t *testing.T) {
	for _, tt := range []struct {
		name                      string
		possible, linted, certain bool
	}{
		{"PORT", false, false, false},
		{"NODE_ENV", false, false, false},
		{"DATABASE_URL", true, false, false},
		{"SENTRY_DSN", true, false, false},
		{"PGPASSWORD", true, false, true},
		{"DB_PASSWORD", true, true, true},
		{"DB_PASSWD", true, true, true},
		{"DB_PWD", true, false, false},
		{"DB_PASS", true, false, false},
		{"SECRET_KEY", true, true, true},
		{"AUTH0_CLIENTSECRET", true, false, true},
		{"API_KEY", true, true, false},
		{"NEXT_PUBLIC_STRIPE_KEY", true, false, false},
		{"VITE_MAPBOX_TOKEN", true, true, false},
		{"VITE_PRIVATE_URL", false, false, true},
		{"api-key", true, true, false},
		{"KEY_FILE", true, false, false},
		{"TOKEN_VERSION", true, false, false},
		{"KEY_LENGTH", false, true, false},
		{"keygenerator-type", false, false, false},
		{"TOKEN_TTL", false, true, false},
		{"PASSWORD_MIN_LENGTH", true, true, true},
		{"KEYTYPE", true, false, false},
		{"MONKEY", true, false, false},
		{"credentials", true, true, false},
		{"apikey", true, true, false},
	} {
		if got := [3]bool{secret.Possible(tt.name), secret.Linted(tt.name), secret.Certain(tt.name)}; got != [3]bool{tt.possible, tt.linted, tt.certain} {
			t.Errorf("%s: possible, linted, certain %v", tt.name, got)
		}
	}
}

func TestValue(t *testing.T) {
	for value, want := range map[string]bool{
		"8080": false, "https://example.com/a@b": false, "production": false, "": false,
		"postgres://me:pw@db/x": true, "eyJhbGciOi": true, "0123456789abcdef0123456789abcdef": true, "-----BEGIN PRIVATE KEY-----": true,
		"jdbc:mysql://db/x?user=me&password=pw": true, "Server=db;User Id=sa;Password=pw": true, "-Dspring.datasource.password=pw": true, "https://example.com/?api_key=x": true,
		"password=$PW": false, "--token=": false, "bypass=1": false, "tokens=3": false, "AKIA0123456789ABCDEF": true, "ghp_0123456789abcdef": true, "sk_x": false,
	} {
		if secret.Value(value) != want {
			t.Errorf("%q: %v", value, !want)
		}
	}
}
