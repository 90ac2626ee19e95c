package java_test

import (
	"context"
	"errors"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	reactor "github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
)

// detect reads files given as name and text.
func detect(t testing.TB, files map[string]string) (*java.Facts, error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	tr, err := tree.Scan(context.Background(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return java.Detect(tr, ".")
}

func pom(body string) string {
	return "<project>\n<groupId>g</groupId><artifactId>a</artifactId><version>1</version>\n" + body + "\n</project>"
}

func TestProject(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		get   func(p *java.Project) any
		want  any
	}{
		{"final name", map[string]string{"pom.xml": pom("")}, func(p *java.Project) any { return p.FinalName().Value }, "a-1"},
		{"final name of the build", map[string]string{"pom.xml": pom("<build><finalName>${project.artifactId}</finalName></build>")}, func(p *java.Project) any { return p.FinalName().Value }, "a"},
		{"revision", map[string]string{"pom.xml": "<project><artifactId>a</artifactId><version>${revision}</version><properties><revision>2.${minor}</revision><minor>7</minor></properties></project>"}, func(p *java.Project) any { return p.FinalName().Value }, "a-2.7"},
		{"revision of maven.config", map[string]string{
			"pom.xml":           "<project><artifactId>a</artifactId><version>${revision}</version><properties><revision>2</revision></properties></project>",
			".mvn/maven.config": "-T1C\n-Drevision=3\n",
		}, func(p *java.Project) any { return p.FinalName().Value }, "a-3"},
		{"line of maven.config", map[string]string{
			"pom.xml":           "<project><artifactId>a</artifactId></project>",
			".mvn/maven.config": "-T1C\n--batch-mode -Drevision=3\n",
		}, func(p *java.Project) any { return p.POM.Property("revision").Pos.String() }, ".mvn/maven.config:2"},
		{"a circle of properties ends", map[string]string{"pom.xml": pom("<properties><x>${y}</x><y>${x}</y></properties>")}, func(p *java.Project) any { return reactor.Resolved(p.POM.Property("x").Value) }, false},
		{"version of the parent element", map[string]string{"pom.xml": "<project><parent><groupId>p</groupId><artifactId>q</artifactId><version>9</version></parent><artifactId>a</artifactId></project>"}, func(p *java.Project) any { return p.Group().Value + ":" + p.FinalName().Value }, "p:a-9"},
		{"property of a parent in the repository", map[string]string{
			"pom.xml":        "<project><parent><artifactId>q</artifactId><relativePath>parent</relativePath></parent><artifactId>a</artifactId></project>",
			"parent/pom.xml": "<project><artifactId>q</artifactId>\n<properties><java.version>21</java.version></properties></project>",
		}, func(p *java.Project) any { return p.POM.Property("java.version") }, fact.New("21", "parent/pom.xml", 2)},
		{"a file that is not the parent asked for", map[string]string{
			"pom.xml":        "<project><parent><groupId>g</groupId><artifactId>q</artifactId><version>1</version><relativePath>parent</relativePath></parent><artifactId>a</artifactId></project>",
			"parent/pom.xml": "<project><artifactId>other</artifactId><properties><java.version>21</java.version></properties></project>",
		}, func(p *java.Project) any { return p.POM.External.Artifact + p.POM.Property("java.version").Value }, "q"},
		{
			"known external parent",
			map[string]string{"pom.xml": "<project>\n<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.5.7</version></parent><artifactId>a</artifactId></project>"},
			func(p *java.Project) any { return p.POM.Property("java.version") }, fact.New("17", "pom.xml", 2),
		},
		{
			"the row of its major version",
			map[string]string{"pom.xml": "<project>\n<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>2.7.18</version></parent><artifactId>a</artifactId></project>"},
			func(p *java.Project) any { return p.POM.Property("java.version").Value }, "1.8",
		},
		{
			"profile that is active by default",
			map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><activeByDefault>true</activeByDefault></activation><properties><x>2</x></properties></profile><profile><properties><x>3</x></properties></profile></profiles>")},
			func(p *java.Project) any { return p.POM.Property("x").Value }, "2",
		},
		{"profile that is active without a property", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><property><name>!skipAll</name></property></activation><properties><x>2</x></properties></profile></profiles>")}, func(p *java.Project) any { return p.POM.Property("x").Value }, "2"},
		{"profile that asks for a property", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><property><name>all</name></property></activation><properties><x>2</x></properties></profile></profiles>")}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"profile that is active on Linux", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><os><family>unix</family></os></activation><properties><x>2</x></properties></profile></profiles>")}, func(p *java.Project) any { return p.POM.Property("x").Value }, "2"},
		{"profile of another system", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><os><family>windows</family></os></activation><properties><x>2</x></properties></profile></profiles>")}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"profile of a file among the sources", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><file><exists>${basedir}/src/main/resources/application.yml</exists></file></activation><properties><x>2</x></properties></profile></profiles>"), "src/main/resources/application.yml": ""}, func(p *java.Project) any { return p.POM.Property("x").Value }, "2"},
		{"profile of a folder", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><file><exists>src/main/frontend</exists></file></activation><properties><x>2</x></properties></profile></profiles>"), "src/main/frontend/package.json": ""}, func(p *java.Project) any { return p.POM.Property("x").Value }, "2"},
		{"profile of a file that is not there", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><file><exists>src/main/resources/application.yml</exists></file></activation><properties><x>2</x></properties></profile></profiles>")}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"profile of a file that the build context may not have", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><file><exists>Dockerfile</exists></file></activation><properties><x>2</x></properties></profile></profiles>"), "Dockerfile": ""}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"profile of a file of another module", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><file><exists>../b/src/x</exists></file></activation><properties><x>2</x></properties></profile></profiles>"), "b/src/x": ""}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"profile of a file that a property names", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><file><exists>${dir}/src/x</exists></file></activation><properties><x>2</x></properties></profile></profiles>"), "src/x": ""}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"profile of a file that is missing", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><file><missing>.git</missing></file></activation><properties><x>2</x></properties></profile></profiles>")}, func(p *java.Project) any { return p.POM.Property("x").Value }, "2"},
		{"profile of a file that is not missing", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><file><missing>src/x</missing></file></activation><properties><x>2</x></properties></profile></profiles>"), "src/x": ""}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"profile of two files", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><file><exists>src/x</exists><missing>src/y</missing></file></activation><properties><x>2</x></properties></profile></profiles>"), "src/x": ""}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"a parent's profile of a file of the module", map[string]string{
			"pom.xml":        "<project><parent><groupId>g</groupId><artifactId>q</artifactId><version>1</version><relativePath>parent</relativePath></parent><artifactId>a</artifactId></project>",
			"parent/pom.xml": "<project><groupId>g</groupId><artifactId>q</artifactId><version>1</version><properties><x>1</x></properties><profiles><profile><activation><file><exists>src/x</exists></file></activation><properties><x>2</x></properties></profile></profiles></project>",
			"src/x":          "",
		}, func(p *java.Project) any { return p.POM.Property("x").Value }, "2"},
		{"profile with a condition that is not known", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><property><name>!skipAll</name></property><jdk>[9,)</jdk></activation><properties><x>2</x></properties></profile></profiles>")}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"profile that a variable of the machine leaves out", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><property><name>!env.CI</name></property></activation><properties><x>2</x></properties></profile></profiles>")}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"profile that a property of maven.config turns off", map[string]string{"pom.xml": pom("<properties><x>1</x></properties><profiles><profile><activation><property><name>!skipAll</name></property></activation><properties><x>2</x></properties></profile></profiles>"), ".mvn/maven.config": "-DskipAll\n"}, func(p *java.Project) any { return p.POM.Property("x").Value }, "1"},
		{"Kotlin beside Java", map[string]string{"pom.xml": pom("<build><plugins><plugin><groupId>org.jetbrains.kotlin</groupId><artifactId>kotlin-maven-plugin</artifactId><version>2.3.0</version></plugin></plugins></build>")}, func(p *java.Project) any { return p.Roots }, []string{"src/main/java", "src/main/kotlin"}},
		{"Kotlin alone, in a folder that the POM names", map[string]string{"pom.xml": pom("<build><sourceDirectory>src/main/kotlin</sourceDirectory><plugins><plugin><groupId>org.jetbrains.kotlin</groupId><artifactId>kotlin-maven-plugin</artifactId><version>2.3.0</version></plugin></plugins></build>")}, func(p *java.Project) any { return p.Roots }, []string{"src/main/kotlin"}},
		{"Kotlin in the folder that the POM names, Java in one of the plugin's", map[string]string{"pom.xml": pom("<build><sourceDirectory>src/main/kotlin</sourceDirectory><plugins><plugin><groupId>org.jetbrains.kotlin</groupId><artifactId>kotlin-maven-plugin</artifactId><version>2.3.0</version><executions><execution><goals><goal>compile</goal></goals><configuration><sourceDirs><sourceDir>${project.basedir}/src/main/kotlin</sourceDir><sourceDir>${j}</sourceDir></sourceDirs></configuration></execution></executions></plugin></plugins></build><properties><j>${project.basedir}/src/main/java</j></properties>")}, func(p *java.Project) any { return p.Roots }, []string{"src/main/kotlin", "src/main/java"}},
		{
			"managed version and scope",
			map[string]string{"pom.xml": pom("<dependencyManagement><dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId><version>5</version><scope>provided</scope></dependency></dependencies></dependencyManagement>\n<dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId></dependency></dependencies>")},
			func(p *java.Project) any { return p.Dependencies() },
			[]reactor.Dependency{{Group: "x", Artifact: "y", Version: "5", Scope: "provided", Pos: fact.At("pom.xml", 4)}},
		},
		{
			"plugin configuration of pluginManagement",
			map[string]string{"pom.xml": pom("<build><pluginManagement><plugins><plugin><artifactId>maven-jar-plugin</artifactId><configuration><archive><manifest><mainClass>${m}</mainClass></manifest></archive></configuration></plugin></plugins></pluginManagement></build><properties><m>x.Y</m></properties>")},
			func(p *java.Project) any {
				return p.POM.Plugin("org.apache.maven.plugins", "maven-jar-plugin").Config("archive", "manifest", "mainClass").Value
			}, "x.Y",
		},
		{
			"executions of one id are one",
			map[string]string{"pom.xml": pom("<build><pluginManagement><plugins><plugin><artifactId>p</artifactId><executions><execution><id>i</id><goals><goal>run</goal></goals><configuration><out>o</out></configuration></execution></executions></plugin></plugins></pluginManagement><plugins><plugin><artifactId>p</artifactId><executions><execution><id>i</id></execution></executions></plugin></plugins></build>")},
			func(p *java.Project) any { return p.POM.PluginNamed("p").Goal("run")[0].Config("out").Value }, "o",
		},
		{
			"a managed plugin alone does not run",
			map[string]string{"pom.xml": pom("<build><pluginManagement><plugins><plugin><artifactId>p</artifactId><executions><execution><goals><goal>run</goal></goals></execution></executions></plugin></plugins></pluginManagement></build>")},
			func(p *java.Project) any { return len(p.POM.PluginNamed("p").Goal("run")) }, 0,
		},
		{
			"phase none switches off",
			map[string]string{"pom.xml": pom("<build><plugins><plugin><artifactId>p</artifactId><executions><execution><phase>none</phase><goals><goal>run</goal></goals></execution></executions></plugin></plugins></build>")},
			func(p *java.Project) any { return len(p.POM.PluginNamed("p").Goal("run")) }, 0,
		},
		{"output folders", map[string]string{"pom.xml": pom("<build><directory>${project.basedir}/out</directory></build>")}, func(p *java.Project) any { return p.BuildDir() + " " + p.ClassesDir() }, "out out/classes"},
		{"classes within the exploded war", map[string]string{"pom.xml": pom("<build><outputDirectory>${project.build.directory}/${project.build.finalName}/WEB-INF/classes</outputDirectory></build>")}, func(p *java.Project) any { return p.ClassesDir() }, "target/a-1/WEB-INF/classes"},
		{"Latin-1", map[string]string{"pom.xml": "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<project><artifactId>a</artifactId><name>caf\xe9</name><version>${project.name}</version></project>"}, func(p *java.Project) any { return p.Version().Value }, "café"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := detect(t, tt.files)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, tt.get(f.Projects[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLeftOutModule: a module of a profile that no build asks for may be left out of the repository.
func TestLeftOutModule(t *testing.T) {
	f, err := detect(t, map[string]string{
		"pom.xml":     pom("<packaging>pom</packaging><modules><module>lib</module></modules><profiles><profile><id>x</id><activation><activeByDefault>true</activeByDefault></activation><modules><module>none</module></modules></profile></profiles>"),
		"lib/pom.xml": "<project><artifactId>lib</artifactId></project>",
	})
	if err != nil || len(f.Projects) != 2 {
		t.Errorf("got %v, %v", f, err)
	}
}

func TestReactor(t *testing.T) {
	f, err := detect(t, map[string]string{
		"pom.xml":       pom("<packaging>pom</packaging><modules><module>lib</module><module>sub</module></modules>"),
		"lib/pom.xml":   "<project><parent><artifactId>a</artifactId></parent><artifactId>lib</artifactId></project>",
		"sub/pom.xml":   "<project><artifactId>sub</artifactId><packaging>pom</packaging><modules><module>x</module><module>../lib</module></modules></project>",
		"sub/x/pom.xml": "<project><artifactId>x</artifactId></project>",
	})
	if err != nil {
		t.Fatal(err)
	}
	var dirs []string
	for _, p := range f.Projects {
		dirs = append(dirs, p.Dir)
	}
	if diff := cmp.Diff([]string{".", "lib", "sub", "sub/x"}, dirs); diff != "" {
		t.Error(diff)
	}
}

func TestDetectErrors(t *testing.T) {
	tests := []struct{ name, pom, want string }{
		{"not closed", "<project>\n<artifactId>a</artifactId>\n", "pom.xml:3: is not valid XML"},
		{"not XML", "nothing", "pom.xml: holds no XML element"},
		{"empty", "", "pom.xml: holds no XML element"},
		{"another root", "<settings/>", "pom.xml:1: want <project>, found <settings>"},
		{"no artifact", "<project>\n</project>", "pom.xml:1: the project has no artifactId"},
		{"a module that is not there", pom("<modules>\n<module>x</module></modules>"), "pom.xml:4: module x has no pom.xml"},
		{"a parent that is its own", "<project><parent><artifactId>a</artifactId><relativePath>pom.xml</relativePath></parent><artifactId>a</artifactId></project>", ""},
		{"deep nesting", "<project>" + strings.Repeat("<a>", 500), "pom.xml:1: nests deeper than 200 levels"},
		{"unknown encoding", `<?xml version="1.0" encoding="klingon"?><project/>`, "pom.xml:1: is not valid XML"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := detect(t, map[string]string{"pom.xml": tt.pom})
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var fe *fact.Error
			if !errors.As(err, &fe) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestParentsInACircle(t *testing.T) {
	_, err := detect(t, map[string]string{
		"pom.xml":   "<project><parent><artifactId>b</artifactId><relativePath>b</relativePath></parent><artifactId>a</artifactId></project>",
		"b/pom.xml": "<project><parent><artifactId>c</artifactId><relativePath>../c</relativePath></parent><artifactId>b</artifactId></project>",
		"c/pom.xml": "<project><parent><artifactId>b</artifactId><relativePath>../b</relativePath></parent><artifactId>c</artifactId></project>",
	})
	if err == nil || !strings.Contains(err.Error(), "circle") {
		t.Errorf("got %v", err)
	}
}

func TestVersionFiles(t *testing.T) {
	f, err := detect(t, map[string]string{
		"pom.xml":           pom(""),
		".java-version":     "21.0.2\n",
		".sdkmanrc":         "# Enable auto-env\njava=17.0.9-tem\n",
		".tool-versions":    "nodejs 20\njava temurin-21.0.1+12\n",
		"system.properties": "java.runtime.version = 11\n",
		"mise.toml":         "[tools]\nnode = \"20\"\njava = \"temurin-25\"\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []fact.Fact[string]{
		fact.New("21.0.2", ".java-version", 1), fact.New("17.0.9-tem", ".sdkmanrc", 2), fact.New("temurin-21.0.1+12", ".tool-versions", 2),
		fact.New("11", "system.properties", 1), fact.New("temurin-25", "mise.toml", 3),
	}
	if diff := cmp.Diff(want, f.Versions); diff != "" {
		t.Error(diff)
	}
}

func TestVersionFilesThatAreMalformed(t *testing.T) {
	for name, text := range map[string]string{"mise.toml": "[tools\n", ".java-version": "\x00", ".sdkmanrc": "\x00"} {
		if _, err := detect(t, map[string]string{"pom.xml": pom(""), name: text}); err == nil || !strings.HasPrefix(err.Error(), name+":1: ") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestMajor(t *testing.T) {
	for in, want := range map[string]string{
		"1.8": "8", "8": "8", "17": "17", "17.0.9-tem": "17", "temurin-21.0.1+12": "21", "zulu-8.86.0.25": "8", "[17,)": "17",
		"1.7": "7", "": "", "lts": "", "graalvm-community-25": "25", "adoptopenjdk-1.8.0_292": "8",
		"21.0.5-graalce": "21", "21.0.5-amzn": "21", "8.0.432.fx-zulu": "8", "22.3.r17-grl": "17", "23.1.5.r21-nik": "21", "24.0.2.r22-mandrel": "22", "graalvm-22.3.1+java17": "17",
	} {
		if got := java.Major(in); got != want {
			t.Errorf("Major(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWrapper(t *testing.T) {
	props := "wrapperVersion=3.3.4\ndistributionUrl=https\\://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.9.11/apache-maven-3.9.11-bin.zip\n"
	f, err := detect(t, map[string]string{"pom.xml": pom(""), "mvnw": "#!/bin/sh\r\n", ".mvn/wrapper/maven-wrapper.properties": props})
	if err != nil {
		t.Fatal(err)
	}
	w := f.Wrapper
	if w.Version != "3.9.11" || !w.CRLF || w.Direct || w.URL.Pos.Line != 2 || !f.MavenDir {
		t.Errorf("got %+v", w)
	}
}

func TestGradleAlone(t *testing.T) {
	f, err := detect(t, map[string]string{"build.gradle.kts": ""})
	if err != nil || f == nil || len(f.Projects) != 1 || f.Gradle == nil || f.Projects[0].File != "build.gradle.kts" {
		t.Errorf("got %+v, %v", f, err)
	}
	if f, err = detect(t, map[string]string{"README.md": ""}); f != nil || err != nil {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestSettings(t *testing.T) {
	f, err := detect(t, map[string]string{
		"pom.xml": pom(""),
		"src/main/resources/application.properties":      "# server.port=1\nserver.port : \\\n  9000\nspring.profiles.active=prod\nempty\n",
		"src/main/resources/application-prod.properties": "server.port=9001\n",
		"src/main/resources/application.yml":             "server:\n  port: ${PORT:9002}\n---\nspring.config.activate.on-profile: dev\nserver.port: 1\n",
		"src/main/resources/application.yaml":            "a: [",
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range f.Projects[0].Settings {
		got = append(got, s.Pos.String()+" "+s.Key+"="+s.Value)
	}
	want := []string{
		"src/main/resources/application-prod.properties:1 server.port=9001",
		"src/main/resources/application.properties:2 server.port=9000",
		"src/main/resources/application.properties:4 spring.profiles.active=prod",
		"src/main/resources/application.properties:5 empty=",
		"src/main/resources/application.yml:2 server.port=${PORT:9002}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzPom(f *testing.F) {
	for _, s := range []string{pom(""), pom("<properties><x>${x}${x}</x></properties>"), "<project", "<a><![CDATA[x]]></a>", pom("<parent/><build><plugins><plugin/></plugins></build>"), "<project><artifactId>${project.artifactId}</artifactId></project>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		facts, err := detect(t, map[string]string{"pom.xml": text})
		if err != nil {
			if fe := (*fact.Error)(nil); !errors.As(err, &fe) {
				t.Errorf("error without a place: %v", err)
			}
			return
		}
		for _, p := range facts.Projects {
			p.FinalName()
			p.ClassesDir()
			p.Dependencies()
			p.POM.Imports()
			p.POM.Plugin("g", "a").Goal("x")
		}
	})
}

// TestDir wants a project in a subfolder to say what it says at the root: paths
// are relative to the folder, positions to the repository.
func TestDir(t *testing.T) {
	files := map[string]string{
		"pom.xml": pom("<packaging>pom</packaging><modules><module>app</module><module>lib</module></modules>"),
		"app/pom.xml": "<project><parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>app</artifactId>" +
			"<dependencies><dependency><groupId>g</groupId><artifactId>lib</artifactId><version>1</version></dependency></dependencies></project>",
		"app/src/main/java/M.java":                      "class M { public static void main(String[] a) { new java.net.ServerSocket(8080); } }",
		"app/src/main/resources/application.properties": "server.port=9000",
		"lib/pom.xml":    "<project><parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>lib</artifactId></project>",
		"mvnw":           "#!/bin/sh\n",
		".java-version":  "21",
		"config.json":    "{}",
		"own/notes.conf": "x",
	}
	at := func(dir string) *java.Facts {
		t.Helper()
		fsys := fstest.MapFS{}
		for name, text := range files {
			fsys[path.Join(dir, name)] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
		}
		tr, err := tree.Scan(t.Context(), fsys, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		f, err := java.Detect(tr, dir)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	root, sub := at("."), at("back/end")
	sub.Dir = root.Dir
	same := cmp.Options{
		cmp.Transformer("Pos", func(p fact.Pos) string { return strings.TrimPrefix(p.String(), "back/end/") }),
		cmp.Transformer("Project", func(p *reactor.Project) []any {
			return []any{p.Dir, p.File, p.Artifact(), p.Version(), p.FinalName(), p.Dependencies()}
		}),
	}
	if diff := cmp.Diff(root, sub, same); diff != "" {
		t.Error(diff)
	}
	for _, p := range sub.Projects {
		if at := p.Artifact().Pos.String(); !strings.HasPrefix(at, "back/end/") {
			t.Errorf("%s: the position %s is not one of the repository", p.Dir, at)
		}
	}
}
