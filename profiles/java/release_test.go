package java_test

import (
	"strings"
	"testing"
)

// TestRelease gives the jar a name in prod that the next release keeps, and finds it in the
// build by a pattern, where no other jar may be called so.
func TestRelease(t *testing.T) {
	versioned := func(version, rest string) string {
		return "<project><groupId>g</groupId><artifactId>kaf</artifactId><version>" + version + "</version>\n" + rest + "\n</project>"
	}
	manifest := func(more string) string {
		return "<build><plugins><plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-jar-plugin</artifactId><configuration><archive><manifest><mainClass>M</mainClass></manifest></archive></configuration></plugin>" + more + "</plugins></build>"
	}
	attached := func(name, goal string) string {
		return "<plugin><groupId>org.apache.maven.plugins</groupId><artifactId>" + name + "</artifactId>" + execution(goal, "") + "</plugin>"
	}
	own := "<parent><groupId>org.example</groupId><artifactId>house</artifactId><version>3</version><relativePath/></parent>"
	for name, tt := range map[string]struct {
		pom   string
		set   []string
		lines []string
	}{
		"a snapshot":         {versioned("4.2.1-SNAPSHOT", manifest("")), nil, []string{"/src/target/kaf-*.jar app.jar\n", `CMD ["app.jar"]`}},
		"${revision}":        {versioned("${revision}", "<properties><revision>2.0</revision></properties>"+manifest("")), nil, []string{"/src/target/kaf-*.jar app.jar\n"}},
		"no version":         {versioned("1.0", strings.Replace(manifest(""), "<build>", "<build><finalName>kaf</finalName>", 1)), nil, []string{"/src/target/kaf.jar ./\n", `CMD ["kaf.jar"]`}},
		"a part of a word":   {versioned("1", strings.Replace(manifest(""), "<build>", "<build><finalName>k21</finalName>", 1)), nil, []string{"/src/target/k21.jar ./\n"}},
		"nothing before it":  {versioned("1.0", strings.Replace(manifest(""), "<build>", "<build><finalName>${project.version}</finalName>", 1)), nil, []string{"/src/target/1.0.jar ./\n"}},
		"sources beside it":  {versioned("1.0", manifest(attached("maven-source-plugin", "jar-no-fork"))), nil, []string{"/src/target/kaf-1.0.jar app.jar\n", `CMD ["app.jar"]`}},
		"javadoc beside it":  {versioned("1.0", manifest(attached("maven-javadoc-plugin", "jar"))), nil, []string{"/src/target/kaf-1.0.jar app.jar\n"}},
		"a parent elsewhere": {versioned("1.0", own+manifest("")), nil, []string{"/src/target/kaf-1.0.jar app.jar\n"}},
		"a wildcard":         {versioned("1.0", strings.Replace(manifest(""), "<build>", "<build><finalName>k[a]*-${project.version}</finalName>", 1)), nil, []string{`app.jar`}},
		"asked for by name":  {versioned("1.0", manifest("")), []string{"start=[java, -jar, kaf-1.0.jar]"}, []string{"/src/target/kaf-1.0.jar ./\n", `"kaf-1.0.jar"]`}},
	} {
		t.Run(name, func(t *testing.T) {
			app, err := decide(t, map[string]string{"pom.xml": tt.pom, mainFile: mainText}, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			got := render(t, app)
			for _, line := range tt.lines {
				if !strings.Contains(got, line) {
					t.Errorf("no %q in\n%s", line, got)
				}
			}
		})
	}
}
