"""How bright is a colour? The luma of ITU-R BT.601, as in JPEG files, Pillow and OpenCV: one home for its weights."""

# Of red, green and blue; they sum to 1.
LUMA = (0.299, 0.587, 0.114)
# The same in 1/65536, as Pillow has them.
LUMA_INTEGERS = (19595, 38470, 7471)
