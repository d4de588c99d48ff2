"""From a recipe to weights: batches, augmentation, optimisers, processes, and the loop around them."""
