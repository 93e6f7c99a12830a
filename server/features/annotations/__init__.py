"""Annotations: what people accepted."""
