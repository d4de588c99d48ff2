#!/usr/bin/env bash
# Guess, written down first: a convolution of a uint8 image with a uint8 kernel is refused by JAX, as a floating kernel with
# such an image is, or its result is of a wider integer type, as that of jax.numpy.sum is.
# Seen: jax.lax.conv_general_dilated gives uint8, and its sums wrap around without a word: 50 · 50 is 196. jnp.sum of
# bytes is uint32. With preferred_element_type=int32 the convolution is right.
# Where it matters here: `convolab check` asks functions that read a picture for bytes with a kernel of bytes
# (convolab/verify/examine.py), and says so where their sums wrap.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet "jax==0.10.2" "jaxlib==0.10.2" "numpy==2.4.6"
"$folder/venv/bin/python" - <<'PYTHON'
import jax
import jax.numpy as jnp
from jax import lax

image = jnp.full((1, 1, 1, 1), 50, jnp.uint8)
plain = lax.conv_general_dilated(image, image, (1, 1), "VALID")
wide = lax.conv_general_dilated(image, image, (1, 1), "VALID", preferred_element_type=jnp.int32)
total = jnp.sum(jnp.full(9, 50, jnp.uint8))
print("jax", jax.__version__)
print("uint8 with uint8:", plain.dtype, int(plain[0, 0, 0, 0]))
print("the same with preferred_element_type=int32:", wide.dtype, int(wide[0, 0, 0, 0]))
print("jnp.sum of nine bytes of 50:", total.dtype, int(total))
try:
    lax.conv_general_dilated(image, image.astype(jnp.float32), (1, 1), "VALID")
    refused = False
except TypeError as error:
    refused = True
    print("uint8 with float32: TypeError")
assert refused and (str(plain.dtype), int(plain[0, 0, 0, 0])) == ("uint8", 196), "the behaviour has changed"
assert int(wide[0, 0, 0, 0]) == 2500 and int(total) == 450, "the behaviour has changed"
PYTHON
