from quart import Quart

from echoes import __version__
from echoes.sound import echo

app = Quart(__name__)


@app.get("/echo/<word>")
async def answer(word: str):
    return {"echo": echo(word), "version": __version__}
