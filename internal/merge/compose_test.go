package merge

import (
	"slices"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestCompose: services and volumes are merged as wholes, each below its key.
func TestCompose(t *testing.T) {
	const (
		top    = "# how to run it\nservices:\n"
		app    = "  app:\n    build:\n      context: .\n\n    ports:\n      - \"3000:3000\"\n"
		app2   = "  app:\n    build:\n      context: .\n\n    ports:\n      - \"4000:4000\"\n"
		redis  = "\n  redis:\n    image: redis:8\n    volumes:\n      - redis-data:/data\n"
		pg     = "\n  postgres:\n    image: postgres:18\n    volumes:\n      - postgres-data:/var/lib/postgresql\n"
		mine   = "\n  # to look into it\n  adminer:\n    image: adminer:5\n"
		both   = "\nvolumes:\n  redis-data:\n  postgres-data:\n"
		one    = "\nvolumes:\n  redis-data:\n"
		myNets = "\nnetworks:\n  front:\n"
	)
	base, err := Fingerprint(Compose, []byte(top+app+redis+one))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		ours, theirs, want string
		conflicts          int
	}{
		"a service more":                                     {top + app + redis + one, top + app + redis + pg + both, top + app + redis + pg + both, 0},
		"beside the user's service":                          {top + app + redis + mine + one, top + app + redis + pg + both, top + app + redis + pg + mine + both, 0},
		"beside the user's section":                          {top + app + redis + one + myNets, top + app + redis + pg + both, top + app + redis + pg + both + myNets, 0},
		"another release of the user's":                      {top + app + "\n  redis:\n    image: valkey/valkey:8\n    volumes:\n      - redis-data:/data\n" + one, top + app2 + redis + one, top + app2 + "\n  redis:\n    image: valkey/valkey:8\n    volumes:\n      - redis-data:/data\n" + one, 0},
		"what both changed stays the user's":                 {top + "  app:\n    build: .\n" + redis + one, top + app2 + redis + one, top + "  app:\n    build: .\n" + redis + one, 1},
		"the last server is gone":                            {top + app + redis + one, top + app, top + app, 0},
		"the last server is gone, but for the user's volume": {top + app + redis + one + "  mine:\n", top + app, top + app + one[:len("\nvolumes:\n")] + "  redis-data:\n  mine:\n", 1},
		"what the user took out":                             {top + app + mine, top + app + redis + one, top + app + mine, 0},
		"a service and a volume of one name":                 {top + app + redis + "\nvolumes:\n  redis-data:\n  app:\n", top + app2 + redis + one, top + app2 + redis + "\nvolumes:\n  redis-data:\n  app:\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Merge(Compose, base, []byte(tt.ours), []byte(tt.theirs))
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Text) != tt.want || len(got.Conflicts) != tt.conflicts {
				t.Errorf("%d conflicts %v\n%s", len(got.Conflicts), got.Conflicts, got.Text)
			}
			var doc map[string]any
			if err := yaml.Unmarshal(got.Text, &doc); err != nil {
				t.Error(err)
			}
			again, err := Merge(Compose, got.Base, got.Text, []byte(tt.theirs))
			if err != nil || !slices.Equal(again.Text, got.Text) || len(again.Conflicts) != 0 {
				t.Errorf("a second time: %v, %v\n%s", err, again.Conflicts, again.Text)
			}
		})
	}
}

// FuzzCompose: whatever the three files are, nothing panics, no line of a service that the user alone has is lost, and merging again changes
// nothing.
func FuzzCompose(f *testing.F) {
	const old = "services:\n  a:\n    image: a\n\n  b:\n    image: b\n\nvolumes:\n  v:\n"
	f.Add(old, old+"  w:\n", "services:\n  a:\n    image: a2\n\nvolumes:\n  v:\n  x:\n")
	f.Add(old, "# c\n"+old+"x-a: &a\n  b: 1\n", "services:\n  a:\n    image: a2\n")
	f.Add(old, "services:\n    a: {}\n\t b\n\n", "services:\n")
	f.Add("", "a", "b:\n c:\n  d:\n")
	f.Fuzz(func(t *testing.T, old, ours, theirs string) {
		base, err := Fingerprint(Compose, []byte(old))
		if err != nil {
			return
		}
		got, err := Merge(Compose, base, []byte(ours), []byte(theirs))
		if err != nil {
			return
		}
		again, err := Merge(Compose, got.Base, got.Text, []byte(theirs))
		if err != nil || string(again.Text) != string(got.Text) || len(again.Conflicts) > 0 {
			t.Errorf("a second time: %v, %v\n%q\n%q", err, again.Conflicts, got.Text, again.Text)
		}
		if at, err := got.Base.Check(); err != nil {
			t.Errorf("row %d: %v", at, err)
		}
	})
}
