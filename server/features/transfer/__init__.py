"""Datasets in and out: formats of other programs, imports, exports."""
