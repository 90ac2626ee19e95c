package node

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/node/nodetest"
)

// TestCITests: where the test script is for more than a build has, the test stage runs the script that CI runs.
func TestCITests(t *testing.T) {
	const browser = "test: playwright test"
	for name, tt := range map[string]struct {
		scripts []string
		runs    string // the commands of CI
		want    string
		deps    string
	}{
		"its test script":                     {[]string{"test: node --test", "test:unit: node --test a"}, "npm run test:unit", "npm test", ""},
		"a browser's test script":             {[]string{browser, "test:unit: node --test a"}, "npm ci, npm run lint, npm run test:unit", "npm run test:unit", ""},
		"no test script":                      {[]string{"test-backend: node --test", "build: tsc"}, "npm run build, npm run test-backend", "npm run test-backend", ""},
		"CI runs tests of browsers alone":     {[]string{browser, "test:e2e: playwright test", "test:ui: cypress run"}, "npm run test:e2e, npm run test:ui", "node --check a.js", ""},
		"tests that need a database, or stay": {[]string{browser, "test:integration: node --test", "test:watch: vitest", "test:db: x", "test:dev: y"}, "npm run test:integration, npm run test:db, npm run test:watch, npm run test:dev", "node --check a.js", ""},
		"CI starts a database":                {[]string{browser, "test:api: node --test"}, "npm run test:api\n    services: {db: {image: postgres}}", "node --check a.js", ""},
		"tests that start containers":         {[]string{browser, "test:unit: node --test"}, "npm run test:unit", "node --check a.js", "testcontainers"},
		"before it a service is started":      {[]string{"test: jasmine", "pretest: cross-env V=5 mongodb-runner start -t standalone"}, "npm test", "node --check a.js", ""},
		"it starts containers":                {[]string{"test: docker compose -f t.yml up -d && mocha", "test:unit: node --test a"}, "npm run test:unit", "npm run test:unit", ""},
		"a script that it runs starts one":    {[]string{"test: npm run db && mocha", "db: docker-compose up -d db"}, "npm test", "node --check a.js", ""},
		"a service in memory":                 {[]string{"test: mongodb-memory-server-test", "predev: docker compose up"}, "npm test", "npm test", ""},
		"CI does not run it":                  {[]string{browser, "test:unit: node --test"}, "npm ci", "node --check a.js", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, _, err := decideBeside(t, map[string]string{
				"package.json": nodetest.Manifest("express "+tt.deps, append(tt.scripts, "start: node a.js")...), "a.js": "require('express')().listen(3000)",
				".github/workflows/ci.yml": "jobs:\n  t:\n    steps:\n    - run: " + strings.Join(strings.Split(tt.runs, ", "), "\n    - run: ") + "\n",
			})
			if err != nil {
				t.Fatal(err)
			}
			run := of[*Test](p).Steps[0].Run
			if got := run[len(run)-1].String(); got != tt.want {
				t.Errorf("got %s", got)
			}
		})
	}
}
