"""The README's table of claims: every figure from a recorded run, with the command that repeats it."""

import json
from collections.abc import Callable
from pathlib import Path

from engines_page import means

ROOT = Path(__file__).parent.parent
START, END = "<!-- claims: written by docs/generate.py -->", "<!-- /claims -->"


def record(name: str) -> dict:
    return json.loads((ROOT / "benchmarks" / f"{name}.json").read_text())


def claims() -> str:
    """The table, in Markdown."""
    rows = [accuracy(), hazards(), operator(), edges(), gigapixel(), gradcheck(), check(), strangers()]
    lines = [f"| {claim} | `{command}` |" for claim, command in rows]
    return "\n".join([START, "", "| claim | repeat it |", "| --- | --- |", *lines, "", END])


def accuracy() -> tuple[str, str]:
    found = record("accuracy")
    lab, sheet = (found["summary"][recipe] for recipe in ("lab", "sheet"))
    seeds = "one seed" if sheet["n"] == 1 else f"mean of {sheet['n']} seeds"
    return (
        f"{lab['mean_test_accuracy']:.2%} on the MNIST test set, mean of {len(found['seeds'])} seeds, in "
        f"{lab['median_train_seconds']:.0f} s on {found['machine']['cores']} cores; the sheet's own recipe beside it: "
        f"{sheet['mean_test_accuracy']:.2%} in {sheet['median_train_seconds']:.0f} s "
        f"({seeds})",
        found["command"],
    )


def hazards() -> tuple[str, str]:
    found = record("hazards")
    right, total = (sum(row[key] for row in found["rows"]) for key in ("right", "count"))
    return f"reads {right} of {total} drawn scenes over {len(found['rows'])} hazards", found["command"]


def operator() -> tuple[str, str]:
    found = record("ops")
    cases: dict[str, dict] = {}
    for row in found["rows"]:
        cases.setdefault(row["case"], {})[row["engine"]] = row
    mean, least = next(means(cases)).split("|")[2:4]
    return (
        f"the lab's nine convolution sums, float32: {mean.strip()} × PyTorch's better layout (least {least.strip()}); "
        f"[all cases, the slower ones too](docs/engines.md)",
        found["command"],
    )


def edges() -> tuple[str, str]:
    found = record("edges")
    seconds = {(row["case"], row["engine"]): row["seconds"] for row in found["rows"]}
    ratios = [
        seconds[f"sobel float32 {size}", "OpenCV"] / seconds[f"sobel float32 {size}", "convolab"]
        for size in (1024, 2048, 4096, 8192)
    ]
    return f"Sobel magnitude from 1024² to 8192²: {min(ratios):.1f} to {max(ratios):.1f} × OpenCV", found["command"]


def gigapixel() -> tuple[str, str]:
    found = record("gigapixel")
    return f"edges of 1.6 gigapixels in {found['rows'][0]['peak_resident_mb']:.0f} MB of memory", found["command"]


def gradcheck() -> tuple[str, str]:
    planted = [row for row in record("gradcheck")["rows"] if row["case"] != "none"]
    seen = {who: sum(bool(row[who]) for row in planted) for who in ("convolab", "torch", "jax")}
    return (
        f"a gradient check with no tolerance on integers: of {len(planted)} planted faults it notices "
        f"{seen['convolab']} (PyTorch's {seen['torch']}, JAX's {seen['jax']}) "
        f"[and names them](docs/planted-faults.md)",
        record("gradcheck")["command"],
    )


def check() -> tuple[str, str]:
    line = next(x for x in (ROOT / "docs" / "check.md").read_text().splitlines() if " plants: " in x)
    return f"names the mistake in a convolution: {line.partition('. ')[0].lstrip()}", "convolab check --self-test"


def strangers() -> tuple[str, str]:
    """The last sets of convolutions, at the only look that was taken at them."""
    names = "seventh", "eighth"
    sets = [record("strangers")[name] for name in names]
    assert all(one["looks"] == 1 for one in sets)
    wrong, named, false = (sum(count(one) for one in sets) for count in (_wrong, _kind("right"), _kind("false")))
    return (
        f"of {wrong} wrong programs by an author who had not seen it, at first sight: {named} named right, "
        f"{false} given a wrong name; [earlier sets, fewer of them](docs/check.md#programs-by-strangers)",
        " && ".join(one["command"] for one in sets),
    )


def _wrong(found: dict) -> int:
    return found["wrong"]


def _kind(kind: str) -> Callable[[dict], int]:
    return lambda found: found["kinds"].get(kind, 0)


def in_readme(text: str) -> str:
    """The README with its table written anew."""
    before, _, rest = text.partition(START)
    return before + claims() + rest.partition(END)[2]
