import numpy as np

def conv_tf(x, w, b, stride=1, padding=0):
    """TensorFlow layout: x NHWC, w HWIO."""
    kh, kw, cin, cout = w.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    oh = (x.shape[1] - kh) // stride + 1
    ow = (x.shape[2] - kw) // stride + 1
    flat_w = w.reshape(-1, cout)
    out = np.empty((x.shape[0], oh, ow, cout))
    for i in range(oh):
        for j in range(ow):
            patch = x[:, i * stride:i * stride + kh, j * stride:j * stride + kw, :]
            out[:, i, j, :] = patch.reshape(len(x), -1) @ flat_w + b
    return out
