"""The tables of docs/check.md that list the mistakes of exercises 1 and 2: written from the rules that find them."""

import re

from convolab.verify.exercise1.evaluation import EVALUATION
from convolab.verify.exercise1.layers import DIFFERENCES
from convolab.verify.exercise1.training import TRAINING
from convolab.verify.sobel.filters import weight_mistake
from convolab.verify.sobel.mistakes import CATALOGUE

NETWORK = ("<!-- exercise 1 -->", "<!-- end of exercise 1 -->")
SOBEL = ("<!-- sobel -->", "<!-- end of sobel -->")


def in_check_page(text: str) -> str:
    """docs/check.md with both tables as the rules are now."""
    for (start, end), table in ((NETWORK, network_table()), (SOBEL, sobel_table())):
        text = re.sub(
            f"{start}.*?{end}", lambda _, t=table, s=start, e=end: f"{s}\n\n{t}\n\n{e}", text, flags=re.DOTALL
        )
    return text


def network_table() -> str:
    """A row for each mistake of a network, a training and an evaluation."""
    lines = ["| of | code | what it is |", "| --- | --- | --- |"]
    lines += [f"| network | `{code}` | {what} |" for code, (_, what) in DIFFERENCES.items()]
    for name, rules in (("training", TRAINING), ("evaluation", EVALUATION)):
        lines += [f"| {name} | `{r.code}` | {r.title}{' (a note)' if r.harmless else ''} |" for r in rules]
    return "\n".join(lines)


def sobel_table() -> str:
    """A row for each mistake of a Sobel function, with the forms that it has."""
    titles: dict[str, list[str]] = {}
    for mistake in [*CATALOGUE, weight_mistake(0, 0, 1.0)]:
        titles.setdefault(mistake.code, []).append(mistake.title)
    titles["filter-weights"] = ["Several wrong weights, read from single pixels"]
    titles["divided-by-constant"] = ["Divided by a number, the same for every image"]
    titles["several-results"] = ["Several pictures are returned"]
    lines = ["| code | what it is |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| `{code}` | {'; '.join(dict.fromkeys(t))} |" for code, t in titles.items())])
