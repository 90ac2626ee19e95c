package python

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestNewestPython: the version is the newest on which all that is installed works.
func TestNewestPython(t *testing.T) {
	lock := func(version string) string {
		return "version = 1\n[[package]]\nname = 'x'\nsource = { virtual = '.' }\ndependencies = [{ name = 'discord-py' }]\n[[package]]\nname = 'discord-py'\nversion = '" + version + "'\nsource = { registry = 'https://pypi.org/simple' }\n"
	}
	project := "[project]\nname = 'x'\nversion = '1'\nrequires-python = '>=3.9'\ndependencies = ['discord.py']\n"
	tests := map[string]struct {
		files map[string]string
		want  string
	}{
		"nothing that is too old":                 {map[string]string{"requirements.txt": "flask==3.0.3\nnumpy==2.2.0\n"}, "3.13"},
		"a range whose newest release is old":     {map[string]string{"requirements.txt": "flask\nnumpy<2\n"}, "3.12"},
		"a prefix":                                {map[string]string{"requirements.txt": "flask\nnumpy==1.24.*\n"}, "3.11"},
		"compatible releases":                     {map[string]string{"requirements.txt": "flask\ntorch~=2.1.0\n"}, "3.11"},
		"compatible releases of a major version":  {map[string]string{"requirements.txt": "flask\ntorch~=2.1\n"}, "3.13"},
		"a client of Redis that needs distutils":  {map[string]string{"requirements.txt": "flask\nredis==3.5.3\n"}, "3.11"},
		"beside setuptools, which has that":       {map[string]string{"requirements.txt": "flask\nredis==3.5.3\nsetuptools==70.0.0\n"}, "3.13"},
		"a later client of Redis":                 {map[string]string{"requirements.txt": "flask\nredis==4.1.0\n"}, "3.13"},
		"an old urllib3":                          {map[string]string{"requirements.txt": "flask\nurllib3==1.26.4\n"}, "3.11"},
		"boto3 by a range":                        {map[string]string{"requirements.txt": "flask\nboto3>=1.17,<1.18\n"}, "3.11"},
		"Twisted before cgi was left":             {map[string]string{"requirements.txt": "flask\nTwisted==22.10.0\n"}, "3.12"},
		"what depends on an old urllib3":          {map[string]string{"requirements.txt": "flask\nrequests==2.24.0\n"}, "3.11"},
		"names that collections had":              {map[string]string{"requirements.txt": "flask\nhtml5lib==1.0.1\n"}, "3.9"},
		"what depends on an old tokenizers":       {map[string]string{"requirements.txt": "flask\ntransformers==4.30.2\n"}, "3.11"},
		"what depends on an old NumPy":            {map[string]string{"requirements.txt": "flask\nstreamlit<1.30\n"}, "3.12"},
		"audioop by another package":              {map[string]string{"requirements.txt": "flask\ngradio~=4.44\n"}, "3.12"},
		"that package, with audioop":              {map[string]string{"requirements.txt": "flask\ngradio~=4.44\naudioop-lts\n"}, "3.13"},
		"an old pkg_resources":                    {map[string]string{"requirements.txt": "flask\nsetuptools==65.5.0\n"}, "3.11"},
		"wheels of pyzmq":                         {map[string]string{"requirements.txt": "flask\npyzmq==25.1.0\n"}, "3.11"},
		"a caret of Poetry's":                     {map[string]string{"pyproject.toml": "[tool.poetry]\nname = 'x'\nversion = '1'\n[tool.poetry.dependencies]\npython = '>=3.9'\nflask = '*'\nnumpy = '^1.26'\n"}, "3.12"},
		"a lower bound alone":                     {map[string]string{"requirements.txt": "flask\nnumpy>=1.20\n"}, "3.13"},
		"a release without a wheel and a marker":  {map[string]string{"requirements.txt": "flask\nuvloop==0.17.0 ; sys_platform != 'win32'\n"}, "3.11"},
		"a marker of another system":              {map[string]string{"requirements.txt": "flask\nuvloop==0.17.0 ; sys_platform == 'win32'\n"}, "3.13"},
		"a marker of an older Python":             {map[string]string{"requirements.txt": "flask\nuvloop==0.17.0 ; python_version < '3.10'\nuvloop==0.21.0 ; python_version >= '3.10'\n"}, "3.13"},
		"a release that fails to import":          {map[string]string{"requirements.txt": "flask\ndiscord.py==2.3.2\n"}, "3.12"},
		"with what brings the module back":        {map[string]string{"requirements.txt": "flask\ndiscord.py==2.3.2\naudioop-lts\n"}, "3.13"},
		"one of which no release imports":         {map[string]string{"requirements.txt": "flask\npydub\n"}, "3.12"},
		"of a lock":                               {map[string]string{"pyproject.toml": project, "uv.lock": lock("2.3.2")}, "3.12"},
		"of a lock that is new":                   {map[string]string{"pyproject.toml": project, "uv.lock": lock("2.5.0")}, "3.13"},
		"a module that 3.13 does not have":        {map[string]string{"requirements.txt": "flask\n", "lib.py": "import cgi\n"}, "3.12"},
		"a module that 3.12 does not have":        {map[string]string{"requirements.txt": "flask\n", "lib.py": "from distutils.util import strtobool\n"}, "3.11"},
		"one that a package brings":               {map[string]string{"requirements.txt": "flask\nsetuptools\n", "lib.py": "from distutils.util import strtobool\n"}, "3.13"},
		"one that may be missing":                 {map[string]string{"requirements.txt": "flask\n", "lib.py": "try:\n    import cgi\nexcept ImportError:\n    cgi = None\n"}, "3.13"},
		"one that some Pythons alone import":      {map[string]string{"requirements.txt": "flask\n", "lib.py": "import sys\nif sys.version_info < (3, 13):\n    import cgi\n"}, "3.13"},
		"one of the repository's own of its name": {map[string]string{"requirements.txt": "flask\n", "lib.py": "import cgi\n", "cgi.py": "x = 1\n"}, "3.13"},
		"one that only a test imports":            {map[string]string{"requirements.txt": "flask\n", "tests/test_a.py": "import cgi\n\ndef test_a():\n    pass\n"}, "3.13"},
		"a pin comes before":                      {map[string]string{"requirements.txt": "flask\nnumpy==1.26.4\n", ".python-version": "3.13\n"}, "3.13"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.files["app.py"] = flask
			p, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			if version, _, _ := strings.Cut(p.base.From.Image().Tag(), "-"); version != tt.want {
				t.Errorf("got %s, want %s", version, tt.want)
			}
		})
	}
}

// TestUnder: every release that a constraint allows is older than one.
func TestUnder(t *testing.T) {
	for constraint, want := range map[string]bool{
		"==1.9": true, "==2.0": false, "==2": false, "===1.9": true, "<2": true, "<=1.9": true, "<=2": false, "<2.1": false, ">=1,<2": true, "!=1.9": false, ">=1": false, "": false, "*": false,
		"~=1.4": true, "~=1.4.2": true, "~=2.0": false, "==1.*": true, "==2.*": false, "^1.4": true, "^0.9": true, "^2": false, "~1.4": true, "~1": true, "~2": false, "1.9": true, "2.0": false,
		"1.*": true, "==1!3.0": false, "==x": false, "~=1": false, "^": false, "<": false, ">=1,<2 || >=3": false, "<2|>3": false,
	} {
		if got := under(constraint, "2"); got != want {
			t.Errorf("%q: got %t", constraint, got)
		}
	}
	if !under(">=1", "") {
		t.Error("all releases are older than none")
	}
}

// TestCompanions: what a pinned release needs in an older release is installed so, unless the repository fixes it.
func TestCompanions(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"gunicorn of pkg_resources":        {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==20.1.0\n"}, []string{"setuptools<82"}},
		"a newer one":                      {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==23.0.0\n"}, nil},
		"one that is not pinned":           {map[string]string{"requirements.txt": "flask\ngunicorn\n"}, nil},
		"the repository's own bound":       {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==20.1.0\nsetuptools<70\n"}, nil},
		"the repository's own lower bound": {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==20.1.0\nsetuptools>=60\n"}, []string{"setuptools<82"}},
		"a constraints file":               {map[string]string{"requirements.txt": "-c c.txt\nflask==3.0.3\ngunicorn==20.1.0\n", "c.txt": "setuptools==70.0\n"}, nil},
		"Flask 1":                          {map[string]string{"requirements.txt": "flask==1.1.2\ngunicorn==23.0.0\n"}, []string{"werkzeug<2.1", "jinja2<3.1", "itsdangerous<2.1", "markupsafe<2.1"}},
		"Flask 2":                          {map[string]string{"requirements.txt": "flask==2.0.1\ngunicorn==23.0.0\n"}, []string{"werkzeug<3"}},
		"an extra":                         {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==23.0.0\npasslib[bcrypt]==1.7.4\n"}, []string{"bcrypt<5"}},
		"beside another package":           {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==23.0.0\npasslib==1.7.4\nbcrypt\n"}, []string{"bcrypt<5"}},
		"code for MCP 1":                   {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==23.0.0\nmcp[cli]>=1.2\n", "tools.py": "from mcp.server.fastmcp import FastMCP\n"}, []string{"mcp<2"}},
		"code for MCP 2":                   {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==23.0.0\nmcp>=2\n", "tools.py": "from mcp.server.mcpserver import MCPServer\n"}, nil},
		"MCP 1 alone":                      {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==23.0.0\nmcp==1.20.0\n", "tools.py": "from mcp.server.fastmcp import FastMCP\n"}, nil},
		"code for either":                  {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==23.0.0\nmcp\n", "tools.py": "try:\n  from mcp.server.fastmcp import FastMCP\nexcept ImportError:\n  from mcp.server.mcpserver import MCPServer as FastMCP\n"}, nil},
		"code of pkg_resources":            {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==23.0.0\n", "tools.py": "import pkg_resources\n"}, []string{"setuptools<82"}},
		"without it":                       {map[string]string{"requirements.txt": "flask==3.0.3\ngunicorn==23.0.0\npasslib==1.7.4\n"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tt.files["app.py"] = flask
			p, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			text := p.deps.Install[0].Run[1].String()
			_, after, _ := strings.Cut(text, "-r requirements.txt")
			var got []string
			for w := range strings.FieldsSeq(after) {
				got = append(got, strings.Trim(w, "'"))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestWithoutCUDA: PyTorch comes without CUDA where nothing asks for a GPU.
func TestWithoutCUDA(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		code  string
		want  string // the variable
	}{
		"torch":                            {map[string]string{"requirements.txt": "flask\ntorch==2.5.0\n"}, "", "PIP_EXTRA_INDEX_URL"},
		"what brings it":                   {map[string]string{"requirements.txt": "flask\nsentence-transformers\n"}, "", "PIP_EXTRA_INDEX_URL"},
		"uv":                               {map[string]string{"pyproject.toml": "[project]\nname = 'x'\nversion = '1'\ndependencies = ['flask', 'torch']\n"}, "", "UV_TORCH_BACKEND"},
		"no torch":                         {map[string]string{"requirements.txt": "flask\n"}, "", ""},
		"code that asks for a GPU":         {map[string]string{"requirements.txt": "flask\ntorch\n"}, "import torch\nd = 'cuda' if torch.cuda.is_available() else 'cpu'\nx = torch.device('cuda')\n", "PIP_EXTRA_INDEX_URL"},
		"code that needs one":              {map[string]string{"requirements.txt": "flask\ntorch\n"}, "import torch\nm = torch.nn.Linear(1, 1).cuda()\n", ""},
		"a device":                         {map[string]string{"requirements.txt": "flask\ntorch\n"}, "import torch\nd = torch.device('cuda:0')\n", ""},
		"a device that it is moved to":     {map[string]string{"requirements.txt": "flask\ntorch\n"}, "import torch\nm = torch.nn.Linear(1, 1).to('cuda')\n", ""},
		"a device that is the processor":   {map[string]string{"requirements.txt": "flask\ntorch\n"}, "import torch\nm = torch.nn.Linear(1, 1).to('cpu')\n", "PIP_EXTRA_INDEX_URL"},
		"a package that needs one":         {map[string]string{"requirements.txt": "flask\ntorch\nbitsandbytes\n"}, "", ""},
		"libraries of CUDA":                {map[string]string{"requirements.txt": "flask\ntorch==2.5.0\nnvidia-cudnn-cu12==9.1.0.70\n"}, "", ""},
		"an index of the repository's own": {map[string]string{"requirements.txt": "--extra-index-url https://download.pytorch.org/whl/cu121\nflask\ntorch==2.5.0\n"}, "", ""},
		"PyPI as the index":                {map[string]string{"requirements.txt": "-i https://pypi.org/simple\nflask\ntorch==2.5.0\n"}, "", "PIP_EXTRA_INDEX_URL"},
		"hashes":                           {map[string]string{"requirements.txt": "flask==3.0.3 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000\ntorch==2.5.0 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000\n"}, "", ""},
		"a GPU in compose":                 {map[string]string{"requirements.txt": "flask\ntorch\n", "compose.yaml": "services:\n  app:\n    build: .\n    deploy:\n      resources:\n        reservations:\n          devices:\n          - driver: nvidia\n            capabilities: [gpu]\n"}, "", ""},
		"a GPU in the README":              {map[string]string{"requirements.txt": "flask\ntorch\n", "README.md": "# app\n\n    docker build -t app .\n    docker run --gpus all app\n"}, "", ""},
		"the own Dockerfile's image":       {map[string]string{"requirements.txt": "flask\ntorch\n", "Dockerfile": "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN pip install -r requirements.txt\nCMD [\"python\", \"app.py\"]\n"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tt.files["app.py"] = tt.code + flask
			p, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			var got string
			for line := range strings.Lines(dockerfile(t, p.App)) {
				if n, _, _ := strings.Cut(strings.TrimPrefix(line, "ENV "), "="); n == "PIP_EXTRA_INDEX_URL" || n == "UV_TORCH_BACKEND" {
					got = n
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestListed: packages of Debian that the files of hosting platforms name are installed, by the names that they have now.
func TestListed(t *testing.T) {
	for name, tt := range map[string]struct {
		files      map[string]string
		run, build string
	}{
		"Heroku":                     {map[string]string{"Aptfile": "# comment\nlibgl1-mesa-glx\nlibpq-dev\n:repo:deb http://x.example y main\nhttps://x.example/a.deb\nffmpeg=7:4.1\n"}, "ffmpeg libgl1 libpq5", "libpq-dev"},
		"Binder":                     {map[string]string{"apt.txt": "ffmpeg tesseract-ocr\n"}, "ffmpeg tesseract-ocr", ""},
		"Nixpacks":                   {map[string]string{"nixpacks.toml": "[phases.setup]\naptPkgs = ['ffmpeg', '...']\n"}, "ffmpeg", ""},
		"Railpack":                   {map[string]string{"railpack.json": `{"deploy": {"aptPackages": ["ffmpeg"]}, "buildAptPackages": ["build-essential"]}`}, "ffmpeg", "build-essential"},
		"headers that no row knows":  {map[string]string{"Aptfile": "libfoo-dev\n"}, "libfoo-dev", ""},
		"packages.txt of Streamlit":  {map[string]string{"requirements.txt": "streamlit\nflask\ngunicorn\n", "packages.txt": "ffmpeg\n"}, "ffmpeg", ""},
		"packages.txt of pip":        {map[string]string{"packages.txt": "requests\n"}, "", ""},
		"what is no package's name":  {map[string]string{"Aptfile": "ffmpeg && rm -rf /\n$(id)\n--allow-downgrades\n"}, "ffmpeg", ""},
		"packages of older releases": {map[string]string{"Aptfile": "libtiff5\nlibglib2.0-0\n"}, "libglib2.0-0t64 libtiff6", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tt.files["app.py"] = flask
			if tt.files["requirements.txt"] == "" {
				tt.files["requirements.txt"] = "flask\ngunicorn\n"
			}
			p, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			var run, build []string
			for _, s := range p.base.Debian {
				for _, w := range s.Packages {
					run = append(run, w.String())
				}
			}
			for _, w := range p.deps.Debian {
				build = append(build, w.String())
			}
			run = slices.DeleteFunc(run, func(w string) bool { return w == "tini" })
			slices.Sort(run)
			slices.Sort(build)
			if strings.Join(run, " ") != tt.run || strings.Join(build, " ") != tt.build {
				t.Errorf("got %q and %q, want %q and %q", run, build, tt.run, tt.build)
			}
		})
	}
}

// TestTestPackages: the test stage has what the tests' own dependencies need of the system, and the others do not.
func TestTestPackages(t *testing.T) {
	for name, tt := range map[string]struct{ requirements, dev, want string }{
		"compiled":             {"flask\ngunicorn\n", "pytest\npsycopg2\n", "gcc libc6-dev libpq-dev libpq5"},
		"a library":            {"flask\ngunicorn\n", "pytest\npython-magic\n", "libmagic1t64"},
		"what the app has":     {"flask\ngunicorn\npsycopg2\n", "pytest\npsycopg2\n", ""},
		"more than the app":    {"flask\ngunicorn\npsycopg2\n", "pytest\nmysqlclient\n", "default-libmysqlclient-dev libmariadb3 pkg-config"},
		"of Git":               {"flask\ngunicorn\n", "pytest\nx @ git+https://example.com/x\n", "git"},
		"nothing":              {"flask\ngunicorn\n", "pytest\nrequests\n", ""},
		"for another system":   {"flask\ngunicorn\n", "pytest\npsycopg2; sys_platform == 'win32'\n", ""},
		"of an older Python":   {"flask\ngunicorn\n", "pytest\npsycopg2; python_version < '3.9'\n", ""},
		"prebuilt for the app": {"flask\ngunicorn\n", "pytest\nlxml\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, _, err := decide(t, map[string]string{"app.py": flask, "requirements.txt": tt.requirements, "requirements-dev.txt": tt.dev, "tests/test_a.py": "def test_a():\n    pass\n"}, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range p.test.Debian {
				for _, w := range s.Packages {
					got = append(got, w.String())
				}
			}
			slices.Sort(got)
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestElsewhere: what another system alone can install is left out of the requirements that pip reads.
func TestElsewhere(t *testing.T) {
	for requirements, want := range map[string]string{
		"flask\ngunicorn\n":                                        "",
		"flask\ngunicorn\npywin32==306\n":                          "sed -i -E '/^ *(pywin32)([^[:alnum:]_.-]|$)/Id' requirements.txt",
		"flask\ngunicorn\npyobjc_framework.Cocoa==10.3\npywin32\n": "sed -i -E '/^ *(pyobjc[-_.]framework[-_.]cocoa|pywin32)([^[:alnum:]_.-]|$)/Id' requirements.txt",
		"flask\ngunicorn\npywin32==306; sys_platform == 'win32'\n": "",
		"flask\ngunicorn\npywin32-ctypes==0.2.3\n":                 "",
	} {
		p, _, err := decide(t, map[string]string{"requirements.txt": requirements, "app.py": flask}, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		var got string
		for _, c := range p.deps.Install[0].Run {
			if strings.HasPrefix(c.String(), "sed ") {
				got = c.String()
			}
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", requirements, got, want)
		}
	}
}

// TestBySSH: the installation takes the agent of who builds the image where something comes by SSH.
func TestBySSH(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		want  bool
	}{
		"pip":          {map[string]string{"requirements.txt": "flask\ngunicorn\nx @ git+ssh://git@example.com/a/x.git@v1\n"}, true},
		"pip, HTTPS":   {map[string]string{"requirements.txt": "flask\ngunicorn\nx @ git+https://example.com/a/x.git@v1\n"}, false},
		"uv":           {map[string]string{"pyproject.toml": "[project]\nname = 'y'\nversion = '1'\ndependencies = ['flask', 'x']\n[tool.uv.sources]\nx = { git = 'ssh://git@example.com/a/x.git' }\n"}, true},
		"Poetry":       {map[string]string{"pyproject.toml": "[tool.poetry]\nname = 'y'\nversion = '1'\n[tool.poetry.dependencies]\npython = '>=3.11'\nflask = '*'\nx = { git = 'git@example.com:a/x.git' }\n"}, true},
		"Poetry, HTTP": {map[string]string{"pyproject.toml": "[tool.poetry]\nname = 'y'\nversion = '1'\n[tool.poetry.dependencies]\npython = '>=3.11'\nflask = '*'\nx = { git = 'https://example.com/a/x.git' }\n"}, false},
	} {
		tt.files["app.py"] = flask
		p, _, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		client := slices.ContainsFunc(p.deps.Debian, func(w plan.Token) bool { return w.String() == "openssh-client" })
		if got := slices.Contains(p.deps.Install[0].Mounts, plan.SSHMount()); got != tt.want || client != tt.want {
			t.Errorf("%s: got a mount %t and a client %t, want %t", name, got, client, tt.want)
		}
	}
}

// TestExactPatch: a manager that insists on a patch gets the image of it, and no other runtime than those that have it.
func TestExactPatch(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"Poetry":             {map[string]string{"pyproject.toml": "[tool.poetry]\nname = 'y'\nversion = '1'\n[tool.poetry.dependencies]\npython = '3.13.1'\nflask = '*'\n"}, "3.13.1-slim"},
		"uv":                 {map[string]string{"pyproject.toml": "[project]\nname = 'y'\nversion = '1'\nrequires-python = '==3.12.4'\ndependencies = ['flask']\n[tool.uv]\n"}, "3.12.4-slim"},
		"a range of patches": {map[string]string{"pyproject.toml": "[project]\nname = 'y'\nversion = '1'\nrequires-python = '~=3.12.4'\ndependencies = ['flask']\n[tool.uv]\n"}, "3.12-slim-trixie"},
		"pip does not mind":  {map[string]string{"requirements.txt": "flask\n", ".python-version": "3.12.4\n"}, "3.12-slim-trixie"},
	} {
		tt.files["app.py"] = flask
		p, _, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		if got := p.base.From.Image().Tag(); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

// TestGitVersion: the stages that build a project whose version is a tag of Git take it as an argument.
func TestGitVersion(t *testing.T) {
	project := func(build string) string {
		return "[build-system]\nrequires = [" + build + "]\nbuild-backend = 'x'\n[project]\nname = 'shop'\ndynamic = ['version']\ndependencies = ['flask', 'gunicorn']\n"
	}
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"hatch-vcs":       {map[string]string{"pyproject.toml": project("'hatchling', 'hatch-vcs>=0.4'")}, "SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0"},
		"setuptools_scm":  {map[string]string{"pyproject.toml": project("'setuptools_scm[toml]>=8'")}, "SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0"},
		"use_scm_version": {map[string]string{"setup.py": "from setuptools import setup\nsetup(name='shop', use_scm_version=True, install_requires=['flask', 'gunicorn'])\n"}, "SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0"},
		"pbr":             {map[string]string{"setup.py": "from setuptools import setup\nsetup(name='shop', setup_requires=['pbr>=2'], pbr=True, install_requires=['flask', 'gunicorn'])\n"}, "PBR_VERSION=0.0.0"},
		"none":            {map[string]string{"pyproject.toml": project("'hatchling'")}, ""},
	} {
		tt.files["src/shop/__init__.py"], tt.files["src/shop/main.py"] = "", flask
		p, _, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		var got string
		for _, e := range p.build.Version {
			got = e.String()
		}
		if got != tt.want || len(p.dev.Version) != len(p.build.Version) {
			t.Errorf("%s: got %q, want %q, in dev as well", name, got, tt.want)
		}
	}
}

// TestOldDebian: the packages of an app have the names of the Debian that its Python's image is made of.
func TestOldDebian(t *testing.T) {
	for version, want := range map[string]string{"3.13": "libgl1 libglib2.0-0t64 libmagic1t64", "3.8": "libgl1 libglib2.0-0 libmagic1"} {
		p, _, err := decide(t, map[string]string{".python-version": version, "requirements.txt": "flask\ngunicorn\nopencv-python\npython-magic\n", "app.py": flask}, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range p.base.Debian {
			for _, w := range s.Packages {
				got = append(got, w.String())
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %q", version, got, want)
		}
	}
}

// TestCUDALocked: where no variable brings PyTorch without CUDA, what does is said in the words of the manager.
func TestCUDALocked(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"Poetry": {map[string]string{"pyproject.toml": "[tool.poetry]\nname = 'x'\nversion = '1'\n[tool.poetry.dependencies]\npython = '^3.13'\nflask = '*'\ntorch = '*'\n"}, "poetry add --source pytorch-cpu torch"},
		"PDM":    {map[string]string{"pyproject.toml": "[project]\nname = 'x'\nversion = '1'\nrequires-python = '>=3.13'\ndependencies = ['flask', 'torch']\n[tool.pdm]\ndistribution = false\n"}, "[[tool.pdm.source]]"},
		"Pipenv": {map[string]string{"Pipfile": "[packages]\nflask = '*'\ntorch = '*'\n"}, `torch = {version = "*", index = "pytorch-cpu"}`},
		"hashes": {map[string]string{"requirements.txt": "flask==3.0.3 --hash=sha256:" + strings.Repeat("0", 64) + "\ntorch==2.5.0 --hash=sha256:" + strings.Repeat("0", 64) + "\n"}, "pip-compile --generate-hashes"},
	} {
		tt.files["app.py"] = flask
		_, log, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		if !slices.ContainsFunc(log.Notes(), func(n plan.Note) bool {
			return strings.Contains(n.Text, "comes with CUDA") && strings.Contains(n.Hint, tt.want)
		}) {
			t.Errorf("%s: got notes %v", name, log.Notes())
		}
	}
}

// TestPipfileBesideList: a list that names one version of each package says more than a Pipfile without its lockfile.
func TestPipfileBesideList(t *testing.T) {
	const pipfile = "[packages]\nflask = \"*\"\ngunicorn = \"*\"\n"
	for name, c := range map[string]struct {
		list, lock, want string
	}{
		"pinned":                  {"flask==3.1.0\ngunicorn==23.0.0\n", "", "pip"},
		"one line is not":         {"flask==3.1.0\ngunicorn>=23\n", "", "pipenv"},
		"one of a series":         {"flask==3.*\ngunicorn==23.0.0\n", "", "pipenv"},
		"the lockfile is there":   {"flask==3.1.0\ngunicorn==23.0.0\n", `{"default": {"flask": {"version": "==3.1.0"}, "gunicorn": {"version": "==23.0.0"}}}`, "pipenv"},
		"an empty list":           {"", "", "pipenv"},
		"with another file of it": {"-r base.txt\nflask==3.1.0\n", "", "pip"},
	} {
		files := map[string]string{"Pipfile": pipfile, "requirements.txt": c.list, "base.txt": "gunicorn==23.0.0\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n"}
		if c.lock != "" {
			files["Pipfile.lock"] = c.lock
		}
		_, log, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		for _, x := range log.Choices() {
			if x.Key == "python.manager" && x.Value != c.want {
				t.Errorf("%s: %s, want %s", name, x.Value, c.want)
			}
		}
	}
}
