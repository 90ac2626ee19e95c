from ferries.server import make_app


async def test_next(aiohttp_client):
    client = await aiohttp_client(make_app())
    answer = await client.get("/next/harbour")
    assert (await answer.json())["first"] == "07:40"


async def test_unknown_landing(aiohttp_client):
    client = await aiohttp_client(make_app())
    assert (await client.get("/next/airport")).status == 404
