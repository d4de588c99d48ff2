"""The layers of a network, its file, its summary, and the folder of the run that trained it."""
