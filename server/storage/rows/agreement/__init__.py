"""Rows of how alike people segment, and of common objects made of theirs."""
