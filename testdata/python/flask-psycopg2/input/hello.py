"""A guestbook. The database is only asked when somebody reads or signs it."""

import os

import psycopg2
from flask import Flask as Application
from flask import jsonify

server = Application(__name__)


def connect():
    return psycopg2.connect(os.environ["DATABASE_URL"])


@server.route("/")
def index():
    return "Hello from the guestbook"


@server.route("/driver")
def driver():
    return jsonify(libpq=psycopg2.__libpq_version__)


@server.route("/entries")
def entries():
    with connect() as db, db.cursor() as cursor:
        cursor.execute("SELECT name FROM entries ORDER BY id DESC LIMIT 20")
        return jsonify([name for (name,) in cursor.fetchall()])
