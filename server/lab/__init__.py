"""Measuring: `samphire bench` for speed, `samphire eval` for masks."""
