// Package route answers the paths below a prefix with what a function makes of
// the rest of the path.
package route

import (
	"io"
	"net/http"
	"strings"
)

// Below returns a handler for GET requests of prefix followed by a name.
func Below(prefix string, answer func(name string) string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+prefix, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, answer(strings.TrimPrefix(r.URL.Path, prefix)))
	})
	return mux
}
