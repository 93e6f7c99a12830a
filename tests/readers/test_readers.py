"""What Datumaro and supervision, as they are, and the path rule that Ultralytics documents find in our exports.

They are installed into an environment of their own (900 MB), once a run, or once for all into SAMPHIRE_TEST_READERS.
"""

import io
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.unit.features.transfer.formats.datasets import blob
from tests.web.live.test_commands import samphire

pytestmark = pytest.mark.slow
READERS = ("datumaro==1.13.*", "supervision==0.31.*")
COUNTING = Path(__file__).with_name("counting.py")
FORMATS = ("coco", "coco-polygons", "coco-panoptic", "yolo", "yolo-boxes", "cvat", "voc")


@pytest.fixture(scope="session")
def count(tmp_path_factory):
    """Runs `counting.py` on a folder of exports."""
    kept = os.environ.get("SAMPHIRE_TEST_READERS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("readers")
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.is_file():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *READERS], check=True)

    def run(exports):
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [python, COUNTING, exports]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


def exported(source, folder, *options):
    """A folder with an export in each format, of a project that the source was imported into."""
    samphire("import", source, "--keep-going", data=folder / "data")
    exports = folder / "exports"
    exports.mkdir()
    for name in FORMATS:
        done = samphire(
            "export", exports / name, "--format", name, "--images", *options, data=folder / "data"
        )
        assert done.returncode == 0, done.stderr
    return exports


def label_file(picture):
    """Where Ultralytics looks for a picture's labels (`img2label_paths`)."""
    return Path("/labels/".join(str(picture).rsplit("/images/", 1)).rsplit(".", 1)[0] + ".txt")


def rows(folder):
    return sum(len(label_file(path).read_text().splitlines()) for path in (folder / "images").rglob("*.jpg"))


def test_someone_elses_dataset_comes_out_whole(eval_data, tmp_path, count):
    exports = exported(eval_data / "eval" / "coco128-seg", tmp_path)
    found = count(exports)
    everything = {"images": 128, "objects": 929}
    others = ("cvat", "coco-panoptic")
    assert {name: each["supervision"] for name, each in found.items() if name not in others} == {
        name: everything for name in FORMATS if name not in others
    }
    assert found["coco-panoptic"]["datumaro"]["images"] == 128
    assert found["coco-panoptic"]["datumaro"]["mask"] == 887
    assert found["coco"]["datumaro"] == {"images": 128, "mask": 929, "bbox": 929}
    assert found["coco-polygons"]["datumaro"]["bbox"] == 929
    assert found["yolo-boxes"]["datumaro"] == {"images": 128, "bbox": 929}
    assert found["cvat"]["datumaro"] == {"images": 128, "mask": 929}
    assert found["voc"]["datumaro"] == {"images": 128, "mask": 887, "bbox": 929}
    assert rows(exports / "yolo") == rows(exports / "yolo-boxes") == 929


@pytest.mark.parametrize("options", [(), ("--split", "0/1/0")])
def test_folders_and_splits_of_a_project_come_out_where_readers_look(tmp_path, count, options):
    """Two images came with a split, two did not. (Datumaro does not look for YOLO in folders of folders of a split.)"""
    names = ["train/images/1.jpg", "valid/images/2.jpg", "images/3.jpg", "images/4.jpg"]
    for seed, name in enumerate(names):
        noise = np.random.default_rng(seed).integers(0, 255, (60, 90, 3), np.uint8)
        file = io.BytesIO()
        Image.fromarray(noise).save(file, "JPEG")
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(file.getvalue())
        mask = np.argwhere(blob(60, 90, seed)) / (60, 90)
        (top, left), (bottom, right) = mask.min(axis=0), mask.max(axis=0)
        corners = (
            f"{left:.3f} {top:.3f} {right:.3f} {top:.3f} {right:.3f} {bottom:.3f} {left:.3f} {bottom:.3f}"
        )
        label = label_file(tmp_path / "in" / name)
        label.parent.mkdir(parents=True, exist_ok=True)
        label.write_text(f"0 {corners}\n")
    (tmp_path / "in" / "data.yaml").write_text("names: [thing, never]\ntask: segment\n")
    exports = exported(tmp_path / "in", tmp_path, *options)
    found = count(exports)
    for name, each in found.items():
        counts = each.get("supervision", {"images": 4, "objects": 4})
        assert counts == {"images": 4, "objects": 4}, name
        counted = each.get("datumaro", {"images": 4})
        assert set(counted.values()) == {4}, name
    assert rows(exports / "yolo") == 4
