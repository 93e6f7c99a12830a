"""Segmenters are found in their folders, what is wrong with a description is said, and changes are seen."""

import json
import shutil

import pytest

from server.errors import SegmenterNotFound, UnsupportedSegmenter
from server.inference.catalog import DESCRIPTION, Catalog, quality_path, read_spec
from server.paths import SEGMENTERS

HEX = "ab" * 32
QUALITY = {"dataset": "Berkeley", "objects": 100, "one_click": 0.7, "best_of_three": 0.8, "box": 0.9}


def description(**changes):
    return {
        "id": "small",
        "title": "Small",
        "licence": "MIT",
        "preprocessing": {"resize": "square", "mean": [1, 2, 3], "std": [4, 5, 6]},
        "encoder": {"file": "encoder.ort", "input": "image"},
        "embedding": [{"name": "half_features", "output": "high_res_feats_1", "grid": 128, "channels": 64}],
        "weights": HEX,
        "files": {
            name: {"bytes": 7, "sha256": HEX} for name in ("encoder.ort", "prepare.onnx", "decoder.onnx")
        },
        **changes,
    }


def write(folder, **changes):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DESCRIPTION).write_text(json.dumps(description(**changes)))
    return folder


def test_a_description_is_read(tmp_path):
    spec = read_spec(write(tmp_path / "small"))
    assert (spec.id, spec.resize, spec.encoder_file, spec.encoder_input) == (
        "small",
        "square",
        "encoder.ort",
        "image",
    )
    assert (spec.mean, spec.std) == ((1, 2, 3), (4, 5, 6))
    assert vars(spec.embedding[0]) == {
        "name": "half_features", "output": "high_res_feats_1", "grid": 128, "channels": 64
    }  # fmt: skip
    assert spec.encoder_path == tmp_path / "small" / "encoder.ort"
    assert spec.encoder_bytes == 7
    assert spec.frame(300, 100).height == 1024
    assert spec.quality is None
    assert spec.encoding == spec.weights
    assert read_spec(write(tmp_path / "small", encoding="cd" * 32)).encoding == "cd" * 32


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "../up"}, "cannot be an id"),
        ({"weights": "short"}, "not a SHA-256"),
        ({"encoding": HEX.upper()}, "not a SHA-256"),
        ({"encoding": None}, "TypeError"),
        ({"files": {}}, "not a file it lists"),
        ({"encoder": {"file": "../../etc/passwd", "input": "x"}}, "not a file it lists"),
        ({"preprocessing": {"resize": "crop", "mean": [1, 2, 3], "std": [1, 1, 1]}}, "longest_side, square"),
        ({"preprocessing": {"resize": "square", "mean": [1, 2], "std": [1, 1, 1]}}, "values to unpack"),
        ({"embedding": [{"name": "a", "output": "b", "grid": 100000, "channels": 3}]}, "grid 100000"),
        ({"embedding": None}, "TypeError"),
        ({"quality": {"dataset": "x"}}, "no 'objects'"),
        ({"quality": {**QUALITY, "one_click": float("nan")}}, "nan is no number"),
        ({"preprocessing": {"resize": "square", "mean": [10**400, 0, 0], "std": [1, 1, 1]}}, "OverflowError"),
        ({"preprocessing": {"resize": "square", "mean": [0, 0, 0], "std": [1, 0, 1]}}, "std"),
    ],
)
def test_a_description_that_is_none_is_refused_with_the_reason(tmp_path, changes, said):
    with pytest.raises(UnsupportedSegmenter, match=said):
        read_spec(write(tmp_path / "small", **changes))


def test_later_folders_add_but_never_hide(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    write(first / "small", title="first")
    write(second / "small", title="second")
    write(second / "other", id="other")
    (second / "broken").mkdir()
    (second / "broken" / DESCRIPTION).write_text("{")
    catalog = Catalog(first, second, tmp_path / "not there")
    assert [(spec.id, spec.title) for spec in catalog.installed()] == [("small", "first"), ("other", "Small")]


def test_changes_are_seen_without_a_restart(tmp_path):
    catalog = Catalog(tmp_path)
    with pytest.raises(SegmenterNotFound) as refused:
        catalog.find("small")
    assert "none" in refused.value.hint
    write(tmp_path / "small")
    assert catalog.find("small").title == "Small"
    write(tmp_path / "small", title="Small, and longer")
    assert catalog.find("small").title == "Small, and longer"
    shutil.rmtree(tmp_path / "small")
    with pytest.raises(SegmenterNotFound):
        catalog.find("small")


def test_what_was_measured_here_goes_before_what_a_segmenter_says(tmp_path):
    folder, quality = tmp_path / "segmenters", tmp_path / "quality"
    write(folder / "small", quality=QUALITY)
    catalog = Catalog(folder, quality=quality)
    spec = catalog.find("small")
    assert spec.quality is not None
    assert spec.quality["one_click"] == 0.7
    quality.mkdir()
    path = quality_path(quality, HEX)
    path.write_text(json.dumps({**QUALITY, "dataset": "mine", "one_click": 0.9}))
    spec = catalog.find("small")
    assert spec.quality is not None
    assert (spec.quality["dataset"], spec.quality["one_click"]) == ("mine", 0.9)
    path.with_suffix(".part").write_text("")  # the folder changes
    path.write_text("nonsense")
    assert Catalog(folder, quality=quality).find("small").quality == read_spec(folder / "small").quality


def test_the_bundled_segmenter_is_there():
    spec = Catalog(SEGMENTERS).find("mobile_sam")
    assert [tensor.name for tensor in spec.embedding] == ["image_tokens"]
    assert all(spec.path(name).stat().st_size == size for name, size in spec.bytes.items())
