"""A project with objects to train on, for tests of trainings."""

import json

import gevent
import numpy as np
import pytest

from server.domain.masks import encode_rle
from server.features.training.gathering import Gathering
from server.features.training.running import TRAIN
from tests.training import COMMAND, container
from tests.web.test_openapi import SCHEMAS, check
from tests.web.working import make_project

PATIENCE_S = 60


@pytest.fixture
def training_project(make_app, make_picture, monkeypatch):
    """Eight images of which six have an object; `max` manages it."""
    monkeypatch.setattr(Gathering, "_container", lambda self, image, spec: container(image))
    made = make_project(
        make_app(team=True), make_picture, images=8, max="manager", rev="reviewer", ann="annotator"
    )
    made.services.trainer.command = COMMAND
    made.services.trainings.packages = ()
    made.services.queue.start()
    for number in range(6):
        add(made, number)
    return made


def add(project, number=0, label="dog", box=False, who=None):
    mask = np.zeros((30, 40), bool)
    mask[6:22, 4:24] = True
    mask[6, 4] = box
    body = {"label": label, "color": "#1f77b4", "rle": encode_rle(mask)}
    path = f"{project.path}/images/{project.images[number]}/annotations"
    answer = (who or project.max).post(path, json=body)
    assert answer.status_code == 201, answer.json
    return answer.json


def set_state(project, number, state):
    path = f"{project.path}/images/{project.images[number]}"
    assert project.max.patch(path, json={"state": state}).status_code == 200


def plan(project, **values):
    """What the program does."""
    (project.services.settings.data_path / "trainer.json").write_text(json.dumps(values))


def post(project, path="", status=202, **body):
    answer = project.max.post(f"{project.path}/trainings{path}", json=body)
    assert answer.status_code == status, answer.json
    return answer.json


def start(project, **more):
    return post(project, **{"what": "tokens", "id": "streets_1", **more})


def get(project, run):
    return project.max.get(f"{project.path}/trainings/{run['id']}").json


def until(project, run, true):
    with gevent.Timeout(PATIENCE_S):
        while not true(told := get(project, run)):
            gevent.sleep(0.02)
    return told


def trained(told):
    return told["step"] == "training" and told["part"] > 0


def ended(project, run):
    project.services.queue.wait((TRAIN, run["id"]), PATIENCE_S)
    return get(project, run)


def estimate(project, **query):
    answer = project.max.get(f"{project.path}/trainings/estimate", query_string=query)
    assert answer.status_code == 200, answer.json
    check(SCHEMAS["TrainingEstimate"], answer.json, "")
    return answer.json


def folder(project, run):
    return project.services.settings.data_path / "trainings" / run["id"]
