from litestar.testing import TestClient

from tides.app import create_app


def test_tide():
    with TestClient(create_app()) as client:
        assert client.get("/tides/brest").json() == {"metres": 6.9}


def test_unknown_port():
    with TestClient(create_app()) as client:
        assert client.get("/tides/bern").status_code == 404
