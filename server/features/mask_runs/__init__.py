"""Masks that jobs make on the images of a project: of boxes, or of everything there is."""
