def multiply(p, q):
    """Coefficients of the product of two polynomials: the full convolution of p and q."""
    r = [0.0] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            r[i + j] += a * b
    return r
