"""What is expected of the cases of exports, masks, samples, networks and the machine Samphire runs on."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from server.app import create_app
from server.config import Settings
from tests.cases.expecting import SMALL, SQUARE
from tests.cases.world import World, read_yaml


def class_numbers(world: World) -> None:
    assert world.take().status == 0
    bundle = world.bundle("yolo")
    names = read_yaml(bundle)["names"]
    listed = list(names.values()) if isinstance(names, dict) else names
    assert listed == ["person", "car", "dog"]
    (rows,) = [bundle.read(name) for name in bundle.namelist() if name.startswith("labels/")]
    assert rows.split()[0] == b"2"
    coco = world.coco()
    assert {each["name"]: each["id"] for each in coco["categories"]} == {"person": 1, "car": 3, "dog": 18}
    assert coco["annotations"][0]["category_id"] == 18


def own_export(world: World) -> None:
    assert world.take().status == 0
    expected = [("cam1/0001.jpg", "cat", SQUARE), ("cam2/0001.jpg", "cat", SMALL)]
    world.holds(*expected)
    for format_name in ("coco", "coco-polygons", "yolo", "labelme", "voc", "cvat", "label-studio"):
        path = world.folder / f"{format_name}.zip"
        ran = world.run("export", str(path), "--project", "X", "--format", format_name, "--images")
        assert ran.status == 0, ran.err
        again = world.take(source=path, project=f"again-{format_name}")
        assert again.status == 0, f"{format_name}: {again.err}"
        world.holds(*expected, project=f"again-{format_name}")


def splits(world: World) -> None:
    assert world.take().status == 0
    names = world.bundle("yolo", "--images").namelist()
    kept = {
        int(name[-5]): part
        for name in names
        for part in ("train", "val", "test")
        if name.endswith(".jpg") and f"{part}/" in name
    }
    assert kept == {0: "train", 1: "train", 2: "train", 3: "train", 4: "val", 5: "test"}


def split_folders(world: World) -> None:
    """Whatever data.yaml names is in the archive, and holds an image."""
    assert world.take().status == 0
    bundle = world.bundle("yolo", "--images", "--split", "80/10/10")
    data = read_yaml(bundle)
    for part in ("train", "val", "test"):
        if part in data:
            folder = data[part].rstrip("/") + "/"
            assert any(name.startswith(folder) for name in bundle.namelist()), (data, bundle.namelist())


def folder_named_images(world: World) -> None:
    """Ultralytics puts /labels/ in the place of the last /images/ of an image's path."""
    assert world.take().status == 0
    names = world.bundle("yolo", "--images").namelist()
    images = [name for name in names if name.endswith(".jpg")]
    assert images
    for name in images:
        before, _, after = f"/{name}".rpartition("/images/")
        assert f"{before}/labels/{after}".rpartition(".")[0][1:] + ".txt" in names, names


def coloured(*expected):
    def check(world: World) -> None:
        ran = world.take()
        assert ran.status == 0, ran.err
        assert {(each.label, each.bbox[:2]) for each in world.objects()} == set(expected)

    return check


def cat_and_dog(world: World) -> None:
    assert world.take().status == 0
    assert sorted(each.label for each in world.objects()) == ["Cat", "Dog"]


def labelmap_colours(world: World) -> None:
    assert world.take().status == 0
    indices = np.asarray(Image.open(next((world.case / "input/SegmentationClass").iterdir())))
    for each in world.objects():
        x, y, width, height = each.bbox
        inside = indices[y : y + height, x : x + width]
        assert each.label == {1: "Dog", 2: "Cat"}[int(np.bincount(inside[inside > 0]).argmax())]


@contextmanager
def shown(world: World) -> Iterator[dict[str, np.ndarray]]:
    """The display copy of each image, (H,W) grey, by the end of its name."""
    assert world.take("--format", "none").status == 0
    with world.services() as services:
        copies = {}
        for name, image_id in _ids(world):
            image = services.images.get(image_id)
            with services.blobs.open(image.display_key) as file, Image.open(file) as picture:
                copies[name.rpartition("/")[2]] = np.asarray(picture.convert("L"))
        yield copies


def _ids(world: World) -> list[tuple[str, str]]:
    return [(each["file_name"], each["samphire"]["id"]) for each in world.coco()["images"]]


def low_range(world: World) -> None:
    with shown(world) as copies:
        assert np.ptp(copies["faint16.png"].astype(int)) > 200  # it holds three values in all
    ((_, image_id),) = _ids(world)
    y, x = np.mgrid[0:360, 0:640]
    disc = (x - 200) ** 2 + (y - 180) ** 2 <= 100**2
    with world.services() as services:
        answer = services.prediction.predict(services.images.get(image_id), {"points": [[200, 180, 1]]})
    from server.contract import to_json
    from server.domain.masks import decode_rle

    mask = decode_rle(to_json(answer.candidates[answer.best].rle))
    assert (mask & disc).sum() / (mask | disc).sum() > 0.95


def white_is_zero(world: World) -> None:
    with shown(world) as copies:
        eight, sixteen = (copies[name].astype(float) for name in ("minwhite.tif", "minwhite16.tif"))
    assert np.corrcoef(eight.ravel(), sixteen.ravel())[0, 1] > 0.9


def no_data(world: World) -> None:
    with shown(world) as copies:
        assert {name: len(np.unique(copy)) > 60 for name, copy in copies.items()} == dict.fromkeys(
            copies, True
        )


@contextmanager
def networks(world: World, change) -> Iterator[tuple[Path, Path]]:
    """An encoder and a decoder as exporters write them, changed."""
    from tests.unit.modelkit.catalogue import exports

    encoder, decoder = onnx.load(str(exports.ENCODER)), exports.four_masks()
    change(encoder, decoder)
    paths = world.folder / "encoder.onnx", world.folder / "decoder.onnx"
    for model, path in zip((encoder, decoder), paths, strict=True):
        onnx.save(model, str(path))
    yield paths


def symbolic(world: World) -> None:
    def forget(model: onnx.ModelProto, names: set[str]) -> None:
        for value in model.graph.input:
            if value.name in names:
                for number, dim in enumerate(value.type.tensor_type.shape.dim):
                    dim.dim_param = f"d{number}"

    for names, one in ((None, "encoder"), ({"image_embeddings"}, "decoder")):

        def change(encoder, decoder, names=names) -> None:
            if names is None:
                forget(encoder, {value.name for value in encoder.graph.input})
            else:
                forget(decoder, names)

        with networks(world, change) as (encoder, decoder):
            ran = world.run("segmenters", "add", str(encoder), str(decoder), "--id", one)
            assert ran.status == 0, f"{one}: {ran.err}"


def transformers_js(world: World) -> None:
    called = {
        "point_coords": "input_points", "point_labels": "input_labels",
        "iou_predictions": "iou_scores", "masks": "pred_masks",
    }  # fmt: skip

    def change(_encoder, decoder) -> None:
        for node in decoder.graph.node:
            node.input[:] = [called.get(name, name) for name in node.input]
            node.output[:] = [called.get(name, name) for name in node.output]
        for value in [*decoder.graph.input, *decoder.graph.output]:
            value.name = called.get(value.name, value.name)

    with networks(world, change) as (encoder, decoder):
        ran = world.run("segmenters", "add", str(encoder), str(decoder), "--id", "t")
        assert ran.status == 0, ran.err


def _serve(data: Path) -> subprocess.CompletedProcess:
    """The server where it cannot start."""
    words = [sys.executable, "-m", "server.cli.main", "--no-open-browser", "--port", "0", "--data", str(data)]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, cwd=Path(__file__).parents[2])


def read_only(world: World) -> None:
    file = world.folder / "file"
    file.write_text("x")
    for folder in (Path("/sys/samphire"), file):
        ran = _serve(folder)
        assert ran.returncode not in (0, 1), ran.stderr
        assert len(ran.stderr.strip().splitlines()) == 1, ran.stderr
        assert folder.name in ran.stderr


def unwritable(world: World) -> None:
    world.data = Path("/sys/samphire")
    ran = world.run("doctor")
    assert ran.status != 0
    told = ran.out.decode() + ran.err
    assert "Everything" not in told
    assert any(word in told for word in ("written", "writ", "read-only")), told


def read_only_backup(world: World) -> None:
    """On a file system that is mounted read-only, where that can be had; else a folder nobody may write into."""
    place = world.folder / "m"
    place.mkdir()
    mounted = (
        os.name == "posix"
        and os.geteuid() == 0
        and subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], capture_output=True).returncode == 0
    )
    world.data = place / "d"
    try:
        assert world.run("project", "create", "P").status == 0
        if mounted:
            subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        elif os.geteuid() != 0:
            shutil.copytree(world.data, place / "ro")
            for path in [*(place / "ro").rglob("*"), place / "ro"]:
                path.chmod(0o555 if path.is_dir() else 0o444)
            world.data = place / "ro"
        else:
            pytest.skip("needs a file system that can be mounted read-only")
        assert world.coco("P")["images"] == []
        assert b"P" in world.run("project", "list").out
    finally:
        if mounted:
            subprocess.run(["umount", place], check=True)


def port_dropped(world: World) -> None:
    """The proxy forwarded Host without the public port: it works, or the sentence names both headers."""
    world.run("project", "list")
    answer = create_app(Settings(data=str(world.data))).test_client().post(
        "/api/projects", json={"name": "x"}, headers={"Host": "localhost", "Origin": "http://localhost:9000"}
    )  # fmt: skip
    if answer.status_code != 201:
        error = answer.get_json()["error"]
        assert "Host" in str(error), error
        assert "Origin" in str(error), error


def under_a_path(world: World) -> None:
    """With --base-path every address of the page is below it."""
    client = create_app(Settings(data=str(world.data), base_path="/samphire")).test_client()
    page = client.get("/samphire/")
    assert page.status_code == 200
    absolute = [part.split('"')[0] for part in page.text.split('="/')[1:]]
    assert absolute
    assert all(f"{address}/".startswith("samphire/") for address in absolute), absolute


EXPECTED = {
    "class-numbers-shift": class_numbers,
    "own-export-not-read-back": own_export,
    "splits-forgotten": splits,
    "yolo-split-empty-folders": split_folders,
    "yolo-export-folder-named-images": folder_named_images,
    "voc-colour-masks-of-cvat": coloured(("Cat", (10, 10)), ("Dog", (30, 30))),
    "voc-labelmap-background-in-the-middle": cat_and_dog,
    "voc-labelmap-colours": labelmap_colours,
    "picture-16-bit-low-range": low_range,
    "picture-16-bit-white-is-zero": white_is_zero,
    "picture-float-with-nodata": no_data,
    "onnx-pair-all-dimensions-symbolic": symbolic,
    "onnx-pair-of-transformers-js": transformers_js,
    "data-folder-read-only": read_only,
    "doctor-unwritable-data": unwritable,
    "export-from-read-only-backup": read_only_backup,
    "proxy-drops-port-of-host": port_dropped,
    "proxy-under-a-path": under_a_path,
}
