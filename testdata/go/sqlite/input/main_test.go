package main

import "testing"

func TestVisit(t *testing.T) {
	db, err := open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for want := 1; want <= 3; want++ {
		if got, err := visit(db); err != nil || got != want {
			t.Fatalf("got %d, %v, want %d", got, err, want)
		}
	}
}
