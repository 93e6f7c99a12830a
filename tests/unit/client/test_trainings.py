"""Trainings: started once, waited for, their reports downloaded."""

import json

import pytest

from server.client import Conflict, NotFound

TIME = "2026-01-02T03:04:05Z"
TOLD = {
    "id": "t", "what": "tokens", "state": "running", "segmenter": "dogs", "title": "Dogs", "base": "mobile_sam",
    "label": "dog", "at": TIME, "step": "training", "part": 0.5,
}  # fmt: skip
FIGURES = {"miou": [0.5, 0.6], "box": 0.7}
COUNTS = {"training": 4, "held_out": 2}
RESULT = {
    "installed": True, "reason": "Better.", "gain": 0.1, "error": 0.01, "before": FIGURES, "after": FIGURES,
    "images": COUNTS, "objects": COUNTS,
}  # fmt: skip
DONE = TOLD | {"state": "done", "step": None, "part": None, "ended_at": TIME, "result": RESULT}


def begun(server, client):
    server.will(202, TOLD)
    return client.trainings.start("p", "dogs", label="dog", minutes=5)


def test_one_is_started_and_waited_for(server, client, pauses):
    training = begun(server, client)
    assert (server.asked[0].method, server.asked[0].path) == ("POST", "/api/projects/p/trainings")
    assert json.loads(server.asked[0].body) == {
        "id": "dogs", "what": "choice", "label": "dog", "title": None, "minutes": 5,
    }  # fmt: skip
    server.will(200, TOLD)
    server.will(200, DONE)
    seen = []
    done = client.trainings.wait(training, progress=lambda now: seen.append((now.step, now.part)))
    assert seen == [("training", 0.5), (None, None)]
    assert done.result.installed
    assert done.result.after["miou"][0] == 0.5
    assert {each.path for each in server.asked[1:]} == {"/api/projects/p/trainings/t"}
    assert len(pauses) == 1


def test_waiting_has_an_end(server, client):
    training = begun(server, client)
    server.will(200, TOLD)
    with pytest.raises(TimeoutError, match="dogs is still running"):
        client.trainings.wait(training, timeout=0)


def test_a_start_is_not_repeated_and_a_pause_is(server, client):
    server.will_refuse(409, "conflict")
    with pytest.raises(Conflict):
        client.trainings.start("p", "dogs", segmenter="sam2")
    assert json.loads(server.asked[0].body)["segmenter"] == "sam2"
    training = begun(server, client)
    server.will_break()
    server.will(200, TOLD | {"state": "paused"})
    assert client.trainings.pause(training).is_over
    server.will(200, {"trainings": [TOLD], "needs": None})
    [listed] = client.trainings.list("p")
    assert listed == training


def test_a_report_is_a_file(server, client, tmp_path):
    training = begun(server, client)
    server.will(200, b"<!doctype html>", Content_Type="text/html")
    path = client.trainings.report(training, tmp_path / "report.html")
    assert path.read_bytes() == b"<!doctype html>"
    assert server.asked[-1].path == "/api/projects/p/trainings/t/report"
    server.will_refuse(404, "not_found")
    with pytest.raises(NotFound):
        client.trainings.report(training, path)


def test_a_projects_settings_are_changed(server, client):
    server.will(200, {"id": "p", "name": "Dogs", "created_at": TIME, "settings": {"segmenter": "dogs"}})
    assert client.projects.change("p", segmenter="dogs").settings == {"segmenter": "dogs"}
    assert (server.asked[0].method, server.asked[0].path) == ("PATCH", "/api/projects/p")
    assert json.loads(server.asked[0].body) == {"settings": {"segmenter": "dogs"}}
