package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestLogins: an index that is not for everybody, and a variable in an address, are secrets of the build; what anybody may read asks for none.
func TestLogins(t *testing.T) {
	const uv = "[project]\nname = 'y'\nversion = '1'\ndependencies = ['flask']\n[tool.uv]\n"
	const poetry = "[tool.poetry]\nname = 'y'\nversion = '1'\n[tool.poetry.dependencies]\npython = '>=3.11'\nflask = '*'\n"
	netrc := plan.SecretMount(plan.MustToken("netrc"), plan.MustToken("/root/.netrc")).String()
	env := func(names ...string) string {
		var out []string
		for _, n := range names {
			out = append(out, plan.SecretEnvMount(plan.MustToken(n)).String())
		}
		return strings.Join(out, " ")
	}
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"pip, a variable", map[string]string{"requirements.txt": "--extra-index-url https://user:${TOKEN}@pypi.example.com/simple\nflask\n"}, env("TOKEN")},
		{"pip, two variables", map[string]string{"requirements.txt": "-i https://${USER_NAME}:${TOKEN}@pypi.example.com/simple\nflask\n"}, env("USER_NAME", "TOKEN")},
		{"pip, a repository's token", map[string]string{"requirements.txt": "flask\nx @ git+https://${GH_TOKEN}@github.com/a/x.git\n"}, env("GH_TOKEN")},
		{"pip, no login in the address", map[string]string{"requirements.txt": "--index-url=https://nexus.example.com/repository/pypi/simple\nflask\n"}, netrc},
		{"pip, a login in the address", map[string]string{"requirements.txt": "-i https://a:b@nexus.example.com/simple\nflask\n"}, ""},
		{"pip, in an included file", map[string]string{"requirements.txt": "-r base.txt\n", "base.txt": "--index-url https://nexus.example.com/simple\nflask\n"}, netrc},
		{"pip, PyPI", map[string]string{"requirements.txt": "-i https://pypi.org/simple\nflask\n"}, ""},
		{"pip, PyTorch", map[string]string{"requirements.txt": "--extra-index-url https://download.pytorch.org/whl/cpu\nflask\n"}, ""},
		{"pip, a page of links", map[string]string{"requirements.txt": "-f https://abetlen.github.io/llama/whl\nflask\n"}, ""},
		{"pip, a folder of links", map[string]string{"requirements.txt": "-f wheels\nflask\n"}, ""},
		{"uv, always", map[string]string{"pyproject.toml": uv + "[[tool.uv.index]]\nname = 'internal-proxy'\nurl = 'https://pypi.org/simple'\nauthenticate = 'always'\n"}, env("UV_INDEX_INTERNAL_PROXY_USERNAME", "UV_INDEX_INTERNAL_PROXY_PASSWORD")},
		{"uv, another host", map[string]string{"pyproject.toml": uv + "[[tool.uv.index]]\nname = 'corp.x'\nurl = 'https://pypi.example.com/simple'\n"}, env("UV_INDEX_CORP_X_USERNAME", "UV_INDEX_CORP_X_PASSWORD")},
		{"uv, for a package that names it", map[string]string{"pyproject.toml": uv + "sources = { flask = { index = 'corp' } }\n[[tool.uv.index]]\nname = 'corp'\nurl = 'https://pypi.example.com/simple'\nexplicit = true\n"}, env("UV_INDEX_CORP_USERNAME", "UV_INDEX_CORP_PASSWORD")},
		{"uv, for one of a group", map[string]string{"pyproject.toml": uv + "sources = { x = [{ index = 'corp', marker = \"sys_platform == 'linux'\" }] }\n[[tool.uv.index]]\nname = 'corp'\nurl = 'https://pypi.example.com/simple'\nexplicit = true\n[dependency-groups]\nprivate = ['x']\n"}, ""},
		{"Poetry, for a package that names it", map[string]string{"pyproject.toml": poetry + "x = { version = '*', source = 'corp' }\n[[tool.poetry.source]]\nname = 'corp'\nurl = 'https://pypi.example.com/simple'\npriority = 'explicit'\n"}, env("POETRY_HTTP_BASIC_CORP_USERNAME", "POETRY_HTTP_BASIC_CORP_PASSWORD")},
		{"Poetry, for nothing", map[string]string{"pyproject.toml": poetry + "[[tool.poetry.source]]\nname = 'corp'\nurl = 'https://pypi.example.com/simple'\npriority = 'explicit'\n"}, ""},
		{"uv, without a name", map[string]string{"pyproject.toml": uv + "extra-index-url = ['https://pypi.example.com/simple']\n"}, netrc},
		{"uv, PyTorch", map[string]string{"pyproject.toml": uv + "[[tool.uv.index]]\nname = 'pytorch'\nurl = 'https://download.pytorch.org/whl/cpu'\n"}, ""},
		{"uv, settings of its own", map[string]string{"pyproject.toml": uv, "uv.toml": "[[index]]\nname = 'corp'\nurl = 'https://pypi.example.com/simple'\n"}, env("UV_INDEX_CORP_USERNAME", "UV_INDEX_CORP_PASSWORD")},
		{"uv, settings that its own take the place of", map[string]string{"pyproject.toml": uv + "[[tool.uv.index]]\nname = 'corp'\nurl = 'https://pypi.example.com/simple'\n", "uv.toml": "native-tls = true\n"}, ""},
		{"Poetry", map[string]string{"pyproject.toml": poetry + "[[tool.poetry.source]]\nname = 'my-corp'\nurl = 'https://pypi.example.com/simple'\n"}, env("POETRY_HTTP_BASIC_MY_CORP_USERNAME", "POETRY_HTTP_BASIC_MY_CORP_PASSWORD")},
		{"Poetry, locked", map[string]string{"pyproject.toml": poetry + "[[tool.poetry.source]]\nname = 'corp'\nurl = 'https://pypi.example.com/simple'\n", "poetry.lock": ""}, netrc},
		{"Poetry, PyPI", map[string]string{"pyproject.toml": poetry + "[[tool.poetry.source]]\nname = 'PyPI'\npriority = 'primary'\n"}, ""},
		{"Pipenv", map[string]string{"Pipfile": "[[source]]\nurl = 'https://${PIP_USER}:${PIP_PASS}@pypi.example.com/simple'\nname = 'x'\n[packages]\nflask = '*'\n"}, env("PIP_USER", "PIP_PASS")},
		{"Pipenv, PyPI", map[string]string{"Pipfile": "[[source]]\nurl = 'https://pypi.org/simple'\nname = 'pypi'\n[packages]\nflask = '*'\n"}, ""},
		{"PDM", map[string]string{"pyproject.toml": "[project]\nname = 'y'\nversion = '1'\ndependencies = ['flask']\n[[tool.pdm.source]]\nname = 'x'\nurl = 'https://u:${PDM_PASS}@pypi.example.com/simple'\n"}, env("PDM_PASS")},
		{"hostile names", map[string]string{"pyproject.toml": uv + "[[tool.uv.index]]\nname = 'a,target=/etc/passwd\\nRUN x'\nurl = 'https://pypi.example.com/simple'\n"}, env("UV_INDEX_A_TARGET__ETC_PASSWD_NRUN_X_USERNAME", "UV_INDEX_A_TARGET__ETC_PASSWD_NRUN_X_PASSWORD")},
		{"a hostile address", map[string]string{"requirements.txt": "-i https://%zz/$(id)\nflask\n"}, ""},
	} {
		tt.files["app.py"] = flask
		p, log, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for _, m := range p.deps.Install[0].Mounts {
			if strings.HasPrefix(m.String(), "type=secret") {
				got = append(got, m.String())
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, s, tt.want)
		}
		said := false
		for _, n := range log.Notes() {
			said = said || strings.Contains(n.Hint, "--secret id=")
		}
		if said != (tt.want != "") {
			t.Errorf("%s: says how to give it: %t", tt.name, said)
		}
	}
}

// TestDynamicVersion: uv without a lockfile does not ask the project's build for a version before the source is there.
func TestDynamicVersion(t *testing.T) {
	const list = "uv pip install -r pyproject.toml"
	for _, tt := range []struct{ name, project, lock, want string }{
		{"by the code", "dynamic = ['version']\ndependencies = ['flask']\n[build-system]\nrequires = ['setuptools']\n[tool.uv]\npackage = true\n", "", list},
		{"by Git", "dynamic = ['version', 'description']\ndependencies = ['flask']\n[build-system]\nrequires = ['hatchling', 'hatch-vcs']\nbuild-backend = 'hatchling.build'\n[tool.uv]\n", "", list},
		{"a version of its own", "version = '1'\ndependencies = ['flask']\n[build-system]\nrequires = ['setuptools']\n[tool.uv]\n", "", "uv sync --no-dev --no-install-project"},
		{"no package", "dynamic = ['version']\ndependencies = ['flask']\n[tool.uv]\n", "", "uv sync --no-dev --no-install-project"},
		{"with a lockfile", "dynamic = ['version']\ndependencies = ['flask']\n[build-system]\nrequires = ['setuptools']\n[tool.uv]\n", "version = 1\nrequires-python = '>=3.11'\n[[package]]\nname = 'flask'\nversion = '3.1.0'\nsource = { registry = 'https://pypi.org/simple' }\n", "uv sync --locked --no-dev --no-install-project"},
	} {
		files := map[string]string{"pyproject.toml": "[project]\nname = 'y'\nrequires-python = '>=3.11'\n" + tt.project, "app.py": flask}
		if tt.lock != "" {
			files["uv.lock"] = tt.lock
		}
		p, _, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		found := false
		for _, c := range p.deps.Install[0].Run {
			found = found || strings.HasPrefix(c.String(), tt.want)
		}
		if !found {
			t.Errorf("%s: got %v, want %s", tt.name, p.deps.Install[0].Run, tt.want)
		}
	}
}

// TestAskedTool: the manager has a release that the project's own range takes.
func TestAskedTool(t *testing.T) {
	const uv = "[project]\nname = 'y'\nversion = '1'\ndependencies = ['flask']\n[tool.uv]\nrequired-version = "
	const poetry = "[tool.poetry]\nname = 'y'\nversion = '1'\nrequires-poetry = "
	for _, tt := range []struct{ name, text, key, want string }{
		{"the preferred one", uv + "'>=0.5'\n", "python.tool.uv", "0.13.9"},
		{"a line before it", uv + "'<0.9,>=0.8'\n", "python.tool.uv", "0.8.24"},
		{"one release", uv + "'==0.7.3'\n", "python.tool.uv", "0.7.3"},
		{"one without a sign", uv + "'0.7.3'\n", "python.tool.uv", "0.7.3"},
		{"compatible", uv + "'~=0.6.2'\n", "python.tool.uv", "0.6.17"},
		{"a later bound", uv + "'>=0.99.1'\n", "python.tool.uv", "0.99.1"},
		{"nothing that is known", uv + "'>=0.99'\n", "", "pyproject.toml:6: asks for uv >=0.99, and dockgen knows no such release"},
		{"nonsense", uv + "'\\n$(id)'\n", "", "pyproject.toml:6: asks for uv"},
		{"Poetry", poetry + "'>=2.0'\n", "python.tool.poetry", "2.5.1"},
		{"Poetry's caret", poetry + "'^1.8'\n", "python.tool.poetry", "1.8.5"},
		{"Poetry, one release", poetry + "'==2.1.3'\n", "python.tool.poetry", "2.1.3"},
	} {
		text := tt.text
		if strings.HasPrefix(text, "[tool.poetry]") {
			text += "[tool.poetry.dependencies]\npython = '>=3.11'\nflask = '*'\n"
		}
		_, log, err := decide(t, map[string]string{"pyproject.toml": text, "app.py": flask}, settings.Settings{})
		got := ""
		if err != nil {
			got = err.Error()
		}
		for _, c := range log.Choices() {
			if c.Key == tt.key {
				got = c.Value
			}
		}
		if !strings.HasPrefix(got, tt.want) || got == "" {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
