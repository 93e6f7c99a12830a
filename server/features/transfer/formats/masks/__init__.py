"""Masks as images: one for each object, or all of an image in one."""
