"""Weights chosen by data: data sets, models, recipes, training, checkpoints, evaluation and prediction.

The one room that needs torch, and each module loads it only where it computes.
"""
