"""The lab: the exercises as notebooks in a browser, where a function is written, saved at every key, and judged."""
