"""Which images of a training set are alike, as frames of a video or one picture in two sizes are.

Alike ones belong on one side of a split: an image that was all but trained on would judge in its own case.
"""

from collections.abc import Sequence

import numpy as np

from ..domain.embedding_codec import Embedding

ALIKE = 0.995  # cosine: three photographs at half size or shifted by 3 %: .9986 to .9998; to each other: .897 to .980
_LARGEST = 0.125  # of a group, in parts of all images: else a still camera's would all be one
_PAIR = 2


def sketch(embedding: Embedding) -> np.ndarray:
    """(channels,) float32 of length 1: the mean of its tokens."""
    mean = next(iter(embedding.tensors.values())).mean(0)
    return mean / max(float(np.linalg.norm(mean)), 1e-12)


def groups(sketches: Sequence[np.ndarray]) -> list[int]:
    """The number of each one's group. The most alike are joined first, as long as a group stays small."""
    count = len(sketches)
    group, members = list(range(count)), {number: [number] for number in range(count)}
    if not count:
        return group
    largest = max(_PAIR, int(_LARGEST * count))
    cosines = np.triu(np.stack(sketches) @ np.stack(sketches).T, 1)
    first, second = np.nonzero(cosines >= ALIKE)
    for at in np.lexsort((second, first, -cosines[first, second])):
        one, other = group[first[at]], group[second[at]]
        if one != other and len(members[one]) + len(members[other]) <= largest:
            moved = members.pop(max(one, other))
            members[min(one, other)] += moved
            for each in moved:
                group[each] = min(one, other)
    return group
