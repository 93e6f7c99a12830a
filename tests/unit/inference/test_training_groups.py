"""Which images of a training set count as alike."""

import numpy as np

from server.domain.embedding_codec import Embedding
from server.inference.training_groups import groups, sketch


def vectors(*angles):
    return [np.array([np.cos(angle), np.sin(angle)], np.float32) for angle in angles]


def test_alike_ones_are_one_group_and_others_are_alone():
    found = groups(vectors(*(n * 0.7 for n in range(8)), 0.01, 0.71))
    assert found == [0, 1, 2, 3, 4, 5, 6, 7, 0, 1]


def test_a_group_stays_small_and_the_most_alike_are_in_it():
    found = groups(vectors(0, 0.02, 0.021, 0.05, 0.051, 0.08, 0.09, 0.12))  # all are alike: a still camera's
    assert found[1] == found[2]
    assert found[3] == found[4]
    assert found[5] == found[6]
    assert max(np.unique(found, return_counts=True)[1]) == 2


def test_no_images_have_no_groups():
    assert groups([]) == []


def test_a_sketch_is_of_length_1_also_of_nothing():
    tokens = np.array([[3, 0], [0, 4]], np.float32)
    np.testing.assert_allclose(sketch(Embedding({"image_tokens": tokens}, "s", "w", (2, 1))), [0.6, 0.8])
    blank = Embedding({"image_tokens": np.zeros((2, 2), np.float32)}, "s", "w", (2, 1))
    assert not sketch(blank).any()
