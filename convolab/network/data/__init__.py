"""Which images a network is trained with: data sets by name or by folder, always as the same four arrays."""
