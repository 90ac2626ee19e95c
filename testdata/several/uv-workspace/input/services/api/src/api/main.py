from fastapi import FastAPI
from prices import BOOKS, label

app = FastAPI()


@app.get("/books")
def books() -> list[dict[str, str]]:
    return [{"title": title, "price": label(cents)} for title, cents in BOOKS.items()]
