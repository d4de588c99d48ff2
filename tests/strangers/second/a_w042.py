import numpy as np

def run_conv(imgs, weights, stride=1, padding=0):
    nb, nc, ih, iw = imgs.shape
    nf, _, fh, fw = weights.shape
    pic = np.pad(imgs, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")
    oh, ow = (ih + 2 * padding - fh) // stride + 1, (iw + 2 * padding - fw) // stride + 1
    feature_maps = np.zeros((nb, nf, oh, ow))
    for b in range(nb):
        for f in range(nf):
            for ch in range(nc):
                for r in range(oh):
                    for c in range(ow):
                        acc = 0.0
                        for dr in range(fh):
                            for dc in range(fw):
                                acc += pic[b, ch, r * stride + dr, c * stride + dc] * weights[f, ch, dr, dc]
                        feature_maps[b, f, r, c] = acc
    return feature_maps
