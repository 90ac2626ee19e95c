import os
from pathlib import Path

from flask import Flask

app = Flask(__name__)
data = Path(os.environ.get("GREETER_DATA", "/var/lib/greeter"))


@app.get("/")
def hello():
    visits = data / "visits"
    n = int(visits.read_text()) + 1 if visits.exists() else 1
    visits.write_text(str(n))
    return f"Hello from greeter, visit {n}\n"


@app.get("/live")
def live():
    return "alive\n"
