import json
from pathlib import Path


def read(folder: str) -> dict[str, int]:
    file = Path(folder) / "shelf.json"
    return json.loads(file.read_text()) if file.exists() else {}


def write(folder: str, items: dict[str, int]) -> None:
    (Path(folder) / "shelf.json").write_text(json.dumps(items))
