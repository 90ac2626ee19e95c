from app import app


def test_books():
    assert "Solaris" in app.test_client().get("/api/books").get_json()


def test_page():
    assert b"<title>Books</title>" in app.test_client().get("/").data
