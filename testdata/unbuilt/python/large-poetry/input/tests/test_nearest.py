from fastapi.testclient import TestClient

from app import app


def test_nearest():
    assert TestClient(app).get("/nearest?x=0.1&y=0.9").json() == {"nearest": "nut"}
