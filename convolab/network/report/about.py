"""What was run? The sections of a report that show the layers, the command and the machine."""

from collections.abc import Iterable
from html import escape

from convolab.network.model.summary import Layer, summary
from convolab.network.report.run import Run, command
from convolab.network.training.recipes import as_config


def layers(run: Run) -> str:
    """The network, layer by layer."""
    found = summary(run.classifier.network, run.config.input_shape)
    head = row("th", "layer", "type", "output", "parameters", "multiply-adds", "sees")
    body = [
        row("td", one.name, one.type, sizes(one.output_shape), f"{one.parameters:,}", f"{one.mult_adds:,}", sees(one))
        for one in found.layers
    ]
    total = row("td", "all", "", "", f"{found.parameters:,}", f"{found.mult_adds:,}", "").replace(
        "<tr>", '<tr class="total">'
    )
    return (
        f'<h2>Layers</h2>\n<p class="about">For an input of {sizes(found.input_shape)}. Multiply-adds are for one '
        "image; each value of a layer sees so many pixels of it. Input, activations and parameters take "
        f"{found.total_mb:.2f} MB.</p>\n"
        f'<div class="card scroll"><table class="plain"><thead>{head}</thead><tbody>{"".join(body)}'
        f"{total}</tbody></table></div>"
    )


def row(tag: str, *values: str) -> str:
    """A row of the layers' table; phones leave out the type and what a layer sees."""
    kinds = ("", ' class="less"', "", "", "", ' class="less"')
    cells = "".join(f"<{tag}{kind}>{escape(value)}</{tag}>" for kind, value in zip(kinds, values, strict=True))
    return f"<tr>{cells}</tr>"


def sees(layer: Layer) -> str:
    return sizes(layer.receptive_field) if layer.receptive_field else ""


def sizes(shape: Iterable[int]) -> str:
    return " × ".join(map(str, shape))


def repeat(run: Run) -> str:
    """The command that repeats the run, and where it was run."""
    machine, versions = run.environment["machine"], run.environment["versions"]
    config, count = run.config, run.config.processes
    line = " ".join(f"<span>{escape(part)}</span>" for part in command(config).replace(" --", "\n--").split("\n"))
    facts = {
        "processor": f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB",
        "system": f"{machine['system']}, Python {machine['python']}",
        "versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
        "commit": run.environment["commit"] or "not in a repository",
        "threads": f"{config.threads}" + (f" in each of {count} processes" if count > 1 else ""),
        "settings": ", ".join(f"{name} {value}" for name, value in as_config(config.settings).items()),
    }
    rows = "".join(f"<tr><td>{name}</td><td>{escape(str(value))}</td></tr>" for name, value in facts.items())
    return (
        '<h2>Repeat it</h2>\n<p class="about">On the same machine with the same versions this gives the same weights, '
        f"bit for bit.</p>\n<pre>{line}</pre>\n"
        f'<div class="card"><table class="plain words"><tbody>{rows}</tbody></table></div>'
    )
