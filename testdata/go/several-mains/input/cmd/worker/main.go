// Command worker does what the queue holds.
package main

import (
	"fmt"
	"log"
	"os"

	"example.com/shop/queue"
)

func main() {
	list, err := os.ReadFile("jobs.txt")
	if err != nil {
		log.Fatal(err)
	}
	for job, rest, ok := queue.Next(string(list)); ok; job, rest, ok = queue.Next(rest) {
		fmt.Println("done:", job)
	}
}
