from webtest import TestApp

from shelves import app


def test_shelf():
    answer = TestApp(app).get("/shelf/4")
    assert "<h1>Shelf 4</h1>" in answer.text
    assert "<li>Walden</li>" in answer.text


def test_no_shelf():
    TestApp(app).get("/shelf/9", status=404)
