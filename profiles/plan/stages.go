package plan

import "strings"

// InitStage is a stage that has tini for an image without a package manager: the
// data of the block "init". It starts from an image of Debian's.
type InitStage struct{ Head }

// Folders is a stage that makes the folders which the app writes to: the data of
// the block "folders".
type Folders struct {
	Head
	Run []Shell // makes the folders
}

// Volumes are the folders of a VOLUME line: https://docs.docker.com/reference/dockerfile/#volume.
type Volumes []Path

// String is the plain form, or the JSON form where a path holds anything unusual.
func (v Volumes) String() string {
	var list []string
	plain := true
	for _, p := range v {
		list = append(list, escapeVariables(p.Raw()))
		_, err := NewToken(p.Raw())
		plain = plain && err == nil
	}
	if plain {
		return strings.Join(list, " ")
	}
	return Exec(list).String()
}
