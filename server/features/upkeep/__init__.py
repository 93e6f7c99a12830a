"""The data folder: cleaned, measured, and recovered."""
