import os

import psycopg
from fastapi import FastAPI

app = FastAPI()


def connect() -> psycopg.Connection:
    db = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    db.execute("CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, title text NOT NULL)")
    return db


@app.get("/api/orders")
def orders() -> list[str]:
    with connect() as db:
        return [title for (title,) in db.execute("SELECT title FROM orders ORDER BY id")]


@app.post("/api/orders/{title}")
def order(title: str) -> None:
    with connect() as db:
        db.execute("INSERT INTO orders (title) VALUES (%s)", (title,))


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}
