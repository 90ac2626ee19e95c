from flask import Blueprint, current_app

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def index():
    return f"<h1>{current_app.config['TITLE']}</h1><p>Nothing written yet.</p>"
