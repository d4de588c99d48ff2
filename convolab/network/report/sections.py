"""What was learnt? The sections of a report that show figures, curves, confusions, mistakes and filters."""

from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from convolab.network.report import charts
from convolab.network.report.run import Run
from convolab.network.training.batches import take
from convolab.network.training.evaluation import wilson_interval

MISTAKES = 24  # pictures shown


def hero(run: Run) -> str:
    """The one figure, its interval, and the facts beside it."""
    result, config = run.result, run.config
    parts = [f"network {config.model}", f"recipe {config.recipe}", f"seed {config.seed}"]
    name = f"<b>{escape(Path(config.dataset).name)}</b>" + "".join(f", <span>{escape(part)}</span>" for part in parts)
    return (
        f'<h1>{name}</h1>\n<section class="hero">{headline(run)}</section>\n<dl class="facts">'
        + "".join(
            f"<div><dt>{words}</dt><dd>{value}</dd></div>"
            for words, value in (
                ("parameters", f"{result['parameters']:,}"),
                ("training images", f"{result['train_images']:,}"),
                ("epochs", result["epochs"]),
                ("training", _duration(result["train_seconds"])),
                ("in all", _duration(result["total_seconds"])),
                ("images a second", f"{result['images_per_second']:,}" if result["images_per_second"] else "–"),
                ("test loss", f"{result['test_loss']:.4f}" if result["test_loss"] is not None else "–"),
                ("computed on", f"{escape(config.device)}, {escape(config.precision)}"),
            )
        )
        + "</dl>"
    )


def headline(run: Run) -> str:
    if not run.tested:
        return "<p>The test set was not looked at in this run.</p>"
    wrong, count = int(run.confusion.sum() - run.confusion.trace()), int(run.confusion.sum())
    low, high = run.result["test_interval"]
    strip = charts.interval_strip(
        run.result["test_accuracy"], (low, high), title=f"test accuracy, 95 % interval {low:.2%} to {high:.2%}"
    )
    return (
        f'<div><div class="figure">{100 * run.result["test_accuracy"]:.2f}<small>%</small></div>'
        f"<p>of the <strong>{count:,}</strong> test images read right, <strong>{wrong:,}</strong> wrong. "
        "The test set was used once, after the last step.</p></div>"
        f'<div><div class="strip">{strip}</div>'
        f"<p>95 % interval {100 * low:.2f} to {100 * high:.2f} % (Wilson)</p></div>"
    )


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def curves(run: Run) -> str:
    """Loss and accuracy while training."""
    steps, epochs, tests = (run.entries(kind) for kind in ("step", "epoch", "test"))
    last = max([run.result["steps"], *(e["step"] for e in steps + epochs)])
    a_step = charts.linear([0, last], "step", start=0)
    losses = [e["loss"] for e in steps + epochs] + [e["test_loss"] for e in tests]
    loss = charts.line_chart(
        [
            charts.Series("training", points(steps, "loss"), "steps"),
            charts.Series("test", points(tests, "test_loss"), "test", dots=True),
        ],
        a_step,
        charts.logarithmic(losses, "loss"),
        title="loss at each step",
    )
    shares = [e["accuracy"] for e in steps] + [e["train_accuracy"] for e in epochs]
    shares += [e["test_accuracy"] for e in tests] + [e.get("validation_accuracy") for e in epochs]
    accuracy = charts.line_chart(
        [
            charts.Series("training", points(steps, "accuracy"), "faint"),
            *(charts.Series("an epoch's mean", level, "steps") for level in levels(epochs, "train_accuracy")),
            charts.Series("validation", points(epochs, "validation_accuracy"), "valid", dots=True),
            charts.Series("test", points(tests, "test_accuracy"), "test", dots=True),
        ],
        a_step,
        charts.accuracies(shares, "accuracy"),
        title="accuracy at each step",
    )
    keys = [key("steps", "training"), key("test", "test")] if tests else [key("steps", "training")]
    more = [key("faint", "training"), key("steps", "mean of an epoch")]
    more += [key("valid", "validation")] * any("validation_accuracy" in e for e in epochs) + keys[1:]
    apart = steps[1]["step"] - steps[0]["step"] if len(steps) > 1 else 1
    return (
        f'<h2>Learning</h2>\n<p class="about">Means over {apart} steps. '
        "The loss is the cross-entropy in nats, on a logarithmic scale; "
        "on the scale of the accuracy, half as many errors are always the same distance up.</p>\n"
        f'<div class="pair"><figure class="card"><figcaption><h3>Loss</h3>{"".join(keys)}</figcaption>{loss}</figure>'
        f'<figure class="card"><figcaption><h3>Accuracy</h3>{"".join(more)}</figcaption>{accuracy}</figure></div>'
    )


def points(entries: list[dict[str, Any]], name: str) -> list[tuple[float, float]]:
    return [(entry["step"], entry[name]) for entry in entries if entry.get(name) is not None]


def levels(entries: list[dict[str, Any]], name: str) -> list[list[tuple[float, float]]]:
    """Of each epoch a level line, as long as the epoch that it is the mean of."""
    starts = [0, *(entry["step"] for entry in entries)]
    return [[(start, entry[name]), (entry["step"], entry[name])] for start, entry in zip(starts, entries, strict=False)]


def key(style: str, words: str) -> str:
    return f'<span class="key {style}">{escape(words)}</span>'


def confusions(run: Run) -> str:
    """Which class was taken for which, and how often each was read wrong."""
    counts, names = run.confusion, run.classes
    errors = counts - np.diag(counts.diagonal())
    head = "".join(f'<th scope="col">{escape(n)}</th>' for n in names)
    rows = "".join(
        f'<tr><th scope="row">{escape(names[i])}</th>'
        + "".join(cell(i, j, counts, errors.max(), names) for j in range(len(names)))
        + "</tr>"
        for i in range(len(names))
    )
    wide = " many" if len(names) > 12 else ""
    table = (
        f'<table class="confusion{wide}" style="--classes:{len(names)}"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    return (
        '<h2>What is taken for what</h2>\n<p class="about">The true class down, the answer across. '
        f"{_most_frequent(errors, names)}</p>\n"
        f'<div class="pair"><div class="card scroll">{table}</div><div class="card">{per_class(run)}</div></div>'
    )


def cell(true: int, answer: int, counts: np.ndarray, worst: int, names: list[str]) -> str:
    count = int(counts[true, answer])
    if true == answer:
        kind, value = "right", count / max(1, counts.diagonal().max())
    else:
        kind, value = ("wrong", (count / max(1, worst)) ** 0.5) if count else ("none", 0)
    title = f"{names[true]} read as {names[answer]}: {count:,}"
    return f'<td class="{kind}" style="--v:{value:.2f}" title="{escape(title, quote=True)}">{count}</td>'


def _most_frequent(errors: np.ndarray, names: list[str]) -> str:
    """A sentence on the largest confusion."""
    if not errors.any():
        return "Nothing was confused."
    true, answer = np.unravel_index(errors.argmax(), errors.shape)
    often = int(errors[true, answer])
    times = "once" if often == 1 else f"{often} times"
    return f"Most often, {times}, {escape(names[true])} was read as {escape(names[answer])}."


def per_class(run: Run) -> str:
    """How often each class was read wrong, as bars."""
    counts, totals = run.confusion, run.confusion.sum(1)
    wrong = 1 - counts.diagonal() / np.maximum(totals, 1)
    rows = []
    for name, share, total in zip(run.classes, wrong, totals, strict=True):
        low, high = wilson_interval(round((1 - share) * total), int(total)) if total else (0.0, 1.0)
        title = f"{name}: {1 - share:.2%} right, 95 % interval {low:.2%} to {high:.2%}, {total:,} images"
        rows.append(
            f'<div title="{escape(title, quote=True)}"><span>{escape(name)}</span>'
            f'<i style="--v:{share / max(wrong.max(), 1e-9):.3f}"></i><span>{100 * share:.2f} %</span></div>'
        )
    short = " short" if max(map(len, run.classes)) < 3 else ""
    return f'<h3 class="above">Read wrong, of each class</h3><div class="classes{short}">{"".join(rows)}</div>'


def mistakes(run: Run) -> str:
    """The wrong answers of which the network was surest."""
    chances, labels = run.probabilities, run.data.test_labels
    answers = chances.argmax(1)
    wrong = np.flatnonzero(answers != labels)
    if not len(wrong):
        return ""
    surest = wrong[np.argsort(-chances[wrong, answers[wrong]])][:MISTAKES]
    pictures = take(run.data.test_images, surest.tolist())
    names = run.classes
    shown = "".join(
        f'<figure><img src="{charts.png(picture(np.asarray(image)))}" alt="test image {i}" title="test image {i}">'
        f"<figcaption><b>{escape(names[labels[i]])}</b> read as <em>{escape(names[answers[i]])}</em><br>"
        f"{chances[i, answers[i]]:.1%} sure</figcaption></figure>"
        for i, image in zip(surest, pictures, strict=True)
    )
    return (
        '<h2>Wrong, and sure of it</h2>\n<p class="about">The mistakes in which the network put most trust, '
        f'{len(surest)} of {len(wrong):,}.</p>\n<div class="card pictures">{shown}</div>'
    )


def picture(image: np.ndarray) -> np.ndarray:
    """uint8 (C, H, W) as an array that `charts.png` takes."""
    return image[0] if len(image) == 1 else image[:3].transpose(1, 2, 0)


def filters(run: Run) -> str:
    """The first convolution's kernels."""
    first = next((p for n, p in run.classifier.named_parameters() if p.ndim == 4), None)
    if first is None:
        return ""
    weights = first.detach().cpu().numpy()
    largest = float(np.nan_to_num(np.abs(weights), posinf=0).max())
    height, width = weights.shape[2:]
    shown = "".join(
        f'<img src="{charts.png(charts.signed(kernel.mean(0), largest))}" alt="filter {k}" title="filter {k}">'
        for k, kernel in enumerate(weights)
    )
    return (
        f'<h2>First layer</h2>\n<p class="about">Its {len(weights)} filters of {height} × {width}'
        f"{', mean over the channels' if weights.shape[1] > 1 else ''}. Orange weights add, blue ones subtract; the "
        f'deepest is ±{largest:.2f}.</p>\n<div class="card filters">{shown}</div>'
    )
