from tornado.testing import AsyncHTTPTestCase

from weathervane.compass import point
from weathervane.server import make_app


class TestVane(AsyncHTTPTestCase):
    def get_app(self):
        return make_app()

    def test_page(self):
        assert b"north-east" in self.fetch("/").body


def test_points():
    assert point(359) == "north"
    assert point(225) == "south-west"
    assert point(112) == "east"
