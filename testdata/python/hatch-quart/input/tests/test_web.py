from echoes.web import app


async def test_echo():
    answer = await app.test_client().get("/echo/valley")
    assert (await answer.get_json())["echo"] == "valley, valley"
