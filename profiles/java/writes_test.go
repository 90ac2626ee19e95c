package java_test

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestWrites: the folders that the app writes to exist and belong to the user.
func TestWrites(t *testing.T) {
	for _, tt := range []struct{ name, statement, want string }{
		{"nothing", "", ""},
		{"a folder", `Files.createDirectories(Path.of("data"));`, "--from=folders /folders/app/data/ data/"},
		{"a file of a folder", `Files.writeString(Path.of("data/x.json"), "x");`, "--from=folders /folders/app/data/ data/"},
		{"a file beside the jar", `Files.writeString(Path.of("x.json"), "x");`, "--link --from=folders /folders/app/ ./"},
		{"an absolute folder", `Files.writeString(Path.of("/var/lib/app/x.json"), "x");`, "--from=folders /folders/var/lib/app/ /var/lib/app/"},
		{"a temporary file", `Files.writeString(Path.of("/tmp/x.json"), "x");`, ""},
		{"a database", `DriverManager.getConnection("jdbc:h2:./h2/shop");`, "--from=folders /folders/app/h2/ h2/"},
		{"a file that the repository has", `Files.writeString(Path.of("seed/db.json"), "x");`, "--link seed/ seed/"},
		{"a folder of what is read and written", `Files.readString(Path.of("seed/other.json")); Files.writeString(Path.of("seed/x.json"), "x");`, "--link seed/ seed/"},
		{"a folder of the repository that prod has nothing of", `Files.writeString(Path.of("seed/x.json"), "x");`, "--from=folders /folders/app/seed/ seed/"},
		{"the folder of the classes", `Files.writeString(Path.of("classes/x.json"), "x");`, "--from=folders /folders/app/classes/ classes/"},
		{"what is read alone", `Files.readString(Path.of("conf/app.json"));`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app, err := decide(t, map[string]string{
				"pom.xml": pom(""), "seed/db.json": "{}", "seed/other.json": "{}",
				"src/main/java/A.java": "import java.nio.file.*; import java.sql.*;\nclass A { public static void main(String[] a) throws Exception {\n" +
					tt.statement + "\n} }\n",
			})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range app.Run.Copies {
				if c.Owner != (plan.User{}) {
					got = append(got, strings.ReplaceAll(c.String(), "--chown=65532:65532 ", ""))
				}
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("%s, want %s", s, tt.want)
			}
			if (len(app.Run.Writes) > 0) != (tt.want != "") {
				t.Errorf("%v are the user's", app.Run.Writes)
			}
		})
	}
}
