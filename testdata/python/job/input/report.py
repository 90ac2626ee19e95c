"""Prints how much was sold of each thing."""

import csv
from collections import Counter
from pathlib import Path


def totals(lines):
    sold = Counter()
    for row in csv.DictReader(lines):
        sold[row["thing"]] += int(row["number"])
    return sold


def main():
    with (Path(__file__).parent / "sales.csv").open() as lines:
        for thing, number in totals(lines).most_common():
            print(f"{thing}: {number}")


if __name__ == "__main__":
    main()
