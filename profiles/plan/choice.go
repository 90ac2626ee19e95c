package plan

import "github.com/dockgen/dockgen/detect/fact"

// Choice is one decision with its reason.
type Choice struct {
	Key      string     `json:"key"`   // "go.version"
	Value    string     `json:"value"` // "1.26"
	Rule     string     `json:"rule"`  // why, one sentence: "the go line of go.mod"
	Pos      *fact.Pos  `json:"source,omitempty"`
	Link     string     `json:"link,omitempty"`   // the source of the rule
	Rejected []Rejected `json:"losers,omitempty"` // the name in JSON is a promise of README.md
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

// Note is something the user should know: what dockgen noticed and could not
// mend itself.
type Note struct {
	Pos  fact.Pos `json:"source"`
	Text string   `json:"text"`
	Hint string   `json:"hint,omitempty"`
}
