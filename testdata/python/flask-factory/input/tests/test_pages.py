from notes import create_app


def test_title():
    client = create_app({"TITLE": "Diary"}).test_client()
    assert b"<h1>Diary</h1>" in client.get("/").data
