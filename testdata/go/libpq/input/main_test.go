package main

import "testing"

func TestDescribe(t *testing.T) {
	if got := describe("postgres://me@db/app"); got != "host db, database app" {
		t.Error(got)
	}
	if got := describe("postgres:///?x"); got != "" {
		t.Error(got)
	}
}
