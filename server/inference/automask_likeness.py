"""How alike coarse masks are: one against many, which is asked for each mask that is decoded."""

import numpy as np

_WORD = 16  # bits
_ONES = np.array([word.bit_count() for word in range(1 << _WORD)], np.uint8)


class CoarseMasks:
    """Some masks, packed: compared so in a tenth of the time."""

    def __init__(self, masks: np.ndarray) -> None:
        """bool (n, P)."""
        self._words = _packed(masks)
        self._areas = np.count_nonzero(masks, axis=1)

    def ious(self, mask: np.ndarray, which: list[int] | None = None) -> np.ndarray:
        """With bool (P,): of all (n,), or of these; 0 where both are empty."""
        words, areas = (
            (self._words, self._areas) if which is None else (self._words[which], self._areas[which])
        )
        shared = _ONES[words & _packed(mask)].sum(axis=1, dtype=np.int64)
        return shared / np.maximum(areas + np.count_nonzero(mask) - shared, 1)


def _packed(masks: np.ndarray) -> np.ndarray:
    """bool (.., P) -> uint16 (.., words)."""
    missing = -masks.shape[-1] % _WORD
    padded = np.pad(masks, [(0, 0)] * (masks.ndim - 1) + [(0, missing)])
    return np.packbits(padded, axis=-1).view(np.uint16)
