from prices import BOOKS, label


def lines() -> list[str]:
    return [f"{title}: {label(cents)}" for title, cents in BOOKS.items()]


def main() -> None:
    for line in lines():
        print(line)
