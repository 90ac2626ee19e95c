from flask import Flask, jsonify

app = Flask(__name__, static_folder="../client", static_url_path="")

BOOKS = ["Invisible Cities", "Solaris"]


@app.get("/")
def index():
    return app.send_static_file("index.html")


@app.get("/api/books")
def books():
    return jsonify(BOOKS)
