"""What runs inside the contained process: NumPy and the standard library, nothing of convolab's sums.

The files here are loaded by path in a process of their own (`main.py`), so they import only each other.
"""
