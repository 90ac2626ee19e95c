package merge

import "testing"

// TestBake: blocks are merged as wholes, by their names.
func TestBake(t *testing.T) {
	const (
		head = "# all\ngroup \"default\" {\n  targets = [\"a\"]\n}\n"
		a    = "\ntarget \"a\" {\n  context = \"a\"\n}\n"
		b    = "\ntarget \"b\" {\n  context = \"b\"\n}\n"
		mine = "\ntarget \"mine\" {\n  inherits = [\"a\"]\n}\n"
		both = "# all\ngroup \"default\" {\n  targets = [\"a\", \"b\"]\n}\n"
	)
	base, err := Fingerprint(Bake, []byte(head+a))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		ours, theirs, want string
		conflicts          int
	}{
		"a target more":              {head + a, both + a + b, both + a + b, 0},
		"beside the user's":          {head + a + mine, both + a + b, both + a + b + mine, 0},
		"the user's tag":             {head + "\ntarget \"a\" {\n  context = \"a\"\n  tags = [\"x\"]\n}\n", both + a + b, both + "\ntarget \"a\" {\n  context = \"a\"\n  tags = [\"x\"]\n}\n" + b, 0},
		"the user's line not closed": {head + "\ntarget \"a\" {\n", head + a, head + "\ntarget \"a\" {\n", 0},
		"both changed":               {"# all\ngroup \"default\" {\n  targets = [\"a\", \"mine\"]\n}\n" + a, both + a + b, "# all\ngroup \"default\" {\n  targets = [\"a\", \"mine\"]\n}\n" + a + b, 1},
	} {
		got, err := Merge(Bake, base, []byte(tt.ours), []byte(tt.theirs))
		if err != nil {
			t.Fatal(err)
		}
		if string(got.Text) != tt.want || len(got.Conflicts) != tt.conflicts {
			t.Errorf("%s: %d conflicts\n%s", name, len(got.Conflicts), got.Text)
		}
	}
}
