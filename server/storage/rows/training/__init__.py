"""Rows of trainings, and of the objects that they learn from."""
