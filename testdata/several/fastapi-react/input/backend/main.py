from fastapi import FastAPI

app = FastAPI()

BOOKS = {1: "Invisible Cities", 2: "Solaris"}


@app.get("/api/books")
def books() -> list[str]:
    return sorted(BOOKS.values())


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}
