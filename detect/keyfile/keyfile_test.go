package keyfile

import (
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/tree"
)

func TestOf(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       Kind
	}{
		"certificate":         {"a.pem", "# RDS\n-----BEGIN CERTIFICATE-----\n", Public},
		"request":             {"a.pem", "-----BEGIN CERTIFICATE REQUEST-----\n", Public},
		"parameters":          {"dh.pem", "-----BEGIN DH PARAMETERS-----\n", Public},
		"PKCS 8":              {"a.pem", "-----BEGIN PRIVATE KEY-----\n", Private},
		"encrypted":           {"a.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", Private},
		"EC":                  {"d/a.key", "-----BEGIN EC PRIVATE KEY-----\n", Private},
		"OpenSSH":             {"id.pem", "-----BEGIN OPENSSH PRIVATE KEY-----\n", Private},
		"no label":            {"a.key", "\x00\xff\x01", Private},
		"empty":               {"a.pem", "", Private},
		"variables":           {".env", "A=b", Environment},
		"of a stage":          {"x/.env.local", "A=b", Environment},
		"an example":          {".env.example", "A=b", Other},
		"another file":        {"a.txt", "-----BEGIN PRIVATE KEY-----\n", Other},
		"a name with env":     {"a.env", "A=b", Other},
		"public key as .key":  {"jwt.key", "-----BEGIN PUBLIC KEY-----\n", Public},
		"a folder's name":     {"keys.pem/readme.md", "x", Other},
		"a key after 10 KiB":  {"a.pem", "-----BEGIN CERTIFICATE-----\n" + string(make([]byte, 10<<10)) + "-----BEGIN PRIVATE KEY-----\n", Private},
		"UTF-16 is no label ": {"a.pem", "\xff\xfe-\x00-\x00", Private},
	} {
		tr, err := tree.Scan(t.Context(), fstest.MapFS{tt.file: {Data: []byte(tt.text)}}, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := Of(tr, tt.file); got != tt.want || got.Secret() != (tt.want == Private || tt.want == Environment) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
