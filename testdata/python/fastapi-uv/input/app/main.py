from fastapi import FastAPI

from app.scale import to_fahrenheit

api = FastAPI(title="Converter")


@api.get("/healthz")
def health():
    return {"status": "ok"}


@api.get("/celsius/{degrees}")
async def celsius(degrees: float) -> dict[str, float]:
    return {"fahrenheit": to_fahrenheit(degrees)}
