package plan

import "testing"

// TestNewPattern: what BuildKit can't read as a pattern, or not as one line, is none.
func TestNewPattern(t *testing.T) {
	for s, ok := range map[string]bool{
		"dist": true, "!public": true, "**/*.pem": true, `app/\[slug\]/page.tsx`: true, "[a-z]": true,
		"['": false, "a[": false, "[]": false, `a\`: false, "": false, "!": false, "#a": false, "\x20a": false, "a\nb": false,
	} {
		if _, err := NewPattern(s); (err == nil) != ok {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// TestNewExpression: the expressions by which a web server tells names are no patterns of an ignore file.
func TestNewExpression(t *testing.T) {
	for s, ok := range map[string]bool{`[-.]([A-Z0-9]{8})\.(js|css)$`: true, "": false, "a\nb": false} {
		if _, err := NewExpression(s); (err == nil) != ok {
			t.Errorf("%q: %v", s, err)
		}
	}
}
