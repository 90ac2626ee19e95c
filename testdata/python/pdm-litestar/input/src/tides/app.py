from litestar import Litestar, get
from litestar.exceptions import NotFoundException

from tides.table import HIGH_WATER


@get("/tides/{port:str}", sync_to_thread=False)
def tide(port: str) -> dict[str, float]:
    if port not in HIGH_WATER:
        raise NotFoundException(f"no table of {port}")
    return {"metres": HIGH_WATER[port]}


@get("/health", sync_to_thread=False)
def health() -> str:
    return "ok"


def create_app() -> Litestar:
    return Litestar([tide, health])
