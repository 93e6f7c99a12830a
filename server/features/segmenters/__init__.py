"""Segmenters: which are in use, and which can be pulled."""
