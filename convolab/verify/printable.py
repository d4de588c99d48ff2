"""Text from outside is made printable here, once, where it enters: what cannot be encoded or would steer a terminal."""

import unicodedata


def printable(text: object, length: int = 2000) -> str:
    """One line of text as it may be shown anywhere.

    Line ends and other white space become spaces; control characters, halves of surrogate pairs and what turns the
    direction of writing become escapes.

    >>> printable("one\\ntwo \\x1b[2J \\ud800")
    'one two \\\\x1b[2J \\\\ud800'
    """
    return "".join(map(_shown, str(text)[:length]))


def printable_lines(text: str) -> str:
    """The same, with the line ends kept."""
    return "\n".join(printable(line, len(line)) for line in text.split("\n"))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if character in "\t\n\r\v\f\x85" or unicodedata.category(character).startswith("Z"):
        return " "
    return character.encode("unicode_escape").decode()
