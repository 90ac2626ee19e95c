package plan

import "github.com/dockgen/dockgen/detect/fact"

// Choice is one decision with its reason.
type Choice struct {
	Key      string     `json:"key"`   // "go.version"
	Value    string     `json:"value"` // "1.26"
	Rule     string     `json:"rule"`  // why, one sentence: "the go line of go.mod"
	Pos      *fact.Pos  `json:"source,omitempty"`
	Link     string     `json:"link,omitempty"`   // the source of the rule
	Rejected []Rejected `json:"losers,omitempty"` // the values that were considered and not taken
	// Image is the image that the value is a release of, by its name in the table, "" for none, and Until the
	// last day of that release's support, "" if it is not known.
	Image string `json:"-"`
	Until string `json:"until,omitempty"`
	// Evidence is what the value was derived from where the derivation
	// depends on what this release of dockgen knows; the value of the lock counts
	// for as long as Evidence stays the same. With "" it never counts.
	Evidence string `json:"-"`
}

// Rejected is a value that was considered and not taken.
type Rejected struct {
	Value string    `json:"value"`
	Pos   *fact.Pos `json:"source,omitempty"`
	Why   string    `json:"why"`
}

// Bound is what the repository says of the release that stages start from, so that a release which somebody else puts there can be held to it.
type Bound struct {
	Prefix  string // of the names of these stages
	Image   string // that a release is of, by its name in the table
	Release string // that was chosen
	// Against returns a line of the repository with which the chosen release agrees and another one does not; ok is false for none.
	Against func(release string) (o Objection, ok bool)
}

// Objection is what a line of the repository says against something, in a sentence: "engines.node of package.json asks for >=22".
type Objection struct {
	Text string
	Pos  fact.Pos
}

// Note is something the user should know: what dockgen noticed and could not
// mend itself.
type Note struct {
	Pos  fact.Pos `json:"source"`
	Text string   `json:"text"`
	Hint string   `json:"hint,omitempty"`
}
