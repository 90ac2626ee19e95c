package node

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestHeadless: what NestJS starts may answer nobody: a context of an app, or a program of the command line. It has no port, and where others serve
// it is no app if it ends by itself. One that also listens is a server.
func TestHeadless(t *testing.T) {
	const (
		context = "const app = await NestFactory.createApplicationContext(AppModule);\n"
		head    = "import { NestFactory } from '@nestjs/core';\nimport { CommandFactory } from 'nest-commander';\nasync function main() {\n"
	)
	for name, tt := range map[string]struct {
		code, deps string
		kind       plan.Kind
		ports      int
		lesser     string
	}{
		"a server":                     {"const app = await NestFactory.create(AppModule);\nawait app.listen(3000);\n", "", plan.Server, 1, ""},
		"a port that is not read":      {"const app = await NestFactory.create(AppModule);\nawait app.listen(settings());\n", "", plan.Server, 1, ""},
		"a context, and a server":      {context + "const server = await NestFactory.create(AppModule);\nawait server.listen(app.get(Settings).port);\n", "", plan.Server, 1, ""},
		"a context that waits":         {context + "app.enableShutdownHooks();\n", "", plan.Worker, 0, ""},
		"a context that is closed":     {context + "await app.get(Job).run();\nawait app.close();\n", "", plan.Job, 0, "ends when its work is done"},
		"one with a queue":             {context + "process.on('x', () => app.close());\n", `, "bullmq": "5"`, plan.Worker, 0, ""},
		"a program of the command":     {"await CommandFactory.run(AppModule);\n", `, "nest-commander": "3"`, plan.Job, 0, "takes what it does from its arguments"},
		"one that is made by itself":   {"const app = await CommandFactory.createWithoutRunning(AppModule);\nawait CommandFactory.runApplication(app);\n", `, "nest-commander": "3"`, plan.Job, 0, "takes what it does from its arguments"},
		"a server that has one beside": {"const app = await NestFactory.create(AppModule);\nawait app.listen(3000);\n", `, "nest-commander": "3"`, plan.Server, 1, ""},
	} {
		app, log, err := decide(t, map[string]string{
			"package.json":  `{"scripts": {"build": "nest build", "start": "nest start", "start:prod": "node dist/main"}, "dependencies": {"@nestjs/core": "11"` + tt.deps + `}, "devDependencies": {"@nestjs/cli": "11", "typescript": "5"}}`,
			"tsconfig.json": `{"compilerOptions": {"outDir": "dist", "module": "commonjs"}}`,
			"src/main.ts":   head + tt.code + "}\nmain();\n",
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		why := ""
		if lesser := log.WhyLesser(); lesser != nil {
			why = lesser.Error()
		}
		if app.Kind != tt.kind || len(app.Run.Ports) != tt.ports || (why == "") != (tt.lesser == "") || !strings.Contains(why, tt.lesser) {
			t.Errorf("%s: got %s, ports %v, %q", name, app.Kind, app.Run.Ports, why)
		}
	}
}
