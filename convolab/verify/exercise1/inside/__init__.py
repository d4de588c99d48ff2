"""What watches a hand-in train its network, inside the contained process: stand-ins for its data, and a log of events.

The files here import torch. They are loaded in a process of their own (`verify/inside/main.py`), before it is confined.
"""
