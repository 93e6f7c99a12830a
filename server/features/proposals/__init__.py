"""Masks that a segmenter proposes all over an image, for people to take or drop."""
