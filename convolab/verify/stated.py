"""Which convention does a function's own text ask for? By words, a library's function, or a border that is drawn."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from convolab.fitting.rules import BORDERS
from convolab.verify.asked import CONVENTIONS, ODD, ODD_SQUARE, SQUARE, AskedConvention, Domain

# What a text says where it asks for a convention.
STATED = {
    "flip": r"true convolution|mathematical|flip|rotat|180|mirror|signal.processing|\bconvolve2d\b",
    "same": r"\bsame\b|zero[- ]?pad|as large as|(keep|preserv|retain)\w* (the )?(size|shape|dimension)|pad\b|border"
    r"|// ?2 (zeros|pixels|lines)|zeros on (every|each|both|all) (four )?sides?",
    "full": r"\bfull\b",
    "valid": r"\bvalid\b|(no|without) padding|whole windows",
    "reflect": r"reflect|mirror",
    "symmetric": r"symm|mirror|reflect",
    "replicate": r"replicat|edge|nearest|clamp|extend|repeat",
    "circular": r"wrap|circular|periodic|torus|\bmod\b|modulo",
    "zeros": r"",
}


def is_stated(convention: AskedConvention, text: str, taken: Collection[str] = ()) -> bool:
    """Return whether a function's own text asks for everything in which a convention is not plain.

    A size cannot be asked for by the text of a function that takes a padding.
    """
    if convention.is_plain or (convention.size and "padding" in taken) or (asks_to_flip(text) and not convention.flip):
        return False
    if convention.flip and denies_to_flip(text):
        return False
    if "dilation" in taken and convention.size in ("half", "same-late"):  # these pad without regard to it
        return False
    if (drawn := drawn_border(text)) and drawn != convention.border:
        return False
    if convention.size == "same-front" and re.search(BEHIND, text, re.IGNORECASE):
        return False
    if convention.size == "half" and re.search(OF_THE_IMAGE, text, re.IGNORECASE) and not stated_domain(text):
        return False  # for an even kernel it gives one line more
    size = "same" if convention.size.startswith("same") or convention.size == "half" else convention.size
    wanted = [] if drawn else [convention.border]
    if convention.flip and not (_is_of_signals(convention) and re.search(r"convol(ve|ution)", text, re.IGNORECASE)):
        wanted.append("flip")
    if size and convention.border == "zeros":  # what lies beyond a border is said of a result of the input's size
        wanted.append(size)
    return all(word in STATED and re.search(STATED[word], text, re.IGNORECASE) for word in wanted)


def as_stated(convention: AskedConvention, text: str) -> AskedConvention:
    """Return a convention with the flip and the border for which a function's own text clearly asks, if it does."""
    known = re.search(STATED[convention.border], text, re.IGNORECASE)
    zeros = convention.size and not known and re.search(r"\bzeros?\b", text, re.IGNORECASE)
    flip = asks_to_flip(text) or (convention.flip and not denies_to_flip(text))
    return replace(convention, flip=flip, border="zeros" if zeros else convention.border)


def _is_of_signals(convention: AskedConvention) -> bool:
    """Return whether it is full, or on a circle: where a convolution is always meant to turn its kernel."""
    return convention.size == "full" or convention.border == "circular"


def asks_to_flip(text: str) -> bool:
    """Return whether a function's own text clearly asks for a true convolution, and does not say the contrary."""
    found = re.finditer(FLIPPED, text, re.IGNORECASE)
    return any(not re.search(DENIED, text[max(0, f.start() - 40) : f.start()], re.IGNORECASE) for f in found)


def denies_to_flip(text: str) -> bool:
    """Return whether a function's own text says that the kernel is not turned."""
    return re.search(r"\b(no|not|without|non|un)[ -]?(the |kernel |a |being )?flip", text, re.IGNORECASE) is not None


def stated_conventions(text: str) -> list[AskedConvention]:
    """Return the conventions that a function's own text clearly asks for: by the words for a size, a flip, a border.

    Where even kernels have their centre, the words for the input's size leave open.
    """
    sizes = [size for size, pattern in CLEARLY.items() if re.search(pattern, text, re.IGNORECASE)]
    sizes += ["same-late"] if "same" in sizes else []
    flips = [asks_to_flip(text)]
    drawn = drawn_border(text)
    borders = (
        [drawn]
        if drawn
        else [
            b
            for b in ("reflect", "symmetric", "replicate", "circular")
            if re.search(rf"\b{b}|{STATED[b]}", text, re.IGNORECASE)
        ]
    )
    found = [AskedConvention(f, s, b) for f in flips for s in sizes or [""] for b in borders or ["zeros"]]
    if re.search(r"convol(ve|ution)", text, re.IGNORECASE):
        found += [turned for c in found if _is_of_signals(c) and not c.flip and (turned := replace(c, flip=True))]
    return [c for c in found if not c.is_plain]


# Words that leave no doubt.
OF_THE_IMAGE = (
    r"(size|shape) (of|as) the (input|image|picture)|(input|image|picture)'?s (own )?size|as large as the (input|image)"
)
BEHIND = r"(odd|extra|additional|remaining|last)[^.]*\b(bottom|right|behind|end|after)\b|tensorflow|keras|\btf\b"
# Words for kernels whose sides differ.
SIDES_DIFFER = (
    r"(not|n't) (necessarily |have to be |need to be |be )*(the same|square|equal)|non-?square|rectangular kernel"
)
CLEARLY = {
    "same": rf"\bsame\b|{OF_THE_IMAGE}",
    "full": r"\bfull\b",
}
DENIED = r"\b(no|not|never|without|unlike|instead of|rather than|doesn't|don't)\b[^.]*$"
FLIPPED = r"true convolution|mathematical convolution|flip(s|ped)? the kernel|kernel (is )?(flipped|turned|rotated)"

# A drawn border: `d c b | a b c d | c b a`, or its left half.
DRAWN = r"(?<!\w)((?:\w )*\w|\w+) ?\| ?((?:\w )+\w|\w+)(?: ?\| ?((?:\w )*\w(?!\w)|\w+))?"


def drawn_border(text: str) -> str:
    """Return the border that a text draws, such as `d c b | a b c d | c b a`; an empty text where it draws none."""
    for found in re.finditer(DRAWN, text):
        before, inside, after = (list((part or "").replace(" ", "")) for part in found.groups())
        size = len(inside)
        if len({*inside}) < size or (not after and len(before) < 2):
            continue
        places = [np.arange(-len(before), 0), np.arange(size, size + len(after))]
        for name in ("reflect", "symmetric", "replicate", "circular"):
            made = [[inside[n] for n in BORDERS[name][0](p, size)] for p in places]
            if made == [before, after]:
                return name
    return ""


def as_drawn(conventions: Sequence[AskedConvention], text: str) -> Sequence[AskedConvention]:
    """Return those of several conventions whose border is the one that the text draws; all where there is none."""
    border = drawn_border(text)
    return [c for c in conventions if c.border == border] or conventions


def named_library(text: str) -> AskedConvention | None:
    """Return the convention of the library's function that a text names, with the mode that it says; None without."""
    for pattern, short in LIBRARIES_CALLED:
        for found in re.finditer(pattern, text, re.IGNORECASE):
            name = short.format(**{k: (v or "").lower() for k, v in found.groupdict().items()})
            before = text[max(0, found.start() - 40) : found.start()]
            if name in CONVENTIONS and not re.search(DENIED, before, re.IGNORECASE):
                return CONVENTIONS[name]
    return None


_MODE = r"""[^)\n]*?(?:mode\s*=\s*)?['"`](?P<mode>same|full|valid|reflect|mirror|nearest|wrap|constant)['"`]"""
# How a library's function is written in a text, and the name of its convention here.
LIBRARIES_CALLED = (
    (rf"(?:scipy|signal)\S*(?P<name>convolve2d|correlate2d)\(?{_MODE}(?![^)]*boundary)", "scipy-{name}-{mode}"),
    (rf"ndimage\.(?P<name>convolve|correlate)\(?{_MODE}", "ndimage-{name}-{mode}"),
    (rf"(?:np|numpy)\.(?P<name>convolve|correlate)\(?{_MODE}", "numpy-{name}-{mode}"),
    (r"(?:tf\.|tensorflow|keras)[^.\n]*(?:\.\w+)*[^.\n]*\bsame\b", "tf-same"),
    (r"\bsame\b[^.\n]*\b(?:as|of|in|like) (?:tensorflow|tf|keras)\b", "tf-same"),
    (r"cv2?2?\.filter2D[^)\n]*BORDER_(?P<mode>REFLECT_101|REFLECT|REPLICATE|CONSTANT)", "opencv-{mode}"),
)


def admits_unequal_sides(text: str) -> bool:
    """Return whether a text says that a kernel's sides may differ."""
    return re.search(SIDES_DIFFER, text, re.IGNORECASE) is not None


def asked_domain(text: str) -> Domain:
    """Return the square kernels, odd ones maybe, that a text clearly asks for."""
    square = re.search(r"\bsquare (odd )?kernels?\b|\bodd,? square kernels?\b|\bkernels? (is|are) square\b", text, re.I)
    if not square or admits_unequal_sides(text):
        return Domain()
    return ODD_SQUARE if stated_domain(text) else SQUARE


def stated_domain(text: str) -> Domain:
    """Return the odd kernels where a text speaks of them, as far as a text says for which inputs a function is."""
    odd = r"\bodd\b(?! (line|row|column|zero|one|pad|number of (line|row|column|zero)))"
    return ODD if re.search(odd, text, re.IGNORECASE) else Domain()
