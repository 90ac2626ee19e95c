from fastapi.testclient import TestClient

from main import app


def test_books() -> None:
    assert TestClient(app).get("/api/books").json() == ["Invisible Cities", "Solaris"]
