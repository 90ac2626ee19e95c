package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestContext: a war answers where the repository's people say that it does.
func TestContext(t *testing.T) {
	const war = "<packaging>war</packaging><build><finalName>shop</finalName></build>"
	readme := func(text string) map[string]string { return map[string]string{"README.md": "# Shop\n\n" + text + "\n"} }
	own := func(text string) map[string]string {
		return map[string]string{"Dockerfile": "FROM tomcat:10.1\n" + text + "\n"}
	}
	for _, tt := range []struct {
		name  string
		pom   string
		files map[string]string
		want  string // below webapps/
	}{
		{"nothing", war, nil, "ROOT/"},
		{"the README", war, readme("Open http://localhost:8080/shop/ in a browser."), "shop/"},
		{"the README, of another machine", war, readme("See https://example.org/shop/."), "ROOT/"},
		{"the README, a page of the app", war, readme("Open <http://localhost:8080/login>."), "ROOT/"},
		{"the README, with a name for the host", war, readme("Open `http://<host>:8080/shop`."), "shop/"},
		{"the own image, a file", war, own("COPY target/shop.war /usr/local/tomcat/webapps/store.war"), "store/"},
		{"the own image, a folder", war, own("COPY target/shop.war $CATALINA_HOME/webapps/"), "shop/"},
		{"the own image, the root", war, map[string]string{"Dockerfile": "FROM tomcat:10.1\nADD target/shop.war /usr/local/tomcat/webapps/ROOT.war\n", "README.md": "http://localhost:8080/shop\n"}, "ROOT/"},
		{"the own image, a command", war, own("COPY target/shop.war /tmp/\nRUN mv /tmp/shop.war /usr/local/tomcat/webapps/shop.war"), "shop/"},
		{"Jetty's own image", war, map[string]string{"Dockerfile": "FROM jetty:12\nCOPY target/shop.war /var/lib/jetty/webapps/root.war\n"}, "ROOT/"},
		{"Jetty's own image, with a file that has the context", war, map[string]string{"Dockerfile": "FROM jetty:12\nCOPY docs.xml /opt/jetty/webapps/docs.xml\nADD target/shop.war /opt/jetty/webapps/docs.war\n", "docs.xml": "<Configure/>", "README.md": "http://localhost:8080/shop\n"}, "ROOT/"},
		{"a pattern", war, own("COPY target/*.war /usr/local/tomcat/webapps/"), "ROOT/"},
		{"Jetty's plugin", "<packaging>war</packaging>" + plugin("org.eclipse.jetty:jetty-maven-plugin", "<configuration><webApp><contextPath>/shop</contextPath></webApp></configuration>"), nil, "shop/"},
		{"Jib's", "<packaging>war</packaging>" + plugin("com.google.cloud.tools:jib-maven-plugin", "<configuration><from><image>tomcat:10.1-jre21</image></from><container><appRoot>/usr/local/tomcat/webapps/shop</appRoot></container></configuration>"), nil, "shop/"},
		{"Jib's, at the root", "<packaging>war</packaging>" + plugin("com.google.cloud.tools:jib-maven-plugin", "<configuration><from><image>tomcat:10.1-jre21</image></from><container><appRoot>/usr/local/tomcat/webapps/ROOT</appRoot></container></configuration>"), nil, "ROOT/"},
		{"Tomcat's plugin", "<packaging>war</packaging>" + plugin("org.apache.tomcat.maven:tomcat7-maven-plugin", "<configuration><path>/shop</path></configuration>"), nil, "shop/"},
		{"Tomcat's plugin, at the root", "<packaging>war</packaging>" + plugin("org.apache.tomcat.maven:tomcat7-maven-plugin", "<configuration><path>/</path></configuration>"), readme("http://localhost:8080/a"), "ROOT/"},
		{"a name that is none", war, own(`COPY target/shop.war "/usr/local/tomcat/webapps/a b;c.war"`), "ROOT/"},
		{"a version", war, own("COPY target/shop.war /usr/local/tomcat/webapps/shop##1.war"), "ROOT/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom)}
			maps.Copy(files, tt.files)
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			text := render(t, app)
			if !strings.Contains(text, " webapps/"+tt.want) || !strings.Contains(text, "/usr/local/tomcat/webapps/"+strings.TrimSuffix(tt.want, "/")+" ") {
				t.Errorf("no %q in\n%s", tt.want, text)
			}
		})
	}
}
