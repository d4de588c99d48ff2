import numpy as np


def forward(batch, filters, stride=1, padding=0):
    _, in_ch, h, w = batch.shape
    out_ch, _, kh, kw = filters.shape
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    acc = np.zeros((out_ch, oh, ow))
    outputs = []
    for image in batch:
        padded = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
        for i in range(oh):
            for j in range(ow):
                patch = padded[:, i * stride:i * stride + kh, j * stride:j * stride + kw]
                acc[:, i, j] += np.tensordot(filters, patch, 3)
        outputs.append(acc.copy())
    return np.array(outputs)
