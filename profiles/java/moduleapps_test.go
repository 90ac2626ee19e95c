package java_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/record"
)

// TestModuleApps: the modules of which nothing says which one is meant are the apps of the folder, each by its own folder.
func TestModuleApps(t *testing.T) {
	const boot = "<build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId>" +
		"<executions><execution><goals><goal>repackage</goal></goals></execution></executions></plugin></plugins></build>"
	const web = "<dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId><version>3.5.0</version></dependency></dependencies>"
	module := func(name, body string) string {
		return "<project><parent><groupId>g</groupId><artifactId>shop-parent</artifactId><version>1</version></parent><artifactId>" + name + "</artifactId>" + body + "</project>"
	}
	files := map[string]string{
		"pom.xml": "<project><groupId>g</groupId><artifactId>shop-parent</artifactId><version>1</version><packaging>pom</packaging>" +
			"<modules><module>orders</module><module>stock</module><module>admin</module><module>model</module><module>samples</module><module>tool</module></modules></project>",
		"orders/pom.xml":  module("orders", web+boot),
		"stock/pom.xml":   module("stock", web+boot),
		"admin/pom.xml":   module("admin", boot),
		"model/pom.xml":   module("model", ""),
		"samples/pom.xml": module("samples", web+boot),
		"tool/pom.xml":    module("tool", ""),
		"compose.yaml": "services:\n  orders: {image: acme/shop-orders}\n  stock: {image: acme/shop-stock, ports: [\"9001:9001\"]}\n" +
			"  admin: {image: acme/shop-admin}\n",
		"tool/src/main/java/x/Tool.java": "package x; public class Tool { public static void main(String[] a) {} }",
	}
	for _, m := range []string{"orders", "stock", "admin", "samples"} {
		files[m+"/src/main/java/"+m+"/App.java"] = "package " + m + "; @org.springframework.boot.autoconfigure.SpringBootApplication public class App { public static void main(String[] a) {} }"
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	repo, err := detect.Scan(context.Background(), fsys, profiles.Languages())
	if err != nil {
		t.Fatal(err)
	}
	_, err = profiles.Decide(repo, profiles.Request{Name: "shop"})
	var dirs []string
	for _, p := range record.Among(err) {
		dirs = append(dirs, p.Dir)
	}
	if got, want := strings.Join(dirs, " "), "orders stock admin"; got != want {
		t.Fatalf("the apps are %q, want %q (%v)", got, want, err)
	}
	for dir, want := range map[string]string{"orders": "8080", "stock": "9001"} {
		app, err := only(profiles.Decide(repo, profiles.Request{Name: "shop", One: record.Part{Main: dir, Dir: dir}}))
		if err != nil {
			t.Errorf("%s: %v", dir, err)
			continue
		}
		for key, value := range map[string]string{"java.module": dir, "java.main": dir + ".App", "port": want} {
			for _, c := range app.Choices {
				if c.Key == key && c.Value != value {
					t.Errorf("%s: %s is %s, want %s", dir, key, c.Value, value)
				}
			}
		}
		if app.Name != dir || app.Place != dir {
			t.Errorf("%s: the image is called %s and lies in %s", dir, app.Name, app.Place)
		}
	}
	// A folder can be asked for like a class.
	for main, want := range map[string]string{"stock": "stock", "./admin": "admin", "orders.App": "orders", "x.Tool": "tool", "nowhere": ""} {
		app, err := decide(t, files, "main="+main)
		got := ""
		if err == nil {
			for _, c := range app.Choices {
				if c.Key == "java.module" {
					got = c.Value
				}
			}
		}
		if got != want {
			t.Errorf("main=%s: got %q, want %q (%v)", main, got, want, err)
		}
	}
}
