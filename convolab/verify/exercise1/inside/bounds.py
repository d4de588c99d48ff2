"""Numbers that both sides know: how an image that was served is counted."""

TEST = 100_000  # what is added to the number of a test image
UNKNOWN = -1
