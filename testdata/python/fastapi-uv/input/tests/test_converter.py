from fastapi.testclient import TestClient

from app.main import api

client = TestClient(api)


def test_boiling():
    assert client.get("/celsius/100").json() == {"fahrenheit": 212.0}
