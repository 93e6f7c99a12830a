"""Masks for prompts, computed here."""
