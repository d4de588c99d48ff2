"""Figures and widgets: drawn from the tested taps, so that a picture cannot say what the code does not."""
