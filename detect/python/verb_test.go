package python

import (
	"strings"
	"testing"
)

// TestVerb: the command of a command line that makes the call which listens.
func TestVerb(t *testing.T) {
	const run = "def serve_it(host, port):\n  uvicorn.run(app, host=host, port=port)\n"
	for name, tt := range map[string]struct{ code, want string }{
		"a group":              {"import click, uvicorn\n@click.group()\ndef cli():\n  pass\n@cli.command()\n@click.option('--host', default='127.0.0.1')\n" + run, "serve-it"},
		"with a name":          {"import click, uvicorn\n@click.group()\ndef cli():\n  pass\n@cli.command('up')\n" + run, "up"},
		"named by keyword":     {"import click, uvicorn\n@click.group()\ndef cli():\n  pass\n@cli.command(name='up')\n" + run, "up"},
		"a group in a group":   {"import click, uvicorn\n@main.group()\ndef cli():\n  pass\n@cli.command()\n" + run, "serve-it"},
		"one command":          {"import click, uvicorn\n@click.command()\n" + run, ""},
		"a Typer with several": {"import typer, uvicorn\ncli = typer.Typer()\n@cli.command()\n" + run + "@cli.command()\ndef other():\n  pass\n", "serve-it"},
		"a Typer with one":     {"import typer, uvicorn\ncli = typer.Typer()\n@cli.command()\n" + run, ""},
		"with a callback":      {"import typer, uvicorn\ncli = typer.Typer()\n@cli.callback()\ndef main():\n  pass\n@cli.command()\n" + run, "serve-it"},
		"no command line":      {"import uvicorn\n@other.command()\n" + run, ""},
		"of a function inside": {"import click, uvicorn\n@click.group()\ndef cli():\n  pass\n@cli.command()\ndef up():\n  def go():\n    uvicorn.run(app)\n  go()\n", "up"},
	} {
		f, err := Detect(scan(t, map[string]string{"requirements.txt": "", "app.py": tt.code}), ".")
		if err != nil {
			t.Fatal(err)
		}
		if s := f.Modules[0].Servers; len(s) != 1 || s[0].Verb != tt.want {
			t.Errorf("%s: got %+v, want %q", name, s, tt.want)
		}
	}
}

// TestUnpacked: the address that a call takes out of a dictionary is that of the dictionary; one that is not known may have any.
func TestUnpacked(t *testing.T) {
	for name, tt := range map[string]struct {
		code, host, port string
		known            bool
	}{
		"dict(...)":          {"o = dict(host='0.0.0.0', port=9000)\nuvicorn.run(app, **o)\n", "0.0.0.0", "9000", true},
		"a literal":          {"uvicorn.run(app, **{'port': 9000})\n", "127.0.0.1", "9000", true},
		"beside a keyword":   {"o = {'port': 9000}\nuvicorn.run(app, host='0.0.0.0', **o)\n", "0.0.0.0", "9000", true},
		"of a configuration": {"uvicorn.run(app, **load())\n", "", "", false},
		"a list":             {"uvicorn.run(*args)\n", "127.0.0.1", "8000", true},
	} {
		f, err := Detect(scan(t, map[string]string{"requirements.txt": "", "app.py": "import uvicorn\nfrom x import load\n" + tt.code}), ".")
		if err != nil {
			t.Fatal(err)
		}
		s := f.Modules[0].Servers
		if len(s) != 1 || s[0].Addr.Host.Text != tt.host || s[0].Addr.Port.Text != tt.port || s[0].Addr.Host.Known() != tt.known {
			t.Errorf("%s: got %+v", name, s)
		}
	}
}

// TestCommands: the commands of a command line that alone reach a write.
func TestCommands(t *testing.T) {
	t.Parallel()
	const (
		group = "import click\n@click.group()\ndef cli():\n  pass\n"
		write = "  open('out.txt', 'w')\n"
	)
	for name, tt := range map[string]struct {
		code, more string
		want       string
	}{
		"of a command":                       {code: group + "@cli.command()\ndef dump():\n" + write, want: "dump"},
		"of a command's function":            {code: group + "@cli.command()\ndef dump():\n  save()\ndef save():\n" + write, want: "dump"},
		"of two commands":                    {code: group + "@cli.command()\ndef dump():\n  save()\n@cli.command()\ndef pack():\n  save()\ndef save():\n" + write, want: "dump pack"},
		"of a command and of all":            {code: group + "@cli.command()\ndef dump():\n  save()\ndef run():\n  save()\ndef save():\n" + write},
		"at the top":                         {code: group + "@cli.command()\ndef dump():\n  save()\nsave()\ndef save():\n" + write},
		"of the group":                       {code: "import click\n@click.group()\ndef cli():\n" + write + "@cli.command()\ndef dump():\n  pass\n"},
		"of one that calls itself":           {code: group + "@cli.command()\ndef dump():\n  save()\ndef save():\n" + write + "  save()\n", want: "dump"},
		"of two that call each other":        {code: group + "@cli.command()\ndef dump():\n  save()\ndef save():\n" + write + "  again()\ndef again():\n  save()\n", want: "dump"},
		"a library's of its name":            {code: "import shutil\n" + group + "@cli.command()\ndef dump():\n  save()\ndef save():\n" + write + "shutil.save()\n", want: "dump"},
		"a method of its name":               {code: group + "@cli.command()\ndef dump():\n  save()\ndef save():\n" + write + "x.save()\n"},
		"that another file's command calls":  {code: "def save():\n" + write, more: "from app import save\n" + group + "@cli.command()\ndef dump():\n  save()\n", want: "dump"},
		"that another file calls":            {code: "def save():\n" + write, more: "from app import save\n" + group + "@cli.command()\ndef dump():\n  save()\nsave()\n"},
		"that another file has by a name":    {code: "def save():\n" + write, more: "from app import save as keep\n" + group + "@cli.command()\ndef dump():\n  keep()\nkeep()\n"},
		"that another file has as an object": {code: "def save():\n" + write, more: "import app\n" + group + "@cli.command()\ndef dump():\n  app.save()\n"},
		"of a group that it is given":        {code: "def register(publish):\n  @publish.command()\n  def heroku():\n  " + write, want: "heroku"},
		"of a class":                         {code: group + "class A:\n  def save(self):\n  " + write + "@cli.command()\ndef dump():\n  A().save()\n"},
		"of one command":                     {code: "import click\n@click.command()\ndef dump():\n" + write},
		"that nothing names":                 {code: group + "@cli.command()\ndef dump():\n  pass\ndef save():\n" + write},
	} {
		f, err := Detect(scan(t, map[string]string{"requirements.txt": "", "app.py": tt.code, "zoo.py": tt.more}), ".")
		if err != nil {
			t.Fatal(err)
		}
		m := f.Module("app.py")
		if len(m.Files) != 1 {
			t.Fatalf("%s: got %v", name, m.Files)
		}
		if got := strings.Join(m.Commands(m.Files[0].Pos), " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
