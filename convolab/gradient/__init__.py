"""How we know that a gradient is right, and what a convolution's gradient seeks.

`gradcheck` compares gradients with finite differences and says where and why they differ; `maximize` climbs; the
spectrum says how far a climb can get.
"""

from importlib import import_module

_HOME = {
    "gradcheck": "convolab.gradient.check",
    "GradientReport": "convolab.gradient.report",
    "maximize": "convolab.gradient.ascent",
    "Ascent": "convolab.gradient.ascent",
    "spectrum": "convolab.gradient.singular",
    "Spectrum": "convolab.gradient.singular",
    "norm_bracket": "convolab.gradient.norms",
    "Bracket": "convolab.gradient.norms",
    "slopes": "convolab.gradient.differences",
    "step_for": "convolab.gradient.differences",
}

# What was imported under another name before.
_FORMER = {"Report": "GradientReport"}

__all__ = sorted([*_HOME, *_FORMER])


def __getattr__(name: str):
    name = _FORMER.get(name, name)
    if name not in _HOME:
        raise AttributeError(f"module 'convolab.gradient' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
