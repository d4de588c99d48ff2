"""Hand-ins as the tests write them: a file of a few lines, on top of sums that are right."""

import convolab as cl

CORE = """
import numpy as np

def correlated(x, w, stride=(1, 1), pad=(0, 0)):
    x = np.pad(x, ((0, 0), (0, 0), (pad[0], pad[0]), (pad[1], pad[1])))
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], (2, 3))[:, :, ::stride[0], ::stride[1]]
    return np.einsum("ncyxhw,fchw->nfyx", windows, w)

def back(dout, x, w, stride=(1, 1), pad=(0, 0)):
    x = np.pad(x, ((0, 0), (0, 0), (pad[0], pad[0]), (pad[1], pad[1])))
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, columns = (slice(k * s, k * s + n) for k, s, n in zip((i, j), stride, w.shape[2:]))
            dx[:, :, rows, columns] += np.einsum("nf,fchw->nchw", dout[:, :, i, j], w)
            dw += np.einsum("nf,nchw->fchw", dout[:, :, i, j], x[:, :, rows, columns])
    dx = dx[:, :, pad[0]:dx.shape[2] - pad[0], pad[1]:dx.shape[3] - pad[1]]
    return dx, dw, dout.sum((0, 2, 3))
"""


def judged(tmp_path, source, judged_as=None, **settings):
    path = tmp_path / "handin.py"
    path.write_text(CORE + source)
    return cl.check(path, judged_as=judged_as, timeout=60.0, **settings)


def verdict(tmp_path, source, name="run", target="conv2d", **settings):
    (result,) = judged(tmp_path, source, {name: target}, **settings).functions
    return result


def codes(report):
    return {f.name: f.diagnosis.code if f.diagnosis else f.status for f in report.functions}
