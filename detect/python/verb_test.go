package python

import "testing"

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
