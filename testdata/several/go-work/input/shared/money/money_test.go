package money

import "testing"

func TestEuros(t *testing.T) {
	if got := Euros(1205); got != "12.05 EUR" {
		t.Error(got)
	}
}
