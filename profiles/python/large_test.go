package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestLarge: packages of hundreds of MB are installed before the others, by their own lines, and lie in layers of their own.
func TestLarge(t *testing.T) {
	const (
		app    = "from flask import Flask\napp = Flask(__name__)\n"
		prod   = "COPY --link --from=deps /opt/venv/lib/python3.13/site-packages/torch/ /opt/venv/lib/python3.13/site-packages/torch/\n"
		rest   = "--exclude=lib/python3.13/site-packages/torch /opt/venv/ /opt/venv/\n"
		nvidia = "COPY --link --from=deps /opt/venv/lib/python3.13/site-packages/nvidi*a /opt/venv/lib/python3.13/site-packages/nvidia/\n"
		lock   = "version = 1\nrequires-python = '>=3.13'\n[[package]]\nname = 'notes'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name = 'flask' }, { name = 'torch' }]\n[[package]]\nname = 'flask'\nversion = '3.1.0'\nsource = { registry = 'https://pypi.org/simple' }\n[[package]]\nname = 'torch'\nversion = '2.9.1'\nsource = { registry = 'https://pypi.org/simple' }\ndependencies = [{ name = 'nvidia-cublas-cu12' }]\n[[package]]\nname = 'nvidia-cublas-cu12'\nversion = '12.8.4.1'\nsource = { registry = 'https://pypi.org/simple' }\n"
		uv     = "[project]\nname = 'notes'\nversion = '1'\nrequires-python = '>=3.13'\ndependencies = ['flask', 'torch']\n"
		poetry = "[tool.poetry]\nname = 'notes'\nversion = '1'\npackage-mode = false\n[tool.poetry.dependencies]\npython = '^3.13'\nflask = '^3.1'\ntorch = '^2.9'\n"
		pins   = "[[package]]\nname = 'flask'\nversion = '3.1.0'\ngroups = ['main']\n[[package]]\nname = 'torch'\nversion = '2.9.1'\ngroups = ['main']\n[[package]]\nname = 'nvidia-cublas-cu12'\nversion = '12.8.4.1'\ngroups = ['main']\n"
	)
	for _, tt := range []struct {
		name    string
		files   map[string]string
		runtime plan.Runtime
		want    []string // nil: no such layer
	}{
		{"without CUDA", map[string]string{"requirements.txt": "flask==3.1.0\ntorch==2.9.1\n"}, "", []string{
			"FROM base AS pins\nCOPY requirements.txt ./\nRUN sed -nE ", "|^ *(torch)(", "/Iw /large.txt' requirements.txt\n",
			"FROM base AS large\nENV PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu\nCOPY --link --from=pins /large.txt /large.txt\n", "install -r /large.txt --no-deps\n",
			"FROM large AS deps\nCOPY requirements.txt ./\nRUN --mount=type=cache,target=/root/.cache/pip \\\n    pip --python /opt/venv install -r requirements.txt gunicorn==27.0.1\n", prod, rest,
		}},
		{"with CUDA, whose packages pip finds", map[string]string{"requirements.txt": "flask==3.1.0\ntorch==2.9.1\nnvidia-ml-py==13.0.0\n"}, "", []string{
			"|^ *(torch|nvidia[-_.][a-z0-9_.-]+|triton)(", "install -r /large.txt\n", prod, nvidia, "--exclude=lib/python3.13/site-packages/nvidia ", "site-packages/trito*n ",
		}},
		{"hashes", map[string]string{"requirements.txt": "flask==3.1.0 --hash=sha256:aa\ntorch==2.9.1 \\\n    --hash=sha256:bb\nnvidia-cublas-cu12==12.8.4.1 --hash=sha256:cc\n"}, "", []string{"install -r /large.txt --no-deps\n", prod, nvidia}},
		{"a file of a file", map[string]string{"requirements.txt": "-r requirements/ml.txt\nflask==3.1.0\n", "requirements/ml.txt": "tensorflow-cpu==2.21.0\n"}, "", []string{
			"(tensorflow[-_.]cpu)", "/Iw /large.txt' requirements.txt requirements/ml.txt\n", "site-packages/tensorflow/ ",
		}},
		{"a lock of uv", map[string]string{"pyproject.toml": uv, "uv.lock": lock}, "", []string{
			"uv export -q --frozen --no-dev --no-emit-project --format pylock.toml -o /tmp/pylock.toml \\\n && awk -v RS= ", `name = "(torch|nvidia-[a-z0-9-]+|triton)"`,
			"uv pip install --no-deps -r /pylock.large.toml\n", "FROM large AS deps\nCOPY pyproject.toml uv.lock ./\n", prod, nvidia,
		}},
		{"a member of a workspace", map[string]string{
			"pyproject.toml": "[tool.uv.workspace]\nmembers = ['web', 'core']\n", "web/pyproject.toml": strings.Replace(uv, "'torch'", "'core'", 1) + "[tool.uv.sources]\ncore = { workspace = true }\n", "web/app.py": app,
			"core/pyproject.toml": "[project]\nname = 'core'\nversion = '1'\nrequires-python = '>=3.13'\ndependencies = ['torch']\n",
			"uv.lock":             strings.NewReplacer("virtual = '.'", "virtual = 'web'", "{ name = 'torch' }", "{ name = 'core' }").Replace(lock) + "[[package]]\nname = 'core'\nversion = '1'\nsource = { virtual = 'core' }\ndependencies = [{ name = 'torch' }]\n",
		}, "", []string{
			"FROM base AS pins\nCOPY pyproject.toml uv.lock ./\nCOPY core/pyproject.toml core/\nCOPY web/pyproject.toml web/\n",
			"uv export -q --frozen --no-dev --package notes --no-emit-workspace --format pylock.toml -o /tmp/pylock.toml \\\n && awk ", "FROM large AS deps\n", prod, nvidia,
		}},
		{"a lock of Poetry", map[string]string{"pyproject.toml": poetry, "poetry.lock": pins}, "", []string{
			"FROM base AS pins\nENV POETRY_NO_INTERACTION=1\n", " && /opt/poetry/bin/poetry export --only main -o /tmp/requirements.txt \\\n && sed -nE ", "/Iw /large.txt' /tmp/requirements.txt\n",
			"install -r /large.txt --no-deps\n", "FROM large AS deps\nCOPY --link --from=pins /opt/poetry/ /opt/poetry/\nCOPY pyproject.toml poetry.lock ./\n",
			"    /opt/poetry/bin/poetry export --only main -o /tmp/requirements.txt \\\n && pip --python /opt/venv install -r /tmp/requirements.txt \\\n", prod, nvidia,
		}},
		{"a group of Poetry that its Dockerfile installs", map[string]string{
			"pyproject.toml": poetry + "[tool.poetry.group.gpu.dependencies]\nflask = '3.1.0'\n", "poetry.lock": pins, "Dockerfile": "FROM python:3.13\nRUN poetry install --only main,gpu\n",
		}, "", []string{" && /opt/poetry/bin/poetry export --only main,gpu -o /tmp/requirements.txt \\\n && sed -nE "}},
		{"a lock of PDM", map[string]string{"pyproject.toml": uv, "pdm.lock": strings.ReplaceAll(pins, "'main'", "'default'")}, "", []string{
			" && /opt/pdm/bin/pdm export --prod -o /tmp/requirements.txt \\\n && sed -nE ", "FROM large AS deps\nCOPY --link --from=pins /opt/pdm/ /opt/pdm/\n", "    /opt/pdm/bin/pdm sync --prod --no-self \\\n", prod, nvidia,
		}},
		{"a lock of pipenv", map[string]string{
			"Pipfile": "[packages]\nflask = '*'\ntorch = '*'\n[requires]\npython_version = '3.13'\n", "Pipfile.lock": `{"default": {"flask": {"version": "==3.1.0", "index": "pypi"}, "torch": {"version": "==2.9.1", "index": "pypi"}}}`,
		}, "", []string{
			" && sh -c '/opt/pipenv/bin/pipenv requirements --hash > /tmp/requirements.txt' \\\n && sed -nE ", "FROM large AS deps\nCOPY --link --from=pins /opt/pipenv/ /opt/pipenv/\n", "    /opt/pipenv/bin/pipenv sync \\\n", prod,
		}},
		{"Poetry without a lock", map[string]string{"pyproject.toml": poetry}, "", nil},
		{"Git", map[string]string{"pyproject.toml": poetry, "poetry.lock": strings.Replace(pins, "'2.9.1'\n", "'2.9.1'\nsource = { type = 'git', url = 'https://github.com/pytorch/pytorch.git' }\n", 1)}, "", nil},
		{"a uv that has no pylock.toml", map[string]string{"pyproject.toml": uv + "[tool.uv]\nrequired-version = '==0.6.17'\n", "uv.lock": lock}, "", nil},
		{"no exact version", map[string]string{"requirements.txt": "flask==3.1.0\ntorch>=2\n"}, "", nil},
		{"not on Linux", map[string]string{"requirements.txt": "flask==3.1.0\ntorch==2.9.1; sys_platform == 'darwin'\n"}, "", nil},
		{"a list that is changed first", map[string]string{"requirements.txt": "flask==3.1.0\ntorch==2.9.1\npywin32==306\n"}, "", nil},
		{"Alpine", map[string]string{"requirements.txt": "flask==3.1.0\npyspark==4.0.0\n"}, plan.Alpine, nil},
		{"nothing large", map[string]string{"requirements.txt": "flask==3.1.0\n"}, "", nil},
	} {
		if tt.files["web/app.py"] == "" {
			tt.files["app.py"] = app
		}
		p, log, err := decide(t, tt.files, settings.Settings{Runtime: tt.runtime})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := dockerfile(t, p.App)
		for _, w := range tt.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", tt.name, w, got)
			}
		}
		recorded := false
		for _, c := range log.Choices() {
			recorded = recorded || c.Key == "python.large"
		}
		if strings.Contains(got, " AS large") != (tt.want != nil) || recorded != (tt.want != nil) {
			t.Errorf("%s: a layer of its own: %v\n%s", tt.name, tt.want == nil, got)
		}
	}
}
