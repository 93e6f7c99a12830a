"""Samphire: Segment Anything in the browser."""
