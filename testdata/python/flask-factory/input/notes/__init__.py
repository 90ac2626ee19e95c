import os

from flask import Flask

from . import pages


def create_app(config=None):
    app = Flask(__name__)
    app.config["TITLE"] = os.environ.get("TITLE", "Notes")
    app.config.update(config or {})
    app.register_blueprint(pages.blueprint)
    return app
