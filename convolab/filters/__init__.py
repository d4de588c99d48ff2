"""Weights chosen by hand: Sobel and its relatives, edges in one fused pass, images larger than memory.

Why have filters a pass of their own, and not the engines of `convolab.engine`? A convolution there takes a batch of
channels and gives one array. An image of edges asks for four things that such a call cannot give at once:

- one pass over memory: colours become grey, two kernels are summed and their magnitude is taken while a pixel is in a
  register. As separate calls each step would read and write the whole image again, and a large image is as fast as its
  memory;
- strips: an image larger than memory goes through a few rows at a time, and every row has the bits that it has in
  memory;
- borders: only the frame is filtered from a padded copy, the middle as it lies;
- rounding: the order of the sums is written down (`plan.py`) and every operation is rounded by itself, so that Halide,
  NumPy, strips and blocks agree to the bit, and integers are summed in a type that holds every sum.

What a filter computes is still the cross-correlation of `cl.conv2d`, and the tests hold the two against each other.
"""
