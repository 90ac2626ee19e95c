package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestTomcat: the release of Tomcat that has the servlet API that a war is written for.
func TestTomcat(t *testing.T) {
	const war = "<packaging>war</packaging>"
	const webXML = "src/main/webapp/WEB-INF/web.xml"
	source := func(imported string) map[string]string {
		return map[string]string{"src/main/java/S.java": "import " + imported + ";\nclass S {}"}
	}
	version := func(name, v string) string {
		g, a, _ := strings.Cut(name, ":")
		return "<dependencies><dependency><groupId>" + g + "</groupId><artifactId>" + a + "</artifactId><version>" + v + "</version></dependency></dependencies>"
	}
	java := func(v string) string {
		return "<properties><maven.compiler.target>" + v + "</maven.compiler.target></properties>"
	}
	for _, tt := range []struct {
		name, pom string
		files     map[string]string
		want      string // of java.tomcat, or the refusal
	}{
		{"nothing", war, nil, "10.1"},
		{"nothing, and Java 8", war + java("1.8"), nil, "9.0"},
		{"an import of Java EE", war, source("javax.servlet.http.HttpServlet"), "9.0"},
		{"an import of Jakarta EE", war, source("jakarta.servlet.http.HttpServlet"), "10.1"},
		{"an import that never moved", war, source("javax.sql.DataSource"), "10.1"},
		{"a descriptor of Java EE", war, map[string]string{webXML: `<web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="4.0"/>`}, "9.0"},
		{"an older descriptor", war, map[string]string{webXML: `<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0"/>`}, "9.0"},
		{"a descriptor without a namespace", war, map[string]string{webXML: "<!DOCTYPE web-app PUBLIC\n \"-//Sun Microsystems, Inc.//DTD Web Application 2.3//EN\"\n \"http://java.sun.com/dtd/web-app_2_3.dtd\" >\n<web-app/>"}, "9.0"},
		{"a descriptor that says nothing", war, map[string]string{webXML: "<!DOCTYPE web-app SYSTEM \"web-app.dtd\">\n<web-app/>"}, "10.1"},
		{"a descriptor of Jakarta EE", war + java("17"), map[string]string{webXML: `<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0"/>`}, "10.1"},
		{"Spring 5", war + version("org.springframework:spring-webmvc", "5.3.39"), nil, "9.0"},
		{"Spring 7", war + version("org.springframework:spring-webmvc", "7.0.2"), source("jakarta.servlet.http.HttpServlet"), "11.0"},
		{"Spring 7 without its web", war + version("org.springframework:spring-context", "7.0.2"), source("jakarta.servlet.http.HttpServlet"), "10.1"},
		{"Spring 6", war + version("org.springframework:spring-webmvc", "6.1.2"), nil, "10.1"},
		{"Struts", war + version("org.apache.struts:struts2-core", "2.5.33"), nil, "9.0"},
		{"Jersey 2", war + version("org.glassfish.jersey.containers:jersey-container-servlet", "2.39"), nil, "9.0"},
		{"JSTL", war + version("jstl:jstl", "1.2"), nil, "9.0"},
		{"an API before a descriptor", war + version("jakarta.servlet:jakarta.servlet-api", "6.0.0"), map[string]string{webXML: `<web-app xmlns="http://java.sun.com/xml/ns/javaee"/>`}, "10.1"},
		{"Servlet 6.1", war + version("jakarta.servlet:jakarta.servlet-api", "6.1.0"), nil, "11.0"},
		{"Jakarta EE 11", war + version("jakarta.platform:jakarta.jakartaee-web-api", "11.0.0"), nil, "11.0"},
		{"WildFly", war + plugin("org.wildfly.plugins:wildfly-maven-plugin", ""), nil, "the war is made for WildFly"},
		{"Open Liberty", war + plugin("io.openliberty.tools:liberty-maven-plugin", ""), nil, "the war is made for Open Liberty"},
		{"enterprise beans", war, source("jakarta.ejb.Stateless"), "the code has enterprise beans (jakarta.ejb.Stateless)"},
		{"the own image is of WildFly", war, map[string]string{"Dockerfile": "FROM quay.io/wildfly/wildfly:33.0.0.Final-jdk17\nCOPY target/a-1.war /opt/jboss/wildfly/standalone/deployments/\n"}, "the repository's own image runs the war on WildFly"},
		{"the own image is of Payara, by a stage", war, map[string]string{"Dockerfile": "FROM payara/server-full:6.2024.1 AS server\nFROM server\nCOPY target/a-1.war $DEPLOY_DIR\n"}, "the repository's own image runs the war on Payara"},
		{"the own image is of Open Liberty", war, map[string]string{"Dockerfile": "FROM icr.io/appcafe/open-liberty:full-java17-openj9-ubi\nCOPY target/a-1.war /config/dropins/\n"}, "the repository's own image runs the war on Open Liberty"},
		{"the own image is of Tomcat, beside a plugin", war + plugin("org.wildfly.plugins:wildfly-maven-plugin", ""), map[string]string{"Dockerfile": "FROM tomcat:10.1-jre21\nCOPY target/a-1.war /usr/local/tomcat/webapps/ROOT.war\n"}, "10.1"},
		{"the release of the own image", war, map[string]string{"Dockerfile": "FROM tomcat:9-jre17\nCOPY target/a-1.war /usr/local/tomcat/webapps/\n"}, "9.0"},
		{"the release of the own image before a library's", war + version("org.springframework:spring-webmvc", "5.3.39"), map[string]string{"Dockerfile": "FROM tomcat:10.1.20-jdk17-temurin\nCOPY target/a-1.war /usr/local/tomcat/webapps/\n"}, "10.1"},
		{"an older release of the own image", war + java("1.8"), map[string]string{"Dockerfile": "FROM tomcat:8.5\nCOPY target/a-1.war /usr/local/tomcat/webapps/\n"}, "9.0"},
		{"a jar with such an import", "", source("jakarta.ejb.Stateless"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText}
			maps.Copy(files, tt.files)
			app, err := decide(t, files)
			if err != nil {
				if len(tt.want) < 5 || !strings.Contains(err.Error(), tt.want) {
					t.Fatal(err)
				}
				return
			}
			got := ""
			for _, c := range app.Choices {
				if c.Key == "java.tomcat" {
					got = c.Value
				}
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestTomcatsJava: Tomcat runs with a Java that it knows, which may be later than
// the one that the code is written for.
func TestTomcatsJava(t *testing.T) {
	for _, tt := range []struct{ name, java, api, set, want string }{
		{"the code's own", "17", "6.0.0", "", "10.1 17"},
		{"Jakarta EE and Java 11", "11", "5.0.0", "", "10.1 11"},
		{"Jakarta EE and Java 8", "1.8", "5.0.0", "", "10.1 11"},
		{"Jakarta EE 8", "11", "4.0.4", "", "9.0 11"},
		{"an unknown one", "11", "${servlet.version}", "", "10.1 11"},
		{"Tomcat 11 and Java 11", "11", "6.1.0", "", "11.0 17"},
		{"nothing", "", "6.0.0", "", "10.1 25"},
		{"one that is asked for", "11", "6.0.0", "version=25", "10.1 25"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := "<packaging>war</packaging><dependencies><dependency><groupId>jakarta.servlet</groupId><artifactId>jakarta.servlet-api</artifactId><version>" + tt.api + "</version></dependency></dependencies>"
			if tt.java != "" {
				text += "<properties><maven.compiler.source>" + tt.java + "</maven.compiler.source></properties>"
			}
			var set []string
			if tt.set != "" {
				set = append(set, tt.set)
			}
			app, err := decide(t, map[string]string{"pom.xml": pom(text), mainFile: mainText}, set...)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, c := range app.Choices {
				got[c.Key] = c.Value
			}
			if have := got["java.tomcat"] + " " + got["java.version"]; have != tt.want {
				t.Errorf("%s, want %s", have, tt.want)
			}
		})
	}
}

// TestTomcatBound: a newer Tomcat runs what is written for Jakarta EE, and none of another line what is written for Java EE.
func TestTomcatBound(t *testing.T) {
	for _, tt := range []struct{ api, release, want string }{
		{"jakarta.servlet:jakarta.servlet-api", "10.1", ""},
		{"jakarta.servlet:jakarta.servlet-api", "11.0", ""},
		{"jakarta.servlet:jakarta.servlet-api", "9.0", "the war is for Tomcat 10.1: the jakarta.servlet API"},
		{"javax.servlet:javax.servlet-api", "9.0", ""},
		{"javax.servlet:javax.servlet-api", "10.1", "the war is for Tomcat 9.0: the javax.servlet API"},
		{"javax.servlet:javax.servlet-api", "11.0", "the war is for Tomcat 9.0: the javax.servlet API"},
	} {
		app, err := decide(t, map[string]string{"pom.xml": pom("<packaging>war</packaging><dependencies>" + dependency(tt.api, "provided") + "</dependencies>"), mainFile: mainText})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, b := range app.Bounds {
			if o, ok := b.Against(tt.release); ok && b.Image == "tomcat" {
				got = o.Text
			}
		}
		if got != tt.want {
			t.Errorf("%s on %s: %q, want %q", tt.api, tt.release, got, tt.want)
		}
	}
}

// TestKept: a choice of a default that a reason of today's keeps names the line that the rule prefers, and the reason; one that the
// repository makes does not.
func TestKept(t *testing.T) {
	const war = "<packaging>war</packaging>"
	for _, tt := range []struct {
		name, key string
		files     map[string]string
		want      string // "VALUE not REJECTED", of such a line
	}{
		{"Maven", "java.build", map[string]string{"pom.xml": pom("")}, "3.9 not 3.10"},
		{"Gradle", "java.build", map[string]string{"build.gradle": "plugins { id 'application' }\napplication { mainClass = 'a.A' }\n", "settings.gradle": "rootProject.name = 'a'\n"}, "8.14 not 9.7"},
		{"Gradle for a later Java", "java.build", map[string]string{"build.gradle": "plugins { id 'application' }\napplication { mainClass = 'a.A' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(25) } }\n", "settings.gradle": "rootProject.name = 'a'\n"}, "9.7"},
		{"Tomcat", "java.tomcat", map[string]string{"pom.xml": pom(war)}, "10.1 not 11.0"},
		{"the Tomcat of the own image", "java.tomcat", map[string]string{"pom.xml": pom(war), "Dockerfile": "FROM tomcat:10.1\nCOPY target/a-1.war /usr/local/tomcat/webapps/ROOT.war\n"}, "10.1"},
		{"an older Tomcat", "java.tomcat", map[string]string{"pom.xml": pom(war + "<properties><maven.compiler.target>1.8</maven.compiler.target></properties>")}, "9.0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{mainFile: mainText}
			maps.Copy(files, tt.files)
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, c := range app.Choices {
				if c.Key != tt.key {
					continue
				}
				got = c.Value
				for _, r := range c.Rejected {
					if strings.Contains(r.Why, "prefers it, but ") {
						got += " not " + r.Value
					}
				}
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
