"""`samphire train`: what it prints, that it goes on where it was interrupted."""

import io
import json
import os
import signal
import threading
import time
from types import SimpleNamespace

import gevent
import numpy as np
import pytest
from PIL import Image

from server.cli import following
from server.cli.main import main
from server.cli.training import do
from server.features.training import running, service
from server.features.training.gathering import Gathering
from tests.training import COMMAND, container

SIZE = (40, 30)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data folder with six images, each with a triangle."""
    monkeypatch.setattr(Gathering, "_container", lambda self, image, spec: container(image))
    monkeypatch.setattr(running, "_WORKER", COMMAND)
    monkeypatch.setattr(service, "PACKAGES", ())
    files = tmp_path / "files"
    files.mkdir()
    for seed in range(6):
        pixels = np.random.default_rng(seed).integers(0, 255, (*SIZE[::-1], 3), dtype=np.uint8)
        data = io.BytesIO()
        Image.fromarray(pixels).save(data, "PNG")
        (files / f"{seed}.png").write_bytes(data.getvalue())
    outline = [[4, 6, 24, 6, 14, 26]]
    dataset = {
        "images": [{"id": n, "file_name": f"{n}.png", "width": SIZE[0], "height": SIZE[1]} for n in range(6)],
        "categories": [{"id": 1, "name": "dog"}],
        "annotations": [
            {"id": n + 1, "image_id": n, "category_id": 1, "segmentation": outline, "iscrowd": 0}
            for n in range(6)
        ],
    }
    (files / "coco.json").write_text(json.dumps(dataset))
    assert run(tmp_path, "project", "create", "Streets") == 0
    assert run(tmp_path, "import", files, "--project", "Streets") == 0
    return tmp_path


def run(folder, *words):
    return main([*map(str, words), "--data", str(folder / "data"), "--log-level", "error"])


def plan(folder, **values):
    (folder / "data" / "trainer.json").write_text(json.dumps(values))


def test_one_is_trained_and_installed(folder, capsys):
    capsys.readouterr()
    assert run(folder, "train", "--project", "Streets", "--label", "dog", "--out", "dogs") == 0
    told = capsys.readouterr()
    assert "6 images with 6 objects; about 1:23 (rough estimate); 6 images to encode first." in told.err
    assert "mIoU after 1 click      0.600    0.650" in told.out
    assert "Installed as dogs." in told.out
    assert run(folder, "segmenters", "list") == 0
    assert "dogs" in capsys.readouterr().out


def test_how_long_it_would_take(folder, capsys):
    capsys.readouterr()
    assert (
        run(folder, "train", "--project", "Streets", "--what", "tokens", "--minutes", "2", "--dry-run") == 0
    )
    told = capsys.readouterr().err
    assert "about 2:0" in told
    assert "6 images to encode first" in told


def test_why_the_encoder_cannot_be_trained(folder, capsys, monkeypatch):
    monkeypatch.setattr(service, "has_gpu", lambda: False)
    words = ("train", "--project", "Streets", "--what", "lora", "--out", "dogs")
    capsys.readouterr()
    assert run(folder, *words, "--dry-run") == 0
    assert "training the encoder needs a GPU" in capsys.readouterr().err
    assert run(folder, *words) != 0
    assert "needs a GPU; this server has none" in capsys.readouterr().err


def test_what_is_no_better_is_said(folder, capsys):
    plan(folder, better=-0.02)
    assert run(folder, "train", "--project", "Streets", "--out", "dogs") == 1
    told = capsys.readouterr().out
    assert "It is no better on the held-out images." in told
    assert "Installed" not in told


@pytest.mark.usefixtures("own_ctrl_c")
def test_interrupted_it_keeps_what_it_has_and_goes_on(folder, capsys):
    plan(folder, steps=1000, seconds=0.05)

    def interrupt():
        checkpoint = folder / "data" / "trainings"
        while not list(checkpoint.glob("*/checkpoint/step")):
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    assert run(folder, "train", "--project", "Streets", "--out", "dogs") == 130
    assert "Run the same command to resume" in capsys.readouterr().err
    plan(folder, steps=10)
    assert run(folder, "train", "--project", "Streets", "--out", "dogs") == 0
    assert "Resuming" in capsys.readouterr().err
    [folder_of_it] = (folder / "data" / "trainings").iterdir()
    assert sorted(path.name for path in folder_of_it.iterdir()) == [
        "images.json",
        "report.html",
        "request.json",
    ]


def test_what_cannot_be_is_said(folder, capsys):
    for words in (["--out", "Dogs"], [], ["--out", "dogs", "--label", "cow"], ["--out", "mobile_sam"]):
        capsys.readouterr()
        assert run(folder, "train", "--project", "Streets", *words) == 2
        assert "samphire: " in capsys.readouterr().err


class Server:
    """Trainings of a running server, where another one of the same id begins as soon as ours has ended."""

    def __init__(self):
        self.listed, self.paused = [], []

    def list(self, project_id):
        return SimpleNamespace(trainings=self.listed)

    def start(self, actor, project_id, asked):
        mine, later = (self.row(name, state) for name, state in (("mine", "done"), ("later", "running")))
        self.listed = [later, mine]
        return mine

    def row(self, name, state):
        words = {"what": "tokens", "label": None, "base": "mobile_sam", "segmenter": "dogs", "error": None}
        return SimpleNamespace(id=name, state=state, step=None, **words)

    def get(self, project_id, run_id):
        return next(each for each in self.listed if each.id == run_id)


def test_the_one_that_was_started_is_followed(monkeypatch):
    monkeypatch.setattr(following, "_ASK_SECONDS", 0.01)
    with gevent.Timeout(10):
        assert do(Server(), "p1", {"id": "dogs", "what": "tokens"}).id == "mine"
