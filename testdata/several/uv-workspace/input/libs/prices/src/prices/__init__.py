"""What books cost, in cents."""

BOOKS = {"Invisible Cities": 1250, "The Left Hand of Darkness": 990}


def label(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d} EUR"
