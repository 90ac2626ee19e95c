from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

app = FastAPI()


@app.get("/api/trains")
def trains():
    return ["07:12 to the coast", "08:40 to the hills"]


app.mount("/", StaticFiles(directory=Path(__file__).parent / "frontend" / "dist", html=True))
