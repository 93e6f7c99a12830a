"""Masks for property tests: random ones and those that go wrong."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

ANY = arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12), elements=st.booleans())


def _holes_in_holes() -> np.ndarray:
    rings = [max(abs(y - 7), abs(x - 7)) for y in range(15) for x in range(15)]
    return (np.array(rings).reshape(15, 15) % 2) == 1


NAMED = {
    "full": np.ones((5, 7), bool),
    "empty": np.zeros((4, 3), bool),
    "one pixel": np.ones((1, 1), bool),
    "an island": np.pad(np.ones((1, 1), bool), 3),
    "falling diagonal": np.eye(6, dtype=bool),
    "rising diagonal": np.eye(6, dtype=bool)[::-1],
    "chessboard": np.indices((7, 8)).sum(axis=0) % 2 == 0,
    "holes in holes": _holes_in_holes(),
    "a hole that touches the corner of another": ~np.pad(np.eye(2, dtype=bool), 2),
    "full columns": np.arange(6)[None].repeat(5, axis=0) % 3 > 0,
    "a last pixel": np.arange(20).reshape(4, 5) == 19,
}
MASKS = st.one_of(ANY, st.sampled_from(list(NAMED.values())))
