"""Amounts and dates as they are written in Germany."""

import datetime
import locale

locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")


def amount(cents: int) -> str:
    return locale.currency(cents / 100, grouping=True)


def day(date: datetime.date) -> str:
    return f"{date:%A}, {date.day}. {date:%B %Y}"
