"""Departures, by landing."""

from datetime import timedelta

DEPARTURES = {
    "harbour": timedelta(hours=7, minutes=40),
    "lighthouse": timedelta(hours=9, minutes=5),
}


def first(landing: str) -> str:
    """The first departure of the day, as HH:MM."""
    hours, minutes = divmod(int(DEPARTURES[landing].total_seconds()) // 60, 60)
    return f"{hours:02}:{minutes:02}"
