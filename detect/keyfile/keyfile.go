// Package keyfile tells what a file that may hold a secret holds: a private
// key, or a certificate that everybody may have.
package keyfile

import (
	"bytes"
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/local"
	"github.com/dockgen/dockgen/detect/tree"
)

// Kind is what a file holds.
type Kind string

// The kinds.
const (
	Other       Kind = ""            // no key and no file of variables
	Public      Kind = "certificate" // certificates or public keys, which are for everybody
	Private     Kind = "private key"
	Environment Kind = "file of secrets" // .env and its variants: names and values of variables
	Credentials Kind = "file of credentials"
)

// Secret reports whether whoever has the file has a secret.
func (k Kind) Secret() bool { return k == Private || k == Environment || k == Credentials }

// head is more than the comments and certificates that stand before a key.
const head = 64 << 10

// Of is the kind of a file of the tree. Its name says whether it may be secret: *.pem, *.key,
// .env and .env.*, but not .env.example, .env.sample and .env.template, and the credentials that package local knows. The first 64 KiB of a
// *.pem or *.key say which of the two it is, by the labels of https://www.rfc-editor.org/rfc/rfc7468. One
// without a label, or that cannot be read, counts as a private key.
func Of(t *tree.Tree, name string) Kind {
	base := path.Base(name)
	switch ext := path.Ext(base); {
	case base == ".env":
		return Environment
	case strings.HasPrefix(base, ".env."):
		if ext == ".example" || ext == ".sample" || ext == ".template" {
			return Other
		}
		return Environment
	case ext != ".pem" && ext != ".key":
		if local.Holds(t, name) {
			return Credentials
		}
		return Other
	}
	text, err := t.ReadHead(name, head)
	switch {
	case err != nil || bytes.Contains(text, []byte("PRIVATE KEY-----")):
		return Private
	case bytes.Contains(text, []byte("-----BEGIN ")):
		return Public
	}
	return Private
}
