"""How does a recipe become weights? By batches, augmentation, an optimiser, processes, and the loop around them."""
