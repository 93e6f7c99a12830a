"""Names, splits, sources and losses."""

import tempfile
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.transfer.formats import FORMATS, dataset
from server.features.transfer.formats.dataset import name_files, safe_path
from server.features.transfer.formats.objects import DatasetImage
from server.features.transfer.formats.source import Source
from server.features.transfer.formats.split import Split
from tests.unit.features.transfer.formats.datasets import again, files_of, image, label_list, on_disk
from tests.unit.features.transfer.formats.test_round_trips import apart


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.jpg", "a.jpg"),
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/a.jpg", "abs/a.jpg"),
        ("C:\\x\\a.jpg", "C_/x/a.jpg"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("a/./b//c.png", "a/b/c.png"),
        ("con", "_con"),
        ("LPT1.txt", "_LPT1.txt"),
        ("conference.png", "conference.png"),
        ("trailing. ", "trailing"),
        ('a<b>:"c|d?*.png', "a_b___c_d__.png"),
        ("e\u0301.png", "\u00e9.png"),
        ("line\nbreak.png", "line_break.png"),
        ("\ud800.png", "_.png"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
    ],
)
def test_names_become_paths_that_lead_nowhere_else(name, safe):
    assert safe_path(name) == safe


@pytest.mark.parametrize("name", FORMATS)
def test_a_name_that_is_not_unicode_is_written(name):
    files = files_of(name, label_list(["thing"]), [image("\udcff.jpg", apart(), image_id="a")])
    assert all(path.encode() for path in files)


@given(st.lists(st.text(max_size=12), max_size=12), st.booleans())
def test_names_are_told_apart(names, as_paths):
    images = [image(name, [], image_id=f"i{k}") for k, name in enumerate(names)]
    found = [one.file_name for one in name_files(FORMATS["coco"], images, as_paths)]
    keys = [(name.rpartition(".")[0] or name) if as_paths else name for name in found]
    assert len({key.casefold() for key in keys}) == len(names) or not as_paths
    assert len(set(found)) == len(names)
    if as_paths:
        assert all(name == safe_path(name) and name for name in found)


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("yolo", ["1.jpg", "1.jpg", "cam/1.jpg", "1-i3.jpg"]),
        ("coco", ["1.jpg", "1.jpg", "cam/1.jpg", "1-i3.jpg"]),
        ("voc", ["train/1.jpg", "valid/1.jpg", "cam/1.jpg", "1.jpg"]),
    ],
)
def test_folders_that_an_export_has_are_not_in_names_twice(name, named):
    """The same name in two splits is told apart by their folders, where pictures have one for each."""
    names = {
        "train/images/1.jpg": "train",
        "valid/images/1.jpg": "val",
        "cam/images/1.jpg": "val",
        "Images/1.jpg": "val",
    }
    images = [
        replace(image(one, [], image_id=f"i{k}"), split=split) for k, (one, split) in enumerate(names.items())
    ]
    assert [one.file_name for one in name_files(FORMATS[name], images, pictures=True)] == named


def test_a_split_never_changes_and_has_its_shares():
    shares = Split(val=0.2, test=0.1)
    found = [shares.of(f"{number:012x}") for number in range(5000)]
    assert 0.18 < found.count("val") / 5000 < 0.22
    assert 0.08 < found.count("test") / 5000 < 0.12
    assert [shares.of(f"image {k}") for k in range(10)] == [
        "train",
        "train",
        "val",
        "train",
        "train",
        "train",
        "val",
        "val",
        "train",
        "train",
    ]
    more = Split(val=0.4, test=0.1)
    moved = {(a, more.of(f"{number:012x}")) for number, a in enumerate(found)}
    assert moved == {("train", "train"), ("train", "val"), ("val", "val"), ("test", "test")}


@pytest.mark.parametrize("shares", [(-0.1, 0), (0.6, 0.5), (0, 1.1), (float("nan"), 0)])
def test_shares_that_are_none(shares):
    with pytest.raises(ValueError):
        Split(*shares)


def test_a_folder_a_zip_and_memory_are_the_same(tmp_path):
    files = files_of("labelme", label_list(["thing"]), [image("a.jpg", apart()), image("b/c.jpg", apart())])
    folder = on_disk(tmp_path / "data", {**files, ".hidden/x.json": b"{}", ".y.json": b"{}"})
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    with zipfile.ZipFile(tmp_path / "data.zip") as archive:
        sources = [Source.folder(folder), Source.archive(archive), Source.memory(files)]
        found = [list(FORMATS["labelme"].read(source)) for source in sources]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 2
    assert next(FORMATS["labelme"].read(Source.folder(folder / "a.json"))) == found[0][0]


def test_sizes_of_pictures_are_of_the_upright_picture(tmp_path):
    from PIL import Image

    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (30, 20)).save(tmp_path / "turned.jpg", exif=turned)
    for compression in ("raw", "tiff_lzw"):
        Image.new("RGB", (30, 20)).save(tmp_path / f"{compression}.tif", exif=turned, compression=compression)
    Image.new("RGB", (30, 20)).save(tmp_path / "plain.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8nothing")
    source = Source.folder(tmp_path)
    names = ("turned.jpg", "raw.tif", "tiff_lzw.tif", "plain.png", "broken.jpg", "none.jpg")
    assert [source.size(name) for name in names] == [(20, 30), (20, 30), (20, 30), (30, 20), None, None]


def test_losses_name_the_annotation_and_stream():
    images = (image(f"{k}:.jpg", apart(), attributes={"n": 1}) for k in range(3))
    told = list(dataset.losses(FORMATS["yolo"], images))
    assert (told[0].image, told[0].annotation, told[0].kind) == ("0:.jpg", None, "name")
    assert "'0_.jpg'" in told[0].what
    holes = [loss for loss in told if loss.kind == "holes"]
    assert [loss.annotation for loss in holes] == [f"{k}:.jpg-{n}" for k in range(3) for n in (0, 4)]
    assert holes[0].what.startswith("1 hole joined")
    assert list(dataset.losses(FORMATS["coco"], [image("0:.jpg", apart(), attributes={"n": 1})])) == []


def test_more_labels_than_a_format_holds():
    labels = label_list([f"label {k}" for k in range(300)])
    images = [image("a.jpg", apart(), ["label 3", "label 254"])]
    told = list(dataset.losses(FORMATS["voc"], images, labels=labels))
    assert [(loss.annotation, loss.kind) for loss in told] == [("a.jpg-1", "label"), ("a.jpg-3", "label")]
    _, (after,), problems = again("voc", labels, images)
    assert problems == []
    assert [each.label for each in after.objects] == ["label 3"] * 3


def test_memory_does_not_grow_with_the_dataset():
    """COCO's one file, whose annotations stand before their images: written and read again."""
    peaks = []
    for count in (100, 900):
        images = [image(f"{k}.jpg", apart()) for k in range(3)]

        def many(count=count, images=images):
            return (replace(images[k % 3], id=str(k), file_name=f"{k}.jpg") for k in range(count))

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "annotations.json"
            tracemalloc.start()
            with path.open("wb") as file:
                for _, data in dataset.write(FORMATS["coco"], label_list(["thing"]), many):
                    file.write(data)
            found = sum(isinstance(each, DatasetImage) for each in FORMATS["coco"].read(Source.folder(path)))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert found == count
    assert peaks[1] - peaks[0] < 800 * 2000  # bytes an image more, of five objects
