"""Which mask belongs to which image, and that nothing is passed over without a word."""

import json

import pytest

from server.errors import InvalidDataset, InvalidImage
from server.features.pictures.pixels import Limits
from server.lab.evaluation.dataset import open_dataset, read_image

SQUARE = [[2, 1, 6, 1, 6, 5, 2, 5]]


def pairs(dataset) -> dict[str, list[str]]:
    return {picture.name: [source.where for source in picture.sources] for picture in dataset.pictures}


def problems(dataset) -> dict[str, str]:
    return {problem.where: problem.what for problem in dataset.problems}


def test_masks_belong_to_the_image_whose_name_they_begin_with(tmp_path, image_file, mask_file):
    for name in ("12.jpg", "123.jpg", "sub/7.png"):
        image_file(f"images/{name}")
    names = ("12.png", "12a.png", "12b.png", "123_1.png", "123-left.png", "123/any.png", "sub/7.png")
    for name in names:
        mask_file(f"masks/{name}")
    dataset = open_dataset(tmp_path)
    assert pairs(dataset) == {
        "images/12.jpg": ["masks/12.png", "masks/12a.png", "masks/12b.png"],
        "images/123.jpg": ["masks/123/any.png", "masks/123-left.png", "masks/123_1.png"],
        "images/sub/7.png": ["masks/sub/7.png"],
    }
    assert problems(dataset) == {}
    assert dataset.layout == ("3 images in images/, 7 mask files for them in masks/",)
    assert list(pairs(dataset.first(1))) == ["images/12.jpg"]


def test_what_has_no_partner_or_is_no_picture_is_told(tmp_path, image_file, mask_file):
    for name in ("images/1.jpg", "images/2.jpg", "images/2.png", "images/3.jpg"):
        image_file(name)
    for name in ("masks/1.png", "masks/2.png", "masks/14.png", "masks/1aa.png"):
        mask_file(name)
    for name in ("images/notes.txt", "masks/Thumbs.db", "masks/.DS_Store"):
        (tmp_path / name).write_text("x")
    dataset = open_dataset(tmp_path)
    assert problems(dataset) == {
        "images/2.png": "There is another image called 2.",
        "images/3.jpg": "There is no mask for this image.",
        "images/notes.txt": "This file is not an image.",
        "masks/14.png": "There is no image 14 in images/.",
        "masks/1aa.png": "There is no image 1aa in images/.",
        "masks/Thumbs.db": "This file is not an image.",
    }


@pytest.mark.parametrize(("images", "masks"), [("img", "gt"), ("JPEGImages", "SegmentationObject")])
def test_folders_as_other_datasets_call_them(tmp_path, image_file, mask_file, images, masks):
    image_file(f"{images}/a.jpg")
    mask_file(f"{masks}/a.png")
    assert len(open_dataset(tmp_path).pictures) == 1


def test_coco_beside_the_images(tmp_path, image_file):
    image_file("images/a.jpg")
    image_file("images/deep/b.jpg")
    image_file("images/c.jpg")
    content = {
        "images": [
            {"id": 1, "file_name": "a.jpg"},
            {"id": 2, "file_name": "train/b.jpg"},
            {"id": 3, "file_name": "../../secret.jpg"},
        ],
        "annotations": [
            {"id": 1, "image_id": 1, "segmentation": SQUARE},
            {"id": 2, "image_id": 2, "segmentation": SQUARE},
            {"id": 3, "image_id": 2, "segmentation": SQUARE, "iscrowd": 1},
        ],
    }
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "instances.json").write_text(json.dumps(content))
    dataset = open_dataset(tmp_path)
    assert pairs(dataset) == {
        "images/a.jpg": ["annotations/instances.json#1"],
        "images/deep/b.jpg": ["annotations/instances.json#2"],
    }
    assert problems(dataset) == {
        "annotations/instances.json, ../../secret.jpg": "There is no such image, or several.",
        "images/c.jpg": "There is no mask for this image.",
    }
    assert dataset.layout == (
        "3 images in images/, 2 objects for them in annotations/instances.json",
        "1 crowd regions left out: they are not one object",
    )


def test_masks_go_before_a_json_file_which_is_told(tmp_path, image_file, mask_file):
    image_file("images/a.jpg")
    mask_file("masks/a.png")
    (tmp_path / "about.json").write_text("{}")
    assert "about.json not read: masks/ holds masks" in open_dataset(tmp_path).layout


def test_folders_without_anything_to_evaluate_say_what_is_expected(tmp_path, image_file, mask_file):
    for make, why in (
        (lambda: None, "holds no masks"),
        (lambda: mask_file("masks/a.png"), "no images/"),
        (lambda: image_file("images/b.jpg"), "No image .* has a mask"),
    ):
        make()
        with pytest.raises(InvalidDataset, match=why) as error:
            open_dataset(tmp_path)
        assert "images/ID.jpg" in error.value.hint
    with pytest.raises(InvalidDataset, match="There is no folder"):
        open_dataset(tmp_path / "nowhere")


def test_several_json_files_are_not_guessed_among(tmp_path, image_file):
    image_file("images/a.jpg")
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(InvalidDataset, match=r"several JSON files: a\.json, b\.json"):
        open_dataset(tmp_path)


def test_images_are_read_as_the_server_reads_uploads(image_file, tmp_path):
    assert read_image(image_file("a.png", 12, 8), Limits(1000, 100)).shape == (8, 12, 3)
    (tmp_path / "b.png").write_bytes(b"no picture")
    with pytest.raises(InvalidImage):
        read_image(tmp_path / "b.png", Limits(1000, 100))
