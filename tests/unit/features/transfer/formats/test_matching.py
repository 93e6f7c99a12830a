"""Which image a name in an annotation file means."""

import unicodedata

import pytest

from server.features.transfer.formats.layout import folder_key, is_mask, split_named
from server.features.transfer.formats.matching import Names

NFC, NFD = unicodedata.normalize("NFC", "caf\u00e9"), unicodedata.normalize("NFD", "caf\u00e9")


def files(*paths):
    return Names(paths)


def project(*paths):
    return Names(paths, of_project=True)


@pytest.mark.parametrize(
    ("paths", "name", "of", "meant"),
    [
        # the whole path, the end of one, or the file name of the only one
        (["a/images/1.png", "b/2.png"], "a/images/1.png", "", "a/images/1.png"),
        (["a/images/1.png", "b/2.png"], "1.png", "", "a/images/1.png"),
        (["images/cam1/1.jpg", "images/cam2/1.jpg"], "cam1/1.jpg", "annotations.xml", "images/cam1/1.jpg"),
        (["images/cam1/1.jpg", "images/cam2/1.jpg"], "x/images/cam2/1.jpg", "", "images/cam2/1.jpg"),
        (["1.jpg"], "cam1/1.jpg", "", "1.jpg"),
        (["1.jpg", "x/1.jpg"], "1.jpg", "", "1.jpg"),
        # the annotation file's own folder first, then what is nearest to it
        (["train/1.jpg", "valid/1.jpg"], "1.jpg", "valid/_annotations.coco.json", "valid/1.jpg"),
        (["ds1/images/1.jpg", "ds2/images/1.jpg"], "1.jpg", "ds2/annotations/all.json", "ds2/images/1.jpg"),
        (["a/1.jpg", "b/1.jpg"], "../b/1.jpg", "a/1.json", "b/1.jpg"),
        (
            ["train2017/1.jpg", "val2017/1.jpg"],
            "1.jpg",
            "annotations/instances_val2017.json",
            "val2017/1.jpg",
        ),
        # other spellings
        (["b/2.png", "c/2.png"], "somewhere\\b\\2.png", "", "b/2.png"),
        (["images/1.png"], "./images//./1.png", "", "images/1.png"),
        ([f"images/{NFD}.jpg"], f"{NFC}.jpg", "", f"images/{NFD}.jpg"),
        ([f"{NFC}/1.jpg", "x/1.jpg"], f"{NFD}/1.jpg", "", f"{NFC}/1.jpg"),
        (["images/IMG_1.JPG"], "img_1.jpg", "", "images/IMG_1.JPG"),
        (["images/1.jpg"], "C:\\Users\\me\\1.jpg", "", "images/1.jpg"),
        (["set/1.jpg", "other/1.jpg"], "/home/me/set/1.jpg", "", "set/1.jpg"),
        (["a/images/1.jpg"], "\\\\server\\share\\a\\1.jpg", "", "a/images/1.jpg"),
        # addresses
        (["images/a.jpg"], "https://host/x/a.jpg?sig=1&b=2#c", "", "images/a.jpg"),
        (["my photo.jpg"], "s3://bucket/my%20photo.jpg", "", "my photo.jpg"),
        (["my photo.jpg"], "my%20photo.jpg", "", "my photo.jpg"),
        (["100%25.jpg", "100%.jpg"], "100%25.jpg", "", "100%25.jpg"),
        (["a?b.jpg"], "a?b.jpg", "", "a?b.jpg"),
        (["cam1/a.jpg", "cam2/a.jpg"], "/data/local-files/?d=set/cam2/a.jpg", "", "cam2/a.jpg"),
        # uploads of Label Studio
        (["x/a.jpg"], "/data/upload/12/1a2b3c4d-a.jpg", "", "x/a.jpg"),
        (["1a2b3c4d-a.jpg", "a.jpg"], "/data/upload/12/1a2b3c4d-a.jpg", "", "1a2b3c4d-a.jpg"),
        (["my photo (1).jpg"], "1a2b3c4d-my_photo_1.jpg", "ls.json", "my photo (1).jpg"),
    ],
)
def test_what_a_name_means(paths, name, of, meant):
    assert files(*paths).match(name, of).picture == meant


@pytest.mark.parametrize(
    ("paths", "name", "of", "told"),
    [
        (["batch1/1.jpg"], "batch2/1.jpg", "", "batch1/1.jpg"),
        (["batch1/1.jpg"], "/home/me/batch2/1.jpg", "", "batch1/1.jpg"),
        (["train/1.jpg", "val/1.jpg"], "1.jpg", "", "2 images"),
        (["a/1.jpg", "b/1.jpg"], "images/1.jpg", "", "a/1.jpg, b/1.jpg"),
        (["valid/1.jpg"], "1.jpg", "train/_annotations.coco.json", "valid/1.jpg"),
        (["batch1/1.jpg", "batch2/2.jpg"], "1.jpg", "batch2/annotations.json", "batch1/1.jpg"),
        (["IMG.jpg", "img.JPG"], "Img.jpg", "", "2 images"),
        (["a.jpg"], "b.jpg", "", "no such image"),
        (["a.jpg"], "", "", "no such image"),
        (["a.jpg"], "..", "", "no such image"),
    ],
)
def test_names_that_mean_no_image(paths, name, of, told):
    match = files(*paths).match(name, of)
    assert match.picture is None
    assert told in f"{match.found}; {match.expected}"


@pytest.mark.parametrize(
    ("paths", "path", "meant"),
    [
        (["images/train/a.jpg", "images/val/a.jpg"], "labels/val/a.txt", "images/val/a.jpg"),
        (["train/images/a.jpg"], "train/labels/a.txt", "train/images/a.jpg"),
        (["train/a.jpg"], "labels/train/a.txt", "train/a.jpg"),
        (["ds/valid_images/a.jpg"], "ds/val_masks/a.png", "ds/valid_images/a.jpg"),
        (["image_2/a.jpg", "image_3/a.jpg"], "label_3/a.txt", "image_3/a.jpg"),
        (["images/cam1/a.jpg"], "labels/a.txt", "images/cam1/a.jpg"),
        (["images/images/a.jpg", "images/masks/a.jpg"], "labels/masks/a.txt", "images/masks/a.jpg"),
        (["a.JPG"], "a.txt", "a.JPG"),
        (["A.jpg"], "a.txt", "A.jpg"),
        (["a.jpg", "a.png"], "a.jpg.txt", "a.jpg"),
        (["images/not_dogs/1.jpg"], "labels/dogs/1.txt", None),
        (["valid/images/1.jpg"], "train/labels/1.txt", None),
        (["b1/1.jpg"], "b2/1.json", None),
        (["images/1.jpg"], "labels/dogs/1.txt", None),
        (["images/a.jpg", "images/a.png"], "labels/a.txt", None),
    ],
)
def test_the_image_that_a_file_is_about(paths, path, meant):
    assert files(*paths).match_stem(path).picture == meant


def test_a_projects_images_may_have_lost_their_outer_folders():
    assert project("1.jpg").match_stem("labels/dogs/1.txt").picture == "1.jpg"
    assert project("cam1/1.jpg").match("1.jpg", "train/annotations.json").picture is None
    assert project("cam1/1.jpg").match("cam1/1.jpg", "train/annotations.json").picture == "cam1/1.jpg"
    assert project("batch1/1.jpg").match("1.jpg", "batch2/a.json").picture is None
    assert project("batch1/1.jpg").match("1.jpg", "annotations/a.json").picture == "batch1/1.jpg"
    assert project("b1/1.jpg").match("1.jpg", "b2/1.json", beside=True).picture is None


def test_images_that_exports_told_apart_by_their_ids():
    ids = {"0123456789abcdef": "a/1.png"}
    names = Names(["a/1.jpg", "a/1.png"], of_project=True, ids=ids)
    names.see(["labels/a/1.txt", "labels/a/1-0123456789abcdef.txt"])
    assert names.match_stem("labels/a/1-0123456789abcdef.txt").picture == "a/1.png"
    assert names.match_stem("labels/a/1.txt").picture == "a/1.jpg"
    assert names.match("a/1-0123456789abcdef.png").picture == "a/1.png"
    assert names.match("a/1-fedcba9876543210.png").picture is None


def test_images_in_a_folder_that_is_called_as_one_for_masks():
    names = files("images/1.png")
    for path in ("images/masks/1.png", "labels/masks/1.png", "SegmentationClass/masks/1.png"):
        names.add(path, mask=True)
    assert names.match("masks/1.png", "a.json").picture == "images/masks/1.png"
    assert names.match_stem("labels/masks/1.txt").picture == "images/masks/1.png"
    assert names.match_stem("labels/masks/1.png").picture == "images/masks/1.png"
    assert names.match_stem("labels/1.txt").picture == "images/1.png"
    assert names.match("1.png", "a.json").picture == "images/1.png"


def test_two_names_that_contradict_each_other_do_not_share_an_image():
    names = files("1.jpg")
    assert names.match("cam1/1.jpg", "a.json").picture == "1.jpg"
    assert names.match("cam1/1.jpg", "b.json").picture == "1.jpg"
    assert names.match("1.jpg", "b.json").picture == "1.jpg"
    second = names.match("cam2/1.jpg", "a.json")
    assert second.picture is None
    assert "cam1/1.jpg" in second.found
    names = files("a.jpg")
    assert names.match("/home/anna/a.jpg", "anna.json").picture == "a.jpg"
    assert names.match("/home/bob/a.jpg", "bob.json").picture == "a.jpg"


def test_only_odd_matches_are_told():
    names = files("images/IMG_1.JPG", "my photo.jpg")
    assert names.match("IMG_1.JPG").note == ""
    assert "IMG_1.JPG" in names.match("img_1.jpg").note
    assert "my photo.jpg" in names.match("1a2b3c4d-my_photo.jpg").note


def test_folders_by_what_they_say():
    assert [folder_key(name) for name in ("images", "JPEGImages", "labels_v2", "v2", "label_2", "not_dogs")] == [
        "", "", "", "v2", "2", "not dogs",
    ]  # fmt: skip
    assert [split_named([name]) for name in ("train2017", "valid", "test_masks", "training", "protest")] == [
        "train", "val", "test", "train", None,
    ]  # fmt: skip
    paths = ("masks/a.png", "gtFine/a.png", "x/train_masks/a.tif", "a.png", "masks.png", "masks/a.jpg")
    assert [is_mask(path) for path in paths] == [True, True, True, False, False, False]
