package plan

// InitStage is a stage that has tini for an image without a package manager: the
// data of the block "init". It starts from an image of Debian's.
type InitStage struct{ Head }

// Folders is a stage that makes the folders which the app writes to: the data of
// the block "folders".
type Folders struct {
	Head
	Run []Shell // makes the folders
}
