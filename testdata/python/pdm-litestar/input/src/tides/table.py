"""Metres above chart datum at high water."""

HIGH_WATER = {"brest": 6.9, "dieppe": 8.5}
