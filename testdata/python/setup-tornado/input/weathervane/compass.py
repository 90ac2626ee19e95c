POINTS = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"]


def point(degrees: float) -> str:
    """The point of the compass that is nearest to a bearing."""
    return POINTS[round(degrees / 45) % len(POINTS)]
