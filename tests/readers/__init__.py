"""Exports as other programs read them."""
