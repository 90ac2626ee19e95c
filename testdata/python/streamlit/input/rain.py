import csv
from pathlib import Path


def totals(file: Path) -> dict[str, float]:
    """Millimetres of rain, by month."""
    months: dict[str, list[float]] = {}
    with file.open() as text:
        for row in csv.DictReader(text):
            months.setdefault(row["day"][:7], []).append(float(row["mm"]))
    return {month: sum(days) for month, days in months.items()}
