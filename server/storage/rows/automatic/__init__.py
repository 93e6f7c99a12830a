"""Rows of what jobs make on images without a person: masks, and of which run they are."""
