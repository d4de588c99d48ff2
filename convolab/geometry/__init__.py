"""The relation between inputs, weights and outputs, and everything that can be read off it: sizes, ranges, taps."""

from convolab.geometry.arguments import KERNEL_LETTERS, SPATIAL_LETTERS, check_shape, layout
from convolab.geometry.operation import AXIS_SIZES, INDEX_LETTERS, OPERATIONS, Operation, array_shapes
from convolab.geometry.relation import PADDING_MODES, Axis, output_size, transposed_size
from convolab.geometry.shapes import Geometry, convolution_geometry, is_traced, transposed_geometry

__all__ = [
    "AXIS_SIZES",
    "INDEX_LETTERS",
    "KERNEL_LETTERS",
    "OPERATIONS",
    "PADDING_MODES",
    "SPATIAL_LETTERS",
    "Axis",
    "Geometry",
    "Operation",
    "array_shapes",
    "check_shape",
    "convolution_geometry",
    "is_traced",
    "layout",
    "output_size",
    "transposed_geometry",
    "transposed_size",
]
