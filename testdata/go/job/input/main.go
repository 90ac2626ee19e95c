// Command wordcount counts the words of a text that it carries along.
package main

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed text.txt
var text string

func main() {
	fmt.Println(count(text), "words")
}

func count(s string) int {
	n := 0
	for range strings.FieldsSeq(s) {
		n++
	}
	return n
}
