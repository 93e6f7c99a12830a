"""Managers of a project hear over the socket how its trainings go; what trainings leave on the disk."""

import os

import gevent

from tests.web.test_openapi import SCHEMAS, check
from tests.web.training import (
    ended,
    folder,
    plan,
    start,
    training_project,
    until,
)

project = training_project


def test_managers_are_told_and_nobody_else(project):
    server = project.app.extensions["socketio"]
    sockets = {
        name: server.test_client(project.app, flask_test_client=client)
        for name, client in project.clients.items()
    }
    watched = {
        name: socket.emit("watch_trainings", {"project": project.id}, callback=True)["ok"]
        for name, socket in sockets.items()
    }
    assert watched == {"max": True, "rev": False, "ann": False}
    run = start(project)
    ended(project, run)
    told = sockets["max"].get_received()
    names = [each["name"] for each in told]
    assert names.count("training:point") == 7
    assert {"training:progress", "training:ended"} <= set(names)
    last = told[-1]
    assert (last["name"], last["args"][0]["training"]["state"]) == ("training:ended", "done")
    check(SCHEMAS["TrainingTold"], last["args"][0], "")
    point = next(each["args"][0] for each in told if each["name"] == "training:point")
    check(SCHEMAS["TrainingPointTold"], point, "")
    assert point["point"] == {"step": 0, "loss": None, "validation": 0.6}
    assert sockets["rev"].get_received() == sockets["ann"].get_received() == []


def test_who_manages_no_more_is_told_no_more(project):
    server = project.app.extensions["socketio"]
    socket = server.test_client(project.app, flask_test_client=project.max)
    assert socket.emit("watch_trainings", {"project": project.id}, callback=True)["ok"]
    plan(project, seconds=0.2, steps=100)
    run = start(project)
    until(project, run, lambda told: told["step"] == "training")
    admin = project.join("boss", "owner")
    path = f"{project.path}/members/{project.max.account}"
    assert admin.patch(path, json={"role": "annotator"}).status_code == 200
    socket.get_received()
    gevent.sleep(0.8)
    assert socket.get_received() == []


def test_folders_of_no_training_go_into_quarantine(project):
    run = start(project)
    ended(project, run)
    stray = folder(project, {"id": "stray"})
    (stray / "set").mkdir(parents=True)
    (stray / "report.html").write_text("How it went")
    project.services.janitor.clean()
    assert stray.exists()  # it may be of what is just beginning
    os.utime(stray, (1, 1))
    project.services.janitor.clean()
    assert not stray.exists()
    assert "trainings/stray/report.html" in project.services.quarantine.files()
    assert folder(project, run).exists()
