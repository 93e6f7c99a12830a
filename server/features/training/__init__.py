"""Segmenters trained on a project's own objects, by jobs."""
