"""What is a network? Its layers, its file, its summary, and the folder of the run that trained it."""
