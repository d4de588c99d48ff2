"""The table of signatures in docs/check.md, from what the checker knows of them."""

from convolab.verify.signatures import LETTERS, NETWORK, ORDER, Signature, signatures

BEGIN, END = "<!-- signatures -->", "<!-- end of signatures -->"
HEAD = "| define | arguments | returns |\n| --- | --- | --- |"


def in_check_page(text: str) -> str:
    """The page on `check` with its table of signatures written anew."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{ORDER} {LETTERS}.\n\n{networks()}\n\n{END}{rest.partition(END)[2]}"


def table() -> str:
    """One row for each function."""
    return "\n".join([HEAD, *map(_row, signatures())])


def networks() -> str:
    """What a file defines for exercise 1, a line each."""
    lines = [f"- **{name}**: {what}." for name, what in NETWORK.items()]
    return "\n".join(["For exercise 1 it has:", "", *lines])


def _row(one: Signature) -> str:
    arguments = "; ".join(f"`{name}` {what}" for name, what in one.arguments.items())
    return f"| `{one.line}` | {arguments} | {one.returns} |"
