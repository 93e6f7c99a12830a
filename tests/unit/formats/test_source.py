"""Which picture a name in somebody's file means."""

import pytest

from server.formats.source import Source


def source(*paths: str, known: tuple[str, ...] = ()) -> Source:
    return Source(paths, open_file=lambda path: pytest.fail(path), known=dict.fromkeys(known, (4, 3)))


def test_a_name_is_a_path_or_the_end_of_one_or_a_file_name():
    pictures = source("a/images/1.png", "b/2.png")
    assert pictures.picture("a/images/1.png") == "a/images/1.png"
    assert pictures.picture("somewhere\\b\\2.png") == "b/2.png"
    assert pictures.picture("1.png") == "a/images/1.png"
    assert pictures.picture("3.png") is None


def test_masks_called_as_their_pictures_do_not_hide_them():
    pictures = source("masks/1.png", "images/1.png", "labels/1.png")
    assert pictures.picture("1.png") == "images/1.png"
    assert pictures.picture_of_stem("labels/1.txt") == "labels/1.png"  # beside it
    assert pictures.picture("masks/1.png") == "masks/1.png"


def test_several_that_are_as_likely_are_none():
    assert source("train/images/1.png", "val/images/1.png").picture("1.png") is None
    assert source("a/1.png", "b/1.png").picture("1.png") is None


def test_what_a_project_has_counts_too():
    assert source("masks/1.png", known=("images/1.png",)).picture("1.png") == "images/1.png"
    assert source("1.png", known=("1.png",)).picture("1.png") == "1.png"
