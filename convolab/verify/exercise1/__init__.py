"""The sheet's first exercise: a network's layers and its training, judged by what is seen while it runs."""
