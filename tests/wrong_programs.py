"""Mistaken convolutions, each as a learner may write it, with the code that the fit gives it.

FORWARD, GROUPED take (x, w, stride, padding, dilation, groups); INPUT_GRADIENT (g, w, input_size, stride, padding,
dilation); WEIGHT_GRADIENT (x, g, weight_size, stride, padding, dilation); PLANES (image, kernel).
"""

import numpy as np


def windows(x, kh, kw, s=1, d=1):
    H, W = x.shape[-2:]
    oh, ow = (H - d * (kh - 1) - 1) // s + 1, (W - d * (kw - 1) - 1) // s + 1
    out = np.empty((*x.shape[:-2], kh, kw, oh, ow))
    for a in range(kh):
        for b in range(kw):
            out[..., a, b, :, :] = x[..., a * d : a * d + (oh - 1) * s + 1 : s, b * d : b * d + (ow - 1) * s + 1 : s]
    return out


def padded(x, p, **k):
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + [(p, p), (p, p)], **k)


def corr(x, w):
    return np.einsum("abij,ab->ij", windows(x, *w.shape), w)


def conv(x, w, stride=1, padding=0, dilation=1, groups=1, mode="constant"):
    x = padded(x, padding, mode=mode)
    n, per = w.shape[0] // groups, w.shape[1]
    return np.concatenate(
        [
            np.einsum(
                "ncabij,fcab->nfij",
                windows(x[:, g * per : (g + 1) * per], *w.shape[2:], stride, dilation),
                w[g * n : (g + 1) * n],
            )
            for g in range(groups)
        ],
        1,
    )


def dx(g, w, size, stride=1, padding=0, dilation=1):
    N, C, H, W = size
    out = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for a in range(w.shape[2]):
        for b in range(w.shape[3]):
            out[
                :,
                :,
                a * dilation : a * dilation + (g.shape[2] - 1) * stride + 1 : stride,
                b * dilation : b * dilation + (g.shape[3] - 1) * stride + 1 : stride,
            ] += np.einsum("nfij,fc->ncij", g, w[:, :, a, b])
    return out[:, :, padding : padding + H, padding : padding + W]


def dw(x, g, size, stride=1, padding=0, dilation=1):
    x = padded(x, padding)
    out = np.zeros(size)
    for a in range(size[2]):
        for b in range(size[3]):
            p = x[
                :,
                :,
                a * dilation : a * dilation + (g.shape[2] - 1) * stride + 1 : stride,
                b * dilation : b * dilation + (g.shape[3] - 1) * stride + 1 : stride,
            ]
            out[:, :, a, b] = np.einsum("ncij,nfij->fc", p, g)
    return out


# planes: (image, kernel)
def put(shape, r, top=0, left=0):
    out = np.zeros(shape)
    out[top : top + r.shape[0], left : left + r.shape[1]] = r[: shape[0] - top, : shape[1] - left]
    return out


PLANES = {}


def plane(code):
    def add(f):
        PLANES[f.__name__] = (f, code)
        return f

    return add


@plane("aliased-lines")
def rows_that_are_one_list(x, k):
    r = corr(x, k)
    return np.repeat(r.sum(0, keepdims=True), len(r), 0)


@plane("dilation-changed")
def kernel_rows_on_one_line(x, k):
    r = corr(x, k)
    return corr(x, k.sum(0, keepdims=True))[: len(r)]


@plane("off-by-one")
def low_rows(x, k):
    r = corr(x, k)
    return put(r.shape, r, 1)


@plane("off-by-one")
def low_columns(x, k):
    r = corr(x, k)
    return put(r.shape, r, 0, 1)


@plane("off-by-one")
def low_both(x, k):
    r = corr(x, k)
    return put(r.shape, r, 1, 1)


@plane("off-by-one")
def high_rows(x, k):
    r = corr(x, k)
    o = np.zeros_like(r)
    o[:-1] = r[1:]
    return o


@plane("missing-border")
def border_half_left_zero(x, k):
    r = corr(x, k)
    r[:, : k.shape[1] // 2] = 0
    return r


@plane("missing-border")
def border_k1_left(x, k):
    r = corr(x, k)
    r[:, : k.shape[1] - 1] = 0
    return r


@plane("missing-border")
def border_k1_top(x, k):
    r = corr(x, k)
    r[: k.shape[0] - 1] = 0
    return r


@plane("missing-border")
def border_k1_both(x, k):
    r = corr(x, k)
    r[: k.shape[0] - 1] = 0
    r[:, : k.shape[1] - 1] = 0
    return r


@plane("missing-border")
def frame_zero(x, k):
    r = corr(x, k)
    o = np.zeros_like(r)
    o[1:-1, 1:-1] = r[1:-1, 1:-1]
    return o


@plane("missing-border")
def last_lines_missing(x, k):
    r = corr(x, k)
    r[-1:] = 0
    r[:, -1:] = 0
    return r


@plane("clamped-window")
def clamped(x, k):
    h, w = k.shape
    o = np.zeros((x.shape[0] - h + 2, x.shape[1] - w + 2))
    for i in range(o.shape[0]):
        for j in range(o.shape[1]):
            a, b = min(i, x.shape[0] - h), min(j, x.shape[1] - w)
            o[i, j] = (x[a : a + h, b : b + w] * k).sum()
    return o


@plane("output-size")
def same_keep_all(x, k):
    return corr(np.pad(x, [(n // 2, n // 2) for n in k.shape]), k)


@plane("output-size")
def full(x, k):
    return corr(np.pad(x, [(n - 1, n - 1) for n in k.shape]), k)


@plane("output-size")
def same(x, k):
    return corr(np.pad(x, [((n - 1) // 2, n // 2) for n in k.shape]), k)


@plane("output-size")
def middle(x, k):
    return put(x.shape, corr(x, k), k.shape[0] // 2, k.shape[1] // 2)


@plane("output-size")
def corner(x, k):
    return put(x.shape, corr(x, k))


@plane("output-size")
def one_less(x, k):
    return corr(x, k)[:-1, :-1]


@plane("other-convention")
def symmetric_same(x, k):
    return corr(np.pad(x, [(n // 2, (n - 1) // 2) for n in k.shape], mode="symmetric"), k)


@plane("negative-index+flipped-kernel")
def negative(x, k):
    h, w = k.shape
    o = np.zeros(corr(x, k).shape)
    for i in range(o.shape[0]):
        for j in range(o.shape[1]):
            for a in range(h):
                for b in range(w):
                    o[i, j] += x[i - a, j - b] * k[a, b]
    return o


@plane("flipped-kernel")
def rot180(x, k):
    return corr(x, k[::-1, ::-1])


@plane("rotated-kernel")
def rot90(x, k):
    return corr(x, np.rot90(k))


@plane("rotated-kernel")
def rot270(x, k):
    return corr(x, np.rot90(k, 3))


@plane("flipped-rows")
def upside(x, k):
    return corr(x, k[::-1])


@plane("flipped-columns")
def mirrored(x, k):
    return corr(x, k[:, ::-1])


@plane("transposed-kernel")
def transposed(x, k):
    return corr(x, k.T)


@plane("transposed-output")
def out_T(x, k):
    return corr(x, k).T


@plane("transposed-input")
def in_T(x, k):
    return corr(x.T, k)


@plane("layout")
def reshaped_out(x, k):
    r = corr(x, k)
    return r.T.reshape(r.shape)


@plane("layout")
def reshaped_kernel(x, k):
    return corr(x, k.T.reshape(k.shape))


@plane("layout")
def reshaped_kernel_F(x, k):
    return corr(x, k.ravel().reshape(k.shape, order="F"))


@plane("transposed-output")
def out_ij_square(x, k):
    r = corr(x, k)
    o = np.zeros_like(r)
    for i in range(r.shape[0]):
        for j in range(r.shape[1]):
            o[j, i] = r[i, j]
    return o


@plane("transposed-kernel")
def k_ba(x, k):
    r = corr(x, k) * 0
    for i in range(r.shape[0]):
        for j in range(r.shape[1]):
            for a in range(k.shape[0]):
                for b in range(k.shape[1]):
                    r[i, j] += x[i + a, j + b] * k[b, a]
    return r


def loops(x, k, A, B):
    r = corr(x, k) * 0
    for i in range(r.shape[0]):
        for j in range(r.shape[1]):
            for a in A(k):
                for b in B(k):
                    r[i, j] += x[i + a, j + b] * k[a, b]
    return r


@plane("")
def kernel_loops_exchanged(x, k):
    return loops(x, k, lambda k: range(k.shape[1]), lambda k: range(k.shape[0]))


@plane("width-for-height+height-for-width")
def kernel_loops_guarded(x, k):
    return loops(x, k, lambda k: range(min(k.shape)), lambda k: range(min(k.shape)))


@plane("height-for-width")
def kh_for_kw(x, k):
    return loops(x, k, lambda k: range(k.shape[0]), lambda k: range(k.shape[0]))


@plane("last-tap-dropped")
def last_dropped(x, k):
    return loops(x, k, lambda k: range(k.shape[0] - 1), lambda k: range(k.shape[1] - 1))


@plane("first-tap-dropped")
def first_dropped(x, k):
    return loops(x, k, lambda k: range(1, k.shape[0]), lambda k: range(k.shape[1]))


@plane("overwrites")
def overwrites(x, k):
    corr(x, k)
    h, w = k.shape
    return x[h - 1 :, w - 1 :] * k[-1, -1]


@plane("overwrites")
def overwrites_row(x, k):
    return corr(x[k.shape[0] - 1 :], k[-1:])


@plane("overwrites")
def only_first(x, k):
    r = corr(x, k)
    return x[: r.shape[0], : r.shape[1]] * k[0, 0]


@plane("accumulator-not-reset")
def run_row(x, k):
    return np.cumsum(corr(x, k), 1)


@plane("accumulator-not-reset")
def run_all(x, k):
    r = corr(x, k)
    return np.cumsum(r).reshape(r.shape)


@plane("mean-for-sum")
def mean(x, k):
    return corr(x, k) / k.size


@plane("sign")
def minus(x, k):
    return -corr(x, k)


@plane("scaled")
def twice(x, k):
    return 2 * corr(x, k)


@plane("output-size+padding-mode")
def constant_same(x, k):
    return corr(np.pad(x, [((n - 1) // 2, n // 2) for n in k.shape], constant_values=2.0), k)


@plane("output-size+factors-exchanged")
def factors_exchanged_full(x, k):
    return corr(np.pad(k, [(n - 1, n - 1) for n in x.shape]), x)


@plane("off-by-one")
def rolled(x, k):
    return np.roll(corr(x, k), 1, 0)


@plane("off-by-one")
def rolled_back(x, k):
    return np.roll(corr(x, k), -1, (0, 1))


@plane("off-by-one+flipped-rows")
def two(x, k):
    r = corr(x, k[::-1])
    return put(r.shape, r, 1)


@plane("unrecognised")
def many(x, k):
    r = -corr(x, k[::-1].T) / k.size
    return put(r.shape, r, 1).T


FORWARD = {}


def batch(code):
    def add(f):
        FORWARD[f.__name__] = (f, code)
        return f

    return add


@batch("")
def b_asked(x, w, s, p, d, g):
    return conv(x, w, s, p, d, g)


@batch("stride-ignored")
def b_stride(x, w, s, p, d, g):
    return conv(x, w, 1, p, d, g)


@batch("stride-ignored")
def b_stride_size(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    return conv(x, w, 1, p, d, g)[:, :, : r.shape[2], : r.shape[3]]


@batch("stride-one-axis")
def b_stride_rows(x, w, s, p, d, g):
    return conv(x, w, 1, p, d, g)[:, :, ::s]


@batch("stride-twice")
def b_twice(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    o = np.zeros_like(r)
    for i in range(0, r.shape[2], s):
        for j in range(0, r.shape[3], s):
            o[:, :, i, j] = r[:, :, i, j]
    return o


@batch("stride-twice")
def b_twice_first(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    o = np.zeros_like(r)
    a, b = -(-r.shape[2] // s), -(-r.shape[3] // s)
    o[:, :, :a, :b] = r[:, :, :a, :b]
    return o


@batch("options-exchanged")
def b_sd(x, w, s, p, d, g):
    return conv(x, w, d, p, s, g)


@batch("options-exchanged")
def b_sp(x, w, s, p, d, g):
    if p == 0:
        raise ValueError("step")
    return conv(x, w, p, s, d, g)


@batch("dilation-ignored")
def b_dil(x, w, s, p, d, g):
    return conv(x, w, s, p, 1, g)


@batch("dilation-ignored")
def b_dil_strided(x, w, s, p, d, g):
    return conv(x, w, s, p, 1 if s > 1 else d, g)


@batch("dilation-one-axis")
def b_dil_rows(x, w, s, p, d, g):
    wide = np.zeros((*w.shape[:2], (w.shape[2] - 1) * d + 1, w.shape[3]))
    wide[:, :, ::d] = w
    return conv(x, wide, s, p, 1, g)


@batch("padding-ignored")
def b_pad(x, w, s, p, d, g):
    return conv(x, w, s, 0, d, g)


@batch("padding-ignored")
def b_pad_zero_border(x, w, s, p, d, g):
    full, r = conv(x, w, s, p, d, g), conv(x, w, s, 0, d, g)
    o = np.zeros_like(full)
    o[:, :, : r.shape[2], : r.shape[3]] = r
    return o


@batch("padding-changed")
def b_pad1(x, w, s, p, d, g):
    return conv(x, w, s, 1, d, g)


@batch("padding-changed")
def b_pad2(x, w, s, p, d, g):
    return conv(x, w, s, 2 * p, d, g)


@batch("padding-changed")
def b_padhalf(x, w, s, p, d, g):
    return conv(x, w, s, p // 2, d, g)


@batch("padding-one-side")
def b_front(x, w, s, p, d, g):
    return conv(np.pad(x, [(0, 0), (0, 0), (p, 0), (p, 0)]), w, s, 0, d, g)


@batch("padding-one-side")
def b_end(x, w, s, p, d, g):
    return conv(np.pad(x, [(0, 0), (0, 0), (0, p), (0, p)]), w, s, 0, d, g)


@batch("padding-one-axis")
def b_rows(x, w, s, p, d, g):
    return conv(np.pad(x, [(0, 0), (0, 0), (p, p), (0, 0)]), w, s, 0, d, g)


@batch("padding-mode")
def b_constant(x, w, s, p, d, g):
    return conv(padded(x, p, constant_values=5.0), w, s, 0, d, g)


@batch("padding-mode")
def b_edge(x, w, s, p, d, g):
    return conv(x, w, s, p, d, g, mode="edge")


@batch("output-size")
def b_same_keep(x, w, s, p, d, g):
    return conv(np.pad(x, [(0, 0), (0, 0)] + [(k // 2, k // 2) for k in w.shape[2:]]), w, s, 0, d, g)


@batch("output-size")
def b_tf(x, w, s, p, d, g):
    pads = []
    for n, k in zip(x.shape[2:], w.shape[2:], strict=False):
        t = max(0, (-(-n // s) - 1) * s + d * (k - 1) + 1 - n)
        pads.append((t // 2, t - t // 2))
    return conv(np.pad(x, [(0, 0), (0, 0), *pads]), w, s, 0, d, g)


@batch("output-size")
def b_ceil(x, w, s, p, d, g):
    xp = padded(x, p)
    o = [-(-(n - d * (k - 1) - 1) // s) + 1 for n, k in zip(xp.shape[2:], w.shape[2:], strict=False)]
    need = [(m - 1) * s + d * (k - 1) + 1 for m, k in zip(o, w.shape[2:], strict=False)]
    return conv(
        np.pad(xp, [(0, 0), (0, 0)] + [(0, max(0, a - b)) for a, b in zip(need, xp.shape[2:], strict=False)]),
        w,
        s,
        0,
        d,
        g,
    )[:, :, : o[0], : o[1]]


@batch("padding-everywhere")
def b_pad_all(x, w, s, p, d, g):
    xp = np.pad(x, p)
    return conv(xp[:, : w.shape[1] * g], w, s, 0, d, g)


@batch("padding-everywhere")
def b_pad_channels(x, w, s, p, d, g):
    return conv(np.pad(x, p)[: x.shape[0], : w.shape[1] * g], w, s, 0, d, g)


@batch("first-channel-only")
def b_ch0(x, w, s, p, d, g):
    return conv(x[:, :1], w[:, :1], s, p, d)


@batch("channel-mean")
def b_chmean(x, w, s, p, d, g):
    return conv(x, w, s, p, d, g) / w.shape[1]


@batch("layout")
def b_im2col(x, w, s, p, d, g):
    c = windows(padded(x, p), *w.shape[2:], s, d)  # n c a b i j
    cols = c.transpose(0, 2, 3, 1, 4, 5).reshape(len(x), -1, *c.shape[4:])
    return np.einsum("nkij,fk->nfij", cols, w.reshape(len(w), -1))


@batch("layout")
def b_im2col_back(x, w, s, p, d, g):
    c = windows(padded(x, p), *w.shape[2:], s, d)
    return np.einsum("nkij,fk->nfij", c.reshape(len(x), -1, *c.shape[4:]), w.transpose(0, 2, 3, 1).reshape(len(w), -1))


@batch("layout")
def b_reshape_out(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    return r.transpose(0, 2, 3, 1).reshape(r.shape)


@batch("batch-for-channel")
def b_reshape_out2(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    return r.transpose(1, 0, 2, 3).reshape(r.shape)


@batch("layout")
def b_nhwc_read(x, w, s, p, d, g):
    N, C, H, W = x.shape
    return conv(x.reshape(N, H, W, C).transpose(0, 3, 1, 2), w, s, p, d, g)


@batch("batch-zero-only")
def b_image0(x, w, s, p, d, g):
    return conv(x[:1], w, s, p, d, g)


@batch("batch-zero-only")
def b_image0_rep(x, w, s, p, d, g):
    return np.repeat(conv(x[:1], w, s, p, d, g), len(x), 0)


@batch("batch-summed")
def b_batch_sum(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    return np.broadcast_to(r.sum(0), r.shape)


@batch("batch-summed+batch-mean")
def b_batch_mean(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    return np.broadcast_to(r.mean(0), r.shape)


@batch("first-filter-only")
def b_filter0(x, w, s, p, d, g):
    return conv(x, np.broadcast_to(w[:1], w.shape), s, p, d, g)


@batch("filters-mixed")
def b_filters_sum(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    return np.broadcast_to(r.sum(1, keepdims=True), r.shape)


@batch("overwrites")
def b_last_channel(x, w, s, p, d, g):
    return conv(x[:, -1:], w[:, -1:], s, p, d)


@batch("accumulator-not-reset")
def b_run_row(x, w, s, p, d, g):
    return np.cumsum(conv(x, w, s, p, d, g), 3)


@batch("accumulator-not-reset")
def b_run_plane(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    return np.cumsum(r.reshape(*r.shape[:2], -1), -1).reshape(r.shape)


@batch("accumulator-not-reset")
def b_run_image(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    return np.cumsum(r.reshape(len(r), -1), -1).reshape(r.shape)


@batch("accumulator-not-reset")
def b_run_all(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g)
    return np.cumsum(r).reshape(r.shape)


@batch("transposed-kernel")
def b_kT(x, w, s, p, d, g):
    return conv(x, w.swapaxes(2, 3), s, p, d, g)


@batch("transposed-kernel")
def b_kT_square(x, w, s, p, d, g):
    assert w.shape[2] == w.shape[3]
    return conv(x, w.swapaxes(2, 3), s, p, d, g)


@batch("stride-changed")
def b_window(x, w, s, p, d, g):
    return conv(x, w, s + 1, p, d, g)


@batch("output-size")
def b_s1size(x, w, s, p, d, g):
    r, o = conv(x, w, s, p, d, g), conv(x, w, 1, p, d, g) * 0
    o[:, :, : r.shape[2], : r.shape[3]] = r
    return o


@batch("negative-index")
def b_negative(x, w, s, p, d, g):
    r = conv(x, w, s, p, d, g) * 0
    for i in range(r.shape[2]):
        for j in range(r.shape[3]):
            for a in range(w.shape[2]):
                for b in range(w.shape[3]):
                    y, z = i * s + a * d - p, j * s + b * d - p
                    if y < x.shape[2] and z < x.shape[3]:
                        r[:, :, i, j] += x[:, :, y, z] @ w[:, :, a, b].T
    return r


GROUPED = {}


def grouped(code):
    def add(f):
        GROUPED[f.__name__] = (f, code)
        return f

    return add


def groupwise(x, w, s, p, d, g, which):
    n, per = len(w) // g, w.shape[1]
    return np.concatenate([conv(x[:, which(f, n, per, g)], w[f : f + 1], s, p, d) for f in range(len(w))], 1)


@grouped("groups-ignored")
def g_zero(x, w, s, p, d, g):
    return groupwise(x, w, s, p, d, g, lambda f, n, per, g: list(range(per)))


@grouped("groups-mixed")
def g_two(x, w, s, p, d, g):
    return groupwise(x, w, s, p, d, g, lambda f, n, per, g: [min(f // n, 1) * per + c for c in range(per)])


@grouped("groups-mixed")
def g_turn(x, w, s, p, d, g):
    return groupwise(x, w, s, p, d, g, lambda f, n, per, g: [(f % g) * per + c for c in range(per)])


@grouped("groups-mixed")
def g_inter(x, w, s, p, d, g):
    return groupwise(x, w, s, p, d, g, lambda f, n, per, g: [c * g + f // n for c in range(per)])


INPUT_GRADIENT = {}


def igrad(code):
    def add(f):
        INPUT_GRADIENT[f.__name__] = (f, code)
        return f

    return add


@igrad("")
def i_asked(g, w, size, s, p, d):
    return dx(g, w, size, s, p, d)


@igrad("flipped-kernel")
def i_flip(g, w, size, s, p, d):
    return dx(g, w[:, :, ::-1, ::-1], size, s, p, d)


@igrad("padding-ignored")
def i_pad(g, w, size, s, p, d):
    N, C, H, W = size
    return dx(g, w, (N, C, H + 2 * p, W + 2 * p), s, 0, d)[:, :, :H, :W]


@igrad("")
def i_pad_minus(g, w, size, s, p, d):
    N, C, H, W = size
    r = dx(g, w, (N, C, H + 2 * p, W + 2 * p), s, 0, d)
    return r[:, :, p:-p, p:-p]


@igrad("padding-changed")
def i_crop1(g, w, size, s, p, d):
    N, C, H, W = size
    r = dx(g, w, (N, C, H + 2 * p, W + 2 * p), s, 0, d)
    return r[:, :, 1:-1, 1:-1]


@igrad("stride-ignored")
def i_stride(g, w, size, s, p, d):
    return dx(g, w, size, 1, p, d)


@igrad("output-size")
def i_least(g, w, size, s, p, d):
    N, C, H, W = size
    H, W = ((o - 1) * s + d * (k - 1) + 1 - 2 * p for o, k in zip(g.shape[2:], w.shape[2:], strict=False))
    return dx(g, w, (N, C, H, W), s, p, d)


@igrad("batch-zero-only")
def i_image(g, w, size, s, p, d):
    r = dx(g, w, size, s, p, d)
    r[1:] = 0
    return r


@igrad("transposed-kernel")
def i_T(g, w, size, s, p, d):
    return dx(g, w.swapaxes(2, 3), size, s, p, d)


@igrad("batch-mean")
def i_mean(g, w, size, s, p, d):
    return dx(g, w, size, s, p, d) / len(g)


@igrad("overwrites")
def i_overwrites(g, w, size, s, p, d):
    N, C, H, W = size
    r = np.zeros((N, C, H + 2 * p, W + 2 * p))
    for i in range(g.shape[2]):
        for j in range(g.shape[3]):
            for a in range(w.shape[2]):
                for b in range(w.shape[3]):
                    r[:, :, i * s + a * d, j * s + b * d] = np.einsum("nf,fc->nc", g[:, :, i, j], w[:, :, a, b])
    return r[:, :, p : p + H, p : p + W]


@igrad("first-filter-only")
def i_f0(g, w, size, s, p, d):
    return dx(g[:, :1], w[:1], size, s, p, d)


@igrad("negative-index")
def i_neg(g, w, size, s, p, d):
    r = np.zeros(size)
    for i in range(g.shape[2]):
        for j in range(g.shape[3]):
            for a in range(w.shape[2]):
                for b in range(w.shape[3]):
                    y, z = i * s + a * d - p, j * s + b * d - p
                    if y < size[2] and z < size[3]:
                        r[:, :, y, z] += np.einsum("nf,fc->nc", g[:, :, i, j], w[:, :, a, b])
    return r


WEIGHT_GRADIENT = {}


def wgrad(code):
    def add(f):
        WEIGHT_GRADIENT[f.__name__] = (f, code)
        return f

    return add


@wgrad("")
def w_asked(x, g, size, s, p, d):
    return dw(x, g, size, s, p, d)


@wgrad("stride-ignored")
def w_stride(x, g, size, s, p, d):
    return dw(x, g, size, 1, p, d)


@wgrad("flipped-kernel")
def w_flip(x, g, size, s, p, d):
    return dw(x, g, size, s, p, d)[:, :, ::-1, ::-1]


@wgrad("padding-ignored")
def w_pad(x, g, size, s, p, d):
    return dw(np.pad(x, [(0, 0), (0, 0), (0, 2 * p), (0, 2 * p)]), g, size, s, 0, d)


@wgrad("output-size")
def w_large(x, g, size, s, p, d):
    k = [(n + 2 * p - (o - 1) * s - 1) // d + 1 for n, o in zip(x.shape[2:], g.shape[2:], strict=False)]
    return dw(x, g, (*size[:2], *k), s, p, d)


@wgrad("batch-not-summed")
def w_apart(x, g, size, s, p, d):
    return np.stack([dw(a[None], b[None], size, s, p, d) for a, b in zip(x, g, strict=False)])


@wgrad("batch-mean")
def w_mean(x, g, size, s, p, d):
    return dw(x, g, size, s, p, d) / len(x)


@wgrad("overwrites")
def w_last_image(x, g, size, s, p, d):
    return dw(x[-1:], g[-1:], size, s, p, d)


@wgrad("overwrites")
def w_last(x, g, size, s, p, d):
    xp = padded(x, p)
    r = np.zeros(size)
    for a in range(size[2]):
        for b in range(size[3]):
            r[:, :, a, b] = np.einsum(
                "nc,nf->fc", xp[:, :, a * d + (g.shape[2] - 1) * s, b * d + (g.shape[3] - 1) * s], g[:, :, -1, -1]
            )
    return r


@wgrad("first-channel-only")
def w_ch0(x, g, size, s, p, d):
    r = dw(x, g, size, s, p, d)
    r[:, 1:] = 0
    return r


@wgrad("accumulator-not-reset")
def w_run(x, g, size, s, p, d):
    r = dw(x, g, size, s, p, d)
    return np.cumsum(r).reshape(r.shape)


@wgrad("last-tap-dropped")
def w_lastout(x, g, size, s, p, d):
    return dw(x, g[:, :, :-1, :-1], size, s, p, d)


@wgrad("transposed-output")
def w_T(x, g, size, s, p, d):
    return dw(x, g, size, s, p, d).swapaxes(2, 3)


@wgrad("padding-mode")
def w_edge(x, g, size, s, p, d):
    return dw(padded(x, p, mode="edge"), g, size, s, 0, d)
