import main


def test_live():
    assert main.app.test_client().get("/live").text == "alive\n"


def test_hello(tmp_path, monkeypatch):
    monkeypatch.setattr(main, "data", tmp_path)
    client = main.app.test_client()
    client.get("/")
    assert client.get("/").text == "Hello from greeter, visit 2\n"
