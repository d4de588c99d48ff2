"""Weights chosen by hand: Sobel and its relatives, edges in one fused pass, images larger than memory."""
