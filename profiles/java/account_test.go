package java_test

import "testing"

// TestAccount: libraries that log the user of the system in find one.
func TestAccount(t *testing.T) {
	for lib, want := range map[string]bool{"hadoop-common": true, "hadoop-annotations": false} {
		app, err := decide(t, map[string]string{
			"pom.xml":              pom("<dependencies><dependency><groupId>org.apache.hadoop</groupId><artifactId>" + lib + "</artifactId><version>3.4.1</version></dependency></dependencies>"),
			"src/main/java/A.java": "class A { public static void main(String[] a) {} }",
		}, "runtime=slim")
		if err != nil {
			t.Fatal(err)
		}
		if got := len(app.Run.Prepare) > 0; got != want {
			t.Errorf("%s: %v, want %v", lib, app.Run.Prepare, want)
		}
	}
}
