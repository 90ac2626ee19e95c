// Command board shows notes.
package main

import (
	"fmt"
	"log"
	"net/http"

	"github.com/spf13/cobra"

	"example.com/notes/internal/board"
)

func main() {
	root := &cobra.Command{Use: "board", Short: "Show notes"}
	root.AddCommand(serve(), count)
	if err := root.Execute(); err != nil {
		log.Fatal(err)
	}
}

func serve() *cobra.Command {
	var addr string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Show them to browsers",
		RunE: func(*cobra.Command, []string) error {
			http.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintln(w, board.Title())
			})
			return http.ListenAndServe(addr, nil)
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "localhost:8080", "where to listen")
	return cmd
}

var count = &cobra.Command{
	Use:   "count",
	Short: "Count them",
	Run:   func(*cobra.Command, []string) { fmt.Println(board.Title()) },
}
