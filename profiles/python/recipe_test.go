package python

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestOwnInstalls: what the repository's own Dockerfile installs beside the main dependencies is installed here, too.
func TestOwnInstalls(t *testing.T) {
	const (
		project = "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\"requests\"]\n[project.scripts]\nshop = \"shop:main\"\n[project.optional-dependencies]\npg = [\"psycopg[c]\"]\ndev = [\"pytest\"]\nredis = [\"redis\"]\n[dependency-groups]\ndocker = [\"waitress\"]\n"
		build   = "[build-system]\nrequires = [\"hatchling\"]\n"
		poetry  = "[tool.poetry]\nname = \"shop\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\nrequests = \"*\"\npsycopg2 = {version = \"*\", optional = true}\n[tool.poetry.extras]\npg = [\"psycopg2\"]\n[tool.poetry.group.ops.dependencies]\nsentry-sdk = \"*\"\n"
		uvLock  = "version = 1\n[[package]]\nname = \"shop\"\nsource = { editable = \".\" }\ndependencies = [{ name = \"requests\" }]\n[package.optional-dependencies]\npg = [{ name = \"psycopg\", extra = [\"c\"] }]\n[[package]]\nname = \"requests\"\nversion = \"2.32.3\"\n[[package]]\nname = \"psycopg\"\nversion = \"3.2.0\"\n[package.optional-dependencies]\nc = [{ name = \"psycopg-c\" }]\n[[package]]\nname = \"psycopg-c\"\nversion = \"3.2.0\"\n"
		from    = "FROM python:3.12\nWORKDIR /srv\nCOPY . .\n"
	)
	for name, tt := range map[string]struct {
		files map[string]string
		own   string
		want  string // a part of the install
		lacks string
	}{
		"pip, extras of the project":         {map[string]string{"pyproject.toml": project + build}, "RUN pip install '.[pg,redis]'\n", "-r pyproject.toml --extra pg --extra redis", "waitress"},
		"pip, by the project's name":         {map[string]string{"pyproject.toml": project + build}, "ARG EXTRAS=pg\nRUN /venv/bin/pip install --no-cache-dir \"Shop[${EXTRAS}] @ https://example.com/a.tar.gz\"\n", "--extra pg", "redis"},
		"pip, editable, below its folder":    {map[string]string{"pyproject.toml": project + build}, "RUN python -m pip install -e /srv[redis]\n", "--extra redis", "pg"},
		"pip, a group":                       {map[string]string{"pyproject.toml": project + build}, "RUN pip install --group docker --prefix=/x\n", "--group docker", "--extra"},
		"uv, with a lock":                    {map[string]string{"pyproject.toml": project, "uv.lock": uvLock}, "RUN uv sync --locked --no-dev --extra=pg\n", "uv sync --locked --no-dev --no-install-project --extra pg", "redis"},
		"uv, all but those for development":  {map[string]string{"pyproject.toml": project, "uv.lock": uvLock}, "RUN uv sync --all-extras --group docker\n", "--extra pg --extra redis --group docker", "--extra dev"},
		"poetry":                             {map[string]string{"pyproject.toml": poetry, "poetry.lock": "[[package]]\nname = \"requests\"\nversion = \"2.32.3\"\ngroups = [\"main\"]\n"}, "RUN poetry install -E pg --with ops --only main\n", "poetry export --only main,ops --extras pg -o", ""},
		"an extra that the project has not":  {map[string]string{"pyproject.toml": project + build}, "RUN pip install .[none]\n", "-r pyproject.toml", "none"},
		"a value that is not known":          {map[string]string{"pyproject.toml": project + build}, "ARG X\nRUN pip install .[$X] $X\n", "-r pyproject.toml", "--extra"},
		"where a condition holds":            {map[string]string{"pyproject.toml": project + build}, "RUN if [ -n \"$X\" ]; then pip install .[pg]; fi\n", "-r pyproject.toml", "--extra"},
		"further packages":                   {map[string]string{"requirements.txt": "requests==2.32.3\n", "shop.py": "print(1)"}, "RUN pip install --upgrade pip setuptools && pip install 'celery[redis]' minio==7.2.20 requests -r requirements.txt\n", "-r requirements.txt 'celery[redis]' minio==7.2.20", "setuptools"},
		"the project by its name":            {map[string]string{"setup.py": "from setuptools import setup\nsetup(name='Shop', install_requires=['requests'])\n"}, "RUN pip install shop redis\n", "install requests redis", "shop"},
		"another requirements file":          {map[string]string{"requirements.txt": "pytest\n", "requirements/server.txt": "requests\n", "shop.py": "print(1)"}, "COPY requirements/server.txt /tmp/server.txt\nRUN pip install -r /tmp/server.txt\n", "-r requirements/server.txt", "requirements.txt"},
		"two requirements files":             {map[string]string{"requirements.txt": "requests\n", "requirements-extra.txt": "redis\n", "shop.py": "print(1)"}, "RUN pip install -r requirements.txt -rrequirements-extra.txt\n", "-r requirements.txt -r requirements-extra.txt", ""},
		"requirements for development alone": {map[string]string{"requirements.txt": "requests\n", "requirements-dev.txt": "pytest\n", "shop.py": "print(1)"}, "RUN pip install -r requirements-dev.txt\n", "-r requirements.txt", "-dev"},
		"hostile":                            {map[string]string{"requirements.txt": "requests\n", "shop.py": "print(1)"}, "RUN pip install 'a;b' '$(id)' 'x\\nUSER root' ../y /etc/passwd 'q @ file:///etc' '--group' '$(id)' -r ../../etc/passwd\n", "-r requirements.txt", "etc"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"shop.py": "def main():\n  print(1)\n", "main.py": "print(1)\n", "Dockerfile": from + tt.own}
			maps.Copy(files, tt.files)
			p, _, err := decide(t, files, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			var list []string
			for _, step := range p.deps.Install {
				for _, run := range step.Run {
					list = append(list, run.String())
				}
			}
			got := strings.Join(list, "\n")
			if !strings.Contains(got, tt.want) || tt.lacks != "" && strings.Contains(got, tt.lacks) {
				t.Errorf("got %s", got)
			}
		})
	}
}

// TestOwnSteps: what the own Dockerfile makes of the source is made in the build stage.
func TestOwnSteps(t *testing.T) {
	django := map[string]string{
		"manage.py":        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n",
		"site/settings.py": "import os\nSECRET_KEY = os.environ['SECRET_KEY']\nSTATIC_ROOT = 'x'\nINSTALLED_APPS = []\nWSGI_APPLICATION = 'site.wsgi.application'\n",
		"site/wsgi.py":     "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n", "requirements.txt": "Django==5.2\ngunicorn==23.0.0\n",
	}
	flask := map[string]string{"app.py": flask, "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\nflask-babel==4.0.0\n", "app/translations/de.po": "", "tools/make.sh": "mkdir made\n", "tools/install.sh": "apt-get install -y curl\n"}
	for name, tt := range map[string]struct {
		files map[string]string
		run   string
		want  []string
		note  string
	}{
		"compress after the static files": {django, "RUN DEBUG=False SECRET_KEY=abc ./manage.py collectstatic --noinput && SECRET_KEY=abc DEBUG=False ./manage.py compress\n", []string{
			"SECRET_KEY=only-for-this-build DEBUG=False python manage.py collectstatic --noinput", "SECRET_KEY=only-for-this-build DEBUG=False python manage.py compress",
		}, ""},
		"what tells the settings of a build": {django, "RUN BUILDING=yes SECRET_KEY=abc CACHE_URL='redis://x y' uv run --no-sync python manage.py collectstatic --clear\n", []string{
			"SECRET_KEY=only-for-this-build BUILDING=yes python manage.py collectstatic --noinput",
		}, ""},
		"messages before them": {django, "RUN python manage.py compilemessages -l de\nRUN python manage.py collectstatic\n", []string{
			"SECRET_KEY=only-for-this-build python manage.py compilemessages -l de", "SECRET_KEY=only-for-this-build python manage.py collectstatic --noinput",
		}, ""},
		"translations, by a rooted path": {flask, "RUN pybabel compile -d /srv/app/translations\n", []string{"pybabel compile -d app/translations"}, ""},
		"a folder that is not here":      {flask, "RUN pybabel compile -d /srv/none\n", nil, "runs pybabel compile -d /srv/none while it builds"},
		"code of the repository":         {flask, "RUN python app.py build\n", nil, "runs python app.py build while it builds"},
		"a line of code":                 {flask, "RUN python -c \"from flask_babel import Babel; Babel().load('x')\"\n", nil, "runs python -c from flask_babel import Babel"},
		"a line that only looks":         {flask, "RUN python -c 'import sys, flask' && python -c 'import sys; print(sys.version)'\n", nil, ""},
		"a script for a shell":           {flask, "RUN sh /srv/tools/make.sh all\n", nil, "runs sh /srv/tools/make.sh all while it builds"},
		"one that installs packages":     {flask, "RUN ./tools/install.sh\n", nil, ""},
		"one that is not here":           {flask, "RUN ./tools/none.sh\n", nil, ""},
		"what belongs to a release":      {django, "RUN python manage.py migrate\n", []string{"SECRET_KEY=only-for-this-build python manage.py collectstatic --noinput"}, ""},
		"hostile":                        {flask, "RUN pybabel compile -d \"$(id)\" && pybabel compile -d '../../x'\n", nil, "while it builds"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"Dockerfile": "FROM python:3.12\nWORKDIR /srv\nCOPY . .\n" + tt.run}
			maps.Copy(files, tt.files)
			p, log, err := decide(t, files, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, step := range p.build.Steps {
				for _, run := range step.Run {
					if s := run.String(); !strings.Contains(s, "compileall") {
						got = append(got, s)
					}
				}
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got %q", got)
			}
			if said := notes(log.Notes()); (tt.note != "") != strings.Contains(said, "while it builds") || !strings.Contains(said, tt.note) {
				t.Errorf("got notes %s", said)
			}
			if strings.Contains(name, "messages") != (len(p.build.Debian) > 0) {
				t.Errorf("got packages %v", p.build.Debian)
			}
		})
	}
}

func notes(list []plan.Note) string {
	var out strings.Builder
	for _, n := range list {
		out.WriteString(n.Text + "\n")
	}
	return out.String()
}
