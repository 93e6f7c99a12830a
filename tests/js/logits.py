"""Logits that both languages make."""

import numpy as np


def waves(height: int, width: int) -> np.ndarray:
    """Logits (height, width) that JavaScript makes too: made of integers, so that no sine is asked."""
    row, column = np.indices((height, width))
    noise = (row * 7919 + column * 104729) % 211
    hills = np.abs(row % 48 - 24) + np.abs(column % 64 - 32)
    return ((hills - 28) / 4 + noise / 97 + 0.001).astype(np.float32)
