import jax.numpy as jnp
from jax import lax


def conv2d(x, w, b, stride=1, padding=0, dilation=1):
    y = lax.conv_general_dilated(
        jnp.asarray(x), jnp.asarray(w), (stride, stride), [(padding, padding)] * 2,
        rhs_dilation=(dilation, dilation), dimension_numbers=("NCHW", "OIHW", "NCHW"))
    return y + jnp.reshape(b, (1, -1, 1, 1))
