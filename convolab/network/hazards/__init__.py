"""Pictures of digits with the troubles of real ones, drawn by a program, and how well a network reads them."""
