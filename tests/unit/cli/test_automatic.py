"""`samphire auto`: files as SA-1B has them; a project's images, each once, however often the command is killed."""

import json
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco

from server.cli.main import main
from tests.unit.cli import auto_with_a_stub

pytestmark = pytest.mark.sqlite  # programs of their own open it

ROOT = Path(__file__).parents[3]
KILLS = 2


def pictures(folder, count):
    folder.mkdir()
    for seed in range(count):
        pixels = np.random.default_rng(seed).integers(0, 255, (30, 40, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{seed:03}.png")
    return folder


def run(folder, *words):
    return main([*map(str, words), "--data", str(folder / "data"), "--log-level", "error"])


def begun(folder, *words):
    """In a process that can be killed; returns when its engine is there."""
    command = [sys.executable, "-m", auto_with_a_stub.__name__, *words, "--data", str(folder / "data")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def rows(folder, query):
    with sqlite3.connect(folder / "data" / "samphire.db", timeout=30) as connection:
        return connection.execute(query).fetchall()


def done(folder):
    return rows(folder, "SELECT count(*) FROM mask_run_images")[0][0]


@pytest.mark.parametrize("images", [12, pytest.param(128, marks=pytest.mark.slow)])
def test_killed_twice_every_image_is_done_once(tmp_path, images):
    assert run(tmp_path, "project", "create", "Streets") == 0
    assert (
        run(
            tmp_path,
            "import",
            pictures(tmp_path / "files", images),
            "--project",
            "Streets",
            "--format",
            "none",
        )
        == 0
    )
    words = ("auto", "--project", "Streets", "--label", "thing")
    for kill in range(1, KILLS + 1):
        process = begun(tmp_path, *words)
        while done(tmp_path) < images * kill // (KILLS + 2):
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        time.sleep(random.random() * auto_with_a_stub.SECONDS)
        process.kill()
        process.communicate()
        reached = done(tmp_path)
        assert 0 < reached < images
        objects = rows(tmp_path, "SELECT count(*) FROM annotations")[0][0]
        assert objects == 2 * reached  # an image's objects, and that it is done, are one step
    told, errors = begun(tmp_path, *words).communicate()
    assert "Resuming" in errors
    assert f"{2 * images} objects on {images} images." in told
    assert rows(tmp_path, "SELECT count(*) FROM mask_runs") == [(1,)]
    per_image = rows(tmp_path, "SELECT image_id, count(*) FROM annotations GROUP BY image_id")
    assert [count for _, count in per_image] == [2] * images


def test_files_are_written_as_sa1b_has_them(tmp_path, capsys):
    folder = pictures(tmp_path / "files", 1)
    noise = folder / "000.png"
    with Image.open(noise) as image:
        image.resize((160, 120), Image.Resampling.NEAREST).save(noise)
    words = ("auto", noise, "--out", tmp_path / "out", "--points-per-side", 2, "--pred-iou-thresh", 0)
    assert run(tmp_path, *words, "--stability-score-thresh", 0) == 0
    data = json.loads((tmp_path / "out" / "000.json").read_text())
    assert data["image"] == {"image_id": 1, "width": 160, "height": 120, "file_name": "000.png"}
    assert data["annotations"]
    for each in data["annotations"]:
        rle = {"size": each["segmentation"]["size"], "counts": each["segmentation"]["counts"].encode()}
        mask = coco.decode(rle)
        assert mask.shape == (120, 160)
        assert mask.sum() == each["area"]
        assert list(coco.toBbox(rle)) == each["bbox"]
        assert each["crop_box"] == [0, 0, 160, 120]
        assert len(each["point_coords"]) == 1
        assert 0 <= each["stability_score"] <= 1
    capsys.readouterr()
    assert run(tmp_path, *words) == 0
    assert "is there already" in capsys.readouterr().out


def test_it_must_be_clear_which_images_are_meant(tmp_path):
    assert run(tmp_path, "auto") == 2
    assert run(tmp_path, "auto", tmp_path) == 2
    assert run(tmp_path, "auto", tmp_path, "--out", tmp_path / "out", "--project", "Streets") == 2
