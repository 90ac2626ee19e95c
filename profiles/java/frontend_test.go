package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestFrontEnds: a front end that Maven would build by a Node that it downloads has stages of its own, where all of it is clear.
func TestFrontEnds(t *testing.T) {
	const (
		vite   = `{"scripts":{"build":"vite build","lint":"eslint ."},"devDependencies":{"vite":"^7"}}`
		node   = "<nodeVersion>v22.11.0</nodeVersion>"
		ui     = "<workingDirectory>ui</workingDirectory>"
		static = "export default {build: {outDir: '../src/main/resources/static'}}"
	)
	run := func(id, goal, config string) string {
		return "<execution><id>" + id + "</id><goals><goal>" + goal + "</goal></goals><configuration>" + config + "</configuration></execution>"
	}
	front := func(config string, more ...string) string {
		return "<plugin><groupId>com.github.eirslett</groupId><artifactId>frontend-maven-plugin</artifactId><version>1.15.1</version><configuration>" + config + "</configuration><executions>" +
			run("node", "install-node-and-npm", node) + run("install", "npm", "<arguments>ci</arguments>") + strings.Join(more, "") + "</executions></plugin>"
	}
	build := run("build", "npm", "<arguments>run build</arguments>")
	call := func(id, config string) string {
		return "<execution><id>" + id + "</id><phase>generate-resources</phase><goals><goal>exec</goal></goals><configuration>" + config + "</configuration></execution>"
	}
	exec := func(calls ...string) string {
		return "<plugin><groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId><executions>" + strings.Join(calls, "") + "</executions></plugin>"
	}
	npm := func(words ...string) string {
		return "<executable>npm</executable>" + ui + "<arguments><argument>" + strings.Join(words, "</argument><argument>") + "</argument></arguments>"
	}
	plugins := func(list ...string) string { return "<build><plugins>" + strings.Join(list, "") + "</plugins></build>" }
	web := boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web")
	const skipped = " -Dskip.installnodenpm -Dskip.npm"
	for _, tt := range []struct {
		name, pom string
		files     map[string]string
		want      []string
		without   string
	}{
		{
			"in the static resources", plugins(front(ui, build)),
			map[string]string{"ui/package.json": vite, "ui/vite.config.js": static},
			[]string{"node:22-", "COPY --link --from=frontend-build /src/main/resources/static/ src/main/resources/static/\n", "package -DskipTests dependency:copy-dependencies -DincludeScope=runtime" + skipped, "go-offline" + skipped, "mvn -B -ntp test" + skipped},
			"npm run lint",
		},
		{
			"in the module's sources", plugins(front("<workingDirectory>${project.basedir}/src/main/frontend</workingDirectory>", build)),
			map[string]string{"src/main/frontend/package.json": vite, "src/main/frontend/vite.config.js": "export default {build: {outDir: '../../../target/classes/static'}}"},
			[]string{"COPY --link --from=frontend-build /target/classes/static/ target/classes/static/\n", skipped},
			"",
		},
		{
			"what another plugin copies", plugins(front(ui, build), "<plugin><artifactId>maven-antrun-plugin</artifactId></plugin>"),
			map[string]string{"ui/package.json": vite},
			[]string{"COPY --link --from=frontend-build /app/dist/ ui/dist/\n", skipped},
			"",
		},
		{
			"a resource", "<build><resources><resource><directory>ui/build</directory><targetPath>static</targetPath></resource></resources>" + strings.TrimPrefix(plugins(front(ui, build)), "<build>"),
			map[string]string{"ui/package.json": `{"scripts":{"build":"webpack -o build"},"devDependencies":{"webpack":"^5"}}`},
			[]string{"COPY --link --from=frontend-build /app/build/ ui/build/\n", skipped},
			"",
		},
		{
			"the folder of the module", plugins(front("", run("build", "npm", "<arguments>run build:prod</arguments>"))),
			map[string]string{"package.json": `{"scripts":{"build:prod":"vite build --outDir target/classes/static"},"devDependencies":{"vite":"^7"}}`, ".gitignore": "target\n"},
			[]string{"COPY --link --from=frontend-build /app/target/classes/static/ target/classes/static/\n", "RUN npm run build:prod\n", skipped},
			"",
		},
		{
			"checks of it", plugins(front(ui, run("lint", "npm", "<arguments>run lint</arguments>"), build, run("test", "npm", "<arguments>run test:unit</arguments>"))),
			map[string]string{"ui/package.json": vite},
			[]string{"RUN npm run build\n", skipped},
			"",
		},
		{
			"Yarn", plugins(strings.ReplaceAll(strings.ReplaceAll(front(ui, run("build", "yarn", "<arguments>build</arguments>")), "install-node-and-npm", "install-node-and-yarn"), "<goal>npm</goal>", "<goal>yarn</goal>")),
			map[string]string{"ui/package.json": vite, "ui/yarn.lock": ""},
			[]string{"RUN yarn run build\n", "-Dskip.installyarn -Dskip.yarn"},
			"",
		},
		{
			"variables", plugins(front(ui+"<environmentVariables><PUBLIC_URL>/${project.artifactId}</PUBLIC_URL></environmentVariables>", build)),
			map[string]string{"ui/package.json": vite},
			[]string{"ENV PUBLIC_URL=/a\n", skipped},
			"",
		},
		{
			"a property of the POM's own", "<properties><skipFront>false</skipFront></properties>" + plugins(front(ui+"<skip>${skipFront}</skip>", build)),
			map[string]string{"ui/package.json": vite},
			[]string{"frontend-build", " -DskipFront\n"},
			"-Dskip.npm",
		},
		{"a property that is on", "<properties><skipFront>true</skipFront></properties>" + plugins(front(ui+"<skip>${skipFront}</skip>", build)), map[string]string{"ui/package.json": vite}, nil, "frontend-build"},
		{"nothing turns it off", plugins(front(ui+"<skip>false</skip>", build)), map[string]string{"ui/package.json": vite}, nil, "frontend-build"},
		{"a property of no name", plugins(front(ui+"<skip>${a -Db;id}</skip>", build)), map[string]string{"ui/package.json": vite}, nil, "frontend-build"},
		{"in several steps", plugins(front(ui, run("gen", "npm", "<arguments>run generate</arguments>"), build)), map[string]string{"ui/package.json": vite}, nil, "frontend-build"},
		{"no program of its own", plugins(front(ui, run("build", "npm", "<arguments>run build; id</arguments>"))), map[string]string{"ui/package.json": vite}, nil, "frontend-build"},
		{"a folder outside of the repository", plugins(front("<workingDirectory>../../ui</workingDirectory>", build)), map[string]string{"ui/package.json": vite}, nil, "frontend-build"},
		{"when it is deployed", plugins(front(ui, strings.Replace(build, "<goals>", "<phase>deploy</phase><goals>", 1))), map[string]string{"ui/package.json": vite}, nil, "frontend-build"},
		{
			"npm by the exec plugin", plugins(exec(call("install", npm("install")), call("build", npm("run", "build")))),
			map[string]string{"ui/package.json": vite},
			[]string{"COPY --link --from=frontend-build /app/dist/ ui/dist/\n", "-Dexec.skip"},
			"/opt/",
		},
		{
			"something else by the exec plugin", plugins(exec(call("build", npm("run", "build")), call("more", "<executable>make</executable>"))),
			map[string]string{"ui/package.json": vite},
			[]string{"# node has the programs of Node that the build starts.\n"},
			"frontend-build",
		},
		{
			"npm by Ant", plugins("<plugin><artifactId>maven-antrun-plugin</artifactId><executions><execution><phase>compile</phase><goals><goal>run</goal></goals><configuration><target><exec executable=\"npm\" dir=\"ui\"><arg value=\"ci\"/></exec></target></configuration></execution></executions></plugin>"),
			map[string]string{"ui/package.json": vite},
			[]string{"# node has the programs of Node that the build starts.\n"},
			"frontend-build",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(web + tt.pom), mainFile: mainText, "src/test/java/T.java": ""}
			maps.Copy(files, tt.files)
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			text := render(t, app)
			for _, line := range tt.want {
				if !strings.Contains(text, line) {
					t.Errorf("no %q in\n%s", line, text)
				}
			}
			if tt.without != "" && strings.Contains(text, tt.without) {
				t.Errorf("%q in\n%s", tt.without, text)
			}
		})
	}
}
