// Package queue holds what is to be done.
package queue

import "strings"

// Next takes the first job off a list, one a line; ok is false at its end.
func Next(list string) (job, rest string, ok bool) {
	jobs := strings.Fields(list)
	if len(jobs) > 0 {
		return jobs[0], strings.Join(jobs[1:], "\n"), true
	}
	return "", "", false
}
