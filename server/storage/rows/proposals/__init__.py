"""Rows of masks that are proposed."""
