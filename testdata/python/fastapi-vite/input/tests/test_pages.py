from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_trains():
    assert client.get("/api/trains").json()[0] == "07:12 to the coast"


def test_page():
    assert "<title>Timetable" in client.get("/").text
