"""Rounds of a real server, whose program really trains: over HTTP, and as `samphire loop` runs them."""

import io
import sqlite3
from contextlib import closing

import pytest
from PIL import Image

from server.cli import loop
from server.cli.main import main
from server.client import Client
from server.contract import to_json
from server.features.proposals.schema import ProposalSettings
from tests.torch.learning.conftest import drawing
from tests.torch.learning.short import COMMAND
from tests.web.live.running import Server

PATIENCE_S = 900
IMAGES = 5


@pytest.fixture
def served(tmp_path):
    """A server, its data folder, a client of it, and a project whose images have a disc and a bar each."""
    server = Server(tmp_path, program=COMMAND[1:])
    assert server.base, "".join(server.errors)
    with Client(server.base) as client:
        project = client.projects.create("Drawn")
        for number in range(IMAGES):
            annotate(client, project, number, tmp_path)
        yield tmp_path, client, project
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line], "".join(server.errors)


def upload(client, project, number, folder):
    rgb, masks = drawing(number)
    data = io.BytesIO()
    Image.fromarray(rgb).save(data, "PNG")
    path = folder / f"{number}.png"
    path.write_bytes(data.getvalue())
    return client.images.upload(project, path), masks


def annotate(client, project, number, folder):
    image, masks = upload(client, project, number, folder)
    for label, mask in masks.items():
        client.annotations.save(image, mask, label=label)


def test_one_is_trained_installed_used_and_left_in_one_step(served, tmp_path):
    _, client, project = served
    image = next(iter(client.images.list(project)))
    point = [[160, 120]]
    before = client.predict(image, points=point)
    training = client.trainings.start(project, "drawn_1", label="disc")
    done = client.trainings.wait(training, timeout=PATIENCE_S)
    assert (done.state, done.error, done.images, done.objects) == ("done", None, IMAGES, IMAGES)
    assert done.result.installed
    assert len(done.result.before["miou"]) == len(done.result.after["miou"]) > 0
    trained = next(each for each in client.segmenters() if each.id == "drawn_1")
    client.projects.change(project, segmenter="drawn_1")
    assert client.projects.get(project.id).settings["segmenter"] == "drawn_1"
    with_it = client.predict(image, points=point, segmenter="drawn_1")
    assert (with_it.segmenter, with_it.weights) == ("drawn_1", trained.weights)
    assert with_it.best.predicted_iou != before.best.predicted_iou
    report = client.trainings.report(done, tmp_path / "report.html")
    assert "disc" in report.read_text("utf-8")
    client.projects.change(project, segmenter=done.base)
    again = client.predict(image, points=point, segmenter=done.base)
    assert again.best.predicted_iou == before.best.predicted_iou
    assert "drawn_1" in [each.id for each in client.segmenters()]  # it stays


def test_two_rounds_of_the_loop(served, monkeypatch):
    folder, client, project = served
    coarse = to_json(ProposalSettings(points_per_side=3, pred_iou_thresh=0.0, stability_score_thresh=0.0))
    monkeypatch.setattr(loop, "SETTINGS_AHEAD", ProposalSettings(**coarse))
    waiting, _ = upload(client, project, 20, folder)  # nobody has drawn on it

    def proposed_with():
        """Weights of the segmenter that proposed masks for it."""
        with closing(sqlite3.connect(folder / "samphire.db")) as connection:
            query = "SELECT weights FROM proposal_sets WHERE image_id = ?"
            return [row[0] for row in connection.execute(query, (waiting.id,))]

    seen = []
    for number in (1, 2):
        words = ["loop", "--project", "Drawn", "--out", "drawn", "--data", str(folder)]
        assert main([*words, "--log-level", "error"]) == 0
        assert client.projects.get(project.id).settings["segmenter"] == "drawn"
        trained = next(each for each in client.segmenters() if each.id == "drawn")
        assert proposed_with() == [trained.weights]
        rounds = client.trainings.list(project)
        assert [(each.segmenter, each.base, each.state) for each in rounds] == number * [
            ("drawn", "mobile_sam", "done")
        ]
        assert rounds[0].images == IMAGES - 1 + number
        seen.append(trained.weights)
        annotate(client, project, 10 + number, folder)
    assert seen[0] != seen[1]
