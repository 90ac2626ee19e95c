package plan

import "github.com/dockgen/dockgen/internal/lazy"

// Ref names an image: the only way to do so in FROM, in COPY --from and in a
// mount. The zero value names none.
type Ref struct{ repository, tag, digest string }

// ScratchRef is the empty image: https://docs.docker.com/build/building/base-images/#create-a-minimal-base-image-using-scratch.
func ScratchRef() Ref { return Ref{repository: "scratch"} }

// The grammar of image references, without the ports of registries:
// https://github.com/distribution/reference/blob/main/reference.go.
var (
	refRepository = lazy.MustCompile(`^[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$`)
	refTag        = lazy.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`) // of 128 bytes at the most
	refDigest     = lazy.MustCompile(`^sha256:[0-9a-f]{64}$`)
)

// NewRef returns the image repository:tag, or refuses it.
func NewRef(repository, tag string) (Ref, error) {
	switch {
	case !refRepository.MatchString(repository) || len(repository) > 255:
		return Ref{}, &RefusedError{"image", repository, "is not the name of an image repository"}
	case !refTag.MatchString(tag) || len(tag) > 128:
		return Ref{}, &RefusedError{"tag", tag, "is not the tag of an image"}
	}
	return Ref{repository: repository, tag: tag}, nil
}

// MustRef is NewRef for dockgen's own constants.
func MustRef(repository, tag string) Ref { return must(NewRef(repository, tag)) }

// Pinned returns r with a digest ("sha256:…"), which then decides; the tag
// stays for people and for the tools that raise it.
func (r Ref) Pinned(digest string) (Ref, error) {
	if !refDigest.MatchString(digest) {
		return Ref{}, &RefusedError{"digest", digest, "is not sha256: and 64 hexadecimal digits"}
	}
	r.digest = digest
	return r, nil
}

// Repository is the name without tag and digest.
func (r Ref) Repository() string { return r.repository }

// Tag is the tag, "" for scratch.
func (r Ref) Tag() string { return r.tag }

// IsZero reports whether no image is named.
func (r Ref) IsZero() bool { return r.repository == "" }

func (r Ref) String() string {
	s := r.repository
	if r.tag != "" {
		s += ":" + r.tag
	}
	if r.digest != "" {
		s += "@" + r.digest
	}
	return s
}
