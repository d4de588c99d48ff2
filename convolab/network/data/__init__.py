"""Which images is a network trained with? A data set, by name or by folder, is always the same four arrays."""
