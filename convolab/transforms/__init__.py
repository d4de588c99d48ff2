"""Large windows by Fourier transforms of tiles: overlap-save, when it pays by a model of costs, and how right it is.

`cost.py` chooses tiles and says what they cost, `tiles.py` correlates by them, and `bounds.py` says how far off the
sums may be, and when sums of integers are exact. The transforms are SciPy's (the extra `science`): where it is not
installed, sums are taken directly.

Source: T. G. Stockham, High-speed convolution and correlation, AFIPS Spring Joint Computer Conference 28, 1966.
"""
