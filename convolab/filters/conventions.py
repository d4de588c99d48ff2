"""How do other libraries define the same filter? The table has the call, and the factor to our answer.

`ours == factor * theirs` away from the border. Every line is run by the tests, and the page docs/edges.md is written
from this table. In a call `f` is the image as float64 (H, W), `k` our kernel; IMPORTS names the libraries.
"""

from dataclasses import dataclass
from fractions import Fraction

from convolab.filters.kernels import make_filter
from convolab.filters.table import FILTERS

IMPORTS = {
    "torch": ("torch", "torch"),
    "scipy.ndimage": ("ndimage", "scipy.ndimage"),
    "scipy.signal": ("signal", "scipy.signal"),
    "OpenCV": ("cv2", "cv2"),
    "scikit-image": ("filters", "skimage.filters"),
}


@dataclass(frozen=True)
class Convention:
    """One component of a filter of ours beside another library's call; `why` explains a factor other than 1."""

    filter: str
    component: str
    library: str
    call: str
    factor: float
    why: str = ""

    @property
    def factor_text(self) -> str:
        whole = Fraction(self.factor).limit_denominator(64)
        return str(whole) if abs(float(whole) - self.factor) < 1e-12 else f"{self.factor:.6g}"


_TORCH = "torch.conv2d(torch.from_numpy(f)[None, None], torch.from_numpy(k)[None, None])[0, 0].numpy()"
_CORRELATE = "signal.correlate2d(f, k, 'valid')"
_CONVOLVE = "signal.convolve2d(f, k, 'valid')"
_FLIPS = "it flips the kernel, and flipping this one changes its sign"
_SKIMAGE = "scikit-image divides by the sum of the smoothing weights"


def _rows() -> tuple[Convention, ...]:
    """Return a row for every library that is given our kernel, and those of the libraries' own filters."""
    rows = []
    for name in FILTERS:
        for component, kernel in make_filter(name).kernels:
            rows += [
                Convention(name, component, "torch", _TORCH, 1),
                Convention(name, component, "scipy.signal", _CORRELATE, 1),
            ]
            if (kernel.array[::-1, ::-1] == -kernel.array).all():
                rows.append(Convention(name, component, "scipy.signal", _CONVOLVE, -1, _FLIPS))
    return (*rows, *_GRADIENTS, *_OTHERS)


_GRADIENTS = (
    Convention("sobel", "x", "scipy.ndimage", "ndimage.sobel(f, axis=1)", 1),
    Convention("sobel", "y", "scipy.ndimage", "ndimage.sobel(f, axis=0)", 1),
    Convention("sobel", "magnitude", "scipy.ndimage", "ndimage.generic_gradient_magnitude(f, ndimage.sobel)", 1),
    Convention("sobel", "x", "OpenCV", "cv2.Sobel(f, cv2.CV_64F, 1, 0)", 1),
    Convention("sobel", "y", "OpenCV", "cv2.Sobel(f, cv2.CV_64F, 0, 1)", 1),
    Convention("sobel", "x", "scikit-image", "filters.sobel_v(f)", 4, _SKIMAGE),
    Convention("sobel", "y", "scikit-image", "filters.sobel_h(f)", 4, _SKIMAGE),
    Convention(
        "sobel", "magnitude", "scikit-image", "filters.sobel(f)", 4 * 2**0.5, _SKIMAGE + " and the magnitude by √2"
    ),
    Convention("scharr", "x", "OpenCV", "cv2.Scharr(f, cv2.CV_64F, 1, 0)", 1),
    Convention("scharr", "y", "OpenCV", "cv2.Scharr(f, cv2.CV_64F, 0, 1)", 1),
    Convention("scharr", "x", "scikit-image", "filters.scharr_v(f)", 16, _SKIMAGE),
    Convention("scharr", "y", "scikit-image", "filters.scharr_h(f)", 16, _SKIMAGE),
    Convention("prewitt", "x", "scipy.ndimage", "ndimage.prewitt(f, axis=1)", 1),
    Convention("prewitt", "y", "scipy.ndimage", "ndimage.prewitt(f, axis=0)", 1),
    Convention("prewitt", "x", "scikit-image", "filters.prewitt_v(f)", 3, _SKIMAGE),
    Convention("prewitt", "y", "scikit-image", "filters.prewitt_h(f)", 3, _SKIMAGE),
    Convention("roberts", "x", "scikit-image", "filters.roberts_pos_diag(f)", 1),
    Convention("roberts", "y", "scikit-image", "filters.roberts_neg_diag(f)", 1),
    Convention("farid", "x", "scikit-image", "filters.farid_v(f)", 1),
    Convention("farid", "y", "scikit-image", "filters.farid_h(f)", 1),
)

_OTHERS = (
    Convention("laplacian", "response", "scipy.ndimage", "ndimage.laplace(f)", 1),
    Convention("laplacian", "response", "OpenCV", "cv2.Laplacian(f, cv2.CV_64F)", 1),
    Convention("laplacian", "response", "scikit-image", "filters.laplace(f)", -1, "scikit-image negates it"),
    Convention(
        "laplacian-of-gaussian", "response", "scipy.ndimage",
        "ndimage.gaussian_laplace(f, 1.0) - ndimage.gaussian_laplace(1 + 0 * f, 1.0) * ndimage.gaussian_filter(f, 1.0)",
        1, "its sampled weights do not sum to zero, ours do: what it answers to a constant is taken off",
    ),
    Convention("gaussian", "response", "scipy.ndimage", "ndimage.gaussian_filter(f, 1.0)", 1),
    Convention("gaussian", "response", "OpenCV", "cv2.GaussianBlur(f, (9, 9), 1.0)", 1),
    Convention("gaussian", "response", "scikit-image", "filters.gaussian(f, 1.0)", 1),
    Convention(
        "gabor", "response", "OpenCV",
        "cv2.filter2D(f, cv2.CV_64F, cv2.getGaborKernel((13, 13), 2.0, 0.0, 4.0, 1.0, 0.0))", 1,
    ),
    Convention("box", "response", "scipy.ndimage", "ndimage.uniform_filter(f, 3)", 1),
    Convention("box", "response", "OpenCV", "cv2.blur(f, (3, 3))", 1),
)  # fmt: skip

CONVENTIONS = _rows()


def page() -> str:
    """Return the table in Markdown."""
    head = "| filter | component | library | call | ours = factor · theirs | why |\n" + "| --- " * 6 + "|\n"
    lines = (
        f"| {c.filter} | {c.component} | {c.library} | `{short(c.call)}` | {c.factor_text} | {c.why} |"
        for c in sorted(CONVENTIONS, key=lambda c: (order(c.filter), c.component, list(IMPORTS).index(c.library)))
    )
    return head + "\n".join(lines)


def short(call: str) -> str:
    return "torch.conv2d(f, k)" if call == _TORCH else call


def order(name: str) -> int:
    return list(FILTERS).index(name)
