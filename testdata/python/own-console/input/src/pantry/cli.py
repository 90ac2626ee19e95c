import argparse
from configparser import ConfigParser
from urllib.parse import parse_qsl

from waitress import serve

from pantry import __version__, shelf


def application(folder):
    def app(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            items = shelf.read(folder)
            for name, count in parse_qsl(environ.get("QUERY_STRING", "")):
                items[name] = int(count)
            shelf.write(folder, items)
        body = f"pantry {__version__}: {len(shelf.read(folder))} items\n".encode()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [body]

    return app


def main():
    parser = argparse.ArgumentParser(prog="pantry")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("serve", help="serve what a configuration file says")
    run.add_argument("file")
    args = parser.parse_args()
    config = ConfigParser()
    with open(args.file) as file:
        config.read_file(file)
    here = config["pantry"]
    serve(application(here["folder"]), host=here["host"], port=here.getint("port"))
