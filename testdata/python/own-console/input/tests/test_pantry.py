import pytest

from pantry import shelf
from pantry.cli import application


def test_answers(tmp_path):
    said = []
    body = application(str(tmp_path))({"REQUEST_METHOD": "GET"}, lambda status, headers: said.append(status))
    assert said == ["200 OK"]
    assert body == [b"pantry 1.4.0: 0 items\n"]


def test_keeps(tmp_path):
    shelf.write(str(tmp_path), {"rice": 2})
    assert shelf.read(str(tmp_path)) == {"rice": 2}


@pytest.mark.database
def test_database():
    raise AssertionError("there is no database server here")
