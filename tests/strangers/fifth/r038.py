import numpy as np

DEFAULTS = {"stride": 1, "pad": 0, "bias": None}


def convolve_chw(image, filters, options=None):
    opt = dict(DEFAULTS, **(options or {}))
    p, s = opt["pad"], opt["stride"]
    image = np.pad(image, ((0, 0), (p, p), (p, p)))
    view = np.lib.stride_tricks.sliding_window_view(image, filters.shape[1:])[0, ::s, ::s]
    maps = np.tensordot(filters, view, axes=([1, 2, 3], [2, 3, 4]))
    if opt["bias"] is not None:
        maps = maps + np.reshape(opt["bias"], (-1, 1, 1))
    return maps, maps.shape
