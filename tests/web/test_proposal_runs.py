"""Runs of the automatic mask generator: told line by line, stopped half way, one at a time, and what they leave."""

import json

import numpy as np
import pytest

from server.domain.policy import Actor
from server.domain.runs import Window
from server.errors import DecodingFailed
from server.features.proposals import runs
from server.inference.automask_types import AutomaticMask, Stopped
from server.storage.rows import members
from tests.web.visiting import make_link, visiting
from tests.web.working import make_project

ROLES = {"max": "manager", "ann": "annotator", "ben": "annotator", "vic": "viewer"}


@pytest.fixture
def project(make_app, make_picture):
    made = make_project(make_app(team=True), make_picture, images=2, **ROLES)
    services = made.services
    services.proposal_runs._scenes.open_automatic = lambda *_: (None, None)
    return made


@pytest.fixture
def generate(project):
    """Has the runs done by this."""

    def use(fn):
        project.services.proposal_runs._generate = fn

    return use


def mask(number):
    window = Window(np.ones((4, 6 + number % 20), bool), 3, 2)
    return AutomaticMask.of(
        window, (40, 30), 0.9 - number / 10_000, 0.96, (5.0 + number, 4.0), (0, 0, 40, 30)
    )


def finds(*numbers, kept=None):
    """What finds these masks at once, of which those are kept."""

    def generate(decoder, view, size, settings, *, each, found, progress, stopped):
        assert size == (40, 30)
        made = each(mask, numbers)
        found(made)
        progress(0.5)
        return [one for one, number in zip(made, numbers, strict=True) if kept is None or number in kept]

    return generate


def goes_on(decoder, view, size, settings, *, each, found, progress, stopped):
    """Finds a mask, and then nothing until it is stopped."""
    found([mask(1)])
    while not stopped():
        each(lambda seconds: None, [0.01])
    raise Stopped


def address(project, image=0):
    return f"{project.path}/images/{project.images[image]}/proposals"


def begin(project, client, image=0, **body):
    answer = client.post(address(project, image), json=body, buffered=False)
    assert answer.status_code == 200, answer.json
    assert answer.mimetype == "application/x-ndjson"
    return map(json.loads, answer.response)


def lines(project, client, image=0, **body):
    return list(begin(project, client, image, **body))


def until_found(news):
    return next(each for each in news if each["found"])


def listed(project, client):
    return [each["id"] for each in client.get(address(project)).json["proposals"]]


def stop(project, client):
    answer = client.post(f"{project.path}/images/{project.images[0]}/stop-proposing")
    assert answer.status_code == 204


def test_what_is_found_is_told_and_then_stored(project, generate):
    generate(finds(1, 2, 3, kept=(1, 3)))
    news = lines(project, project.ann)
    found = [each["id"] for line in news for each in line["found"]]
    assert len(found) == 3
    last = news[-1]
    assert (last["state"], last["progress"]) == ("complete", 0.5)
    assert last["kept"] == [found[0], found[2]] == listed(project, project.ben)
    stored = project.ann.get(address(project)).json
    assert (stored["complete"], stored["ahead"], stored["running"]) == (True, False, False)
    assert stored["created_by"] == project.ann.account
    assert stored["settings"]["fast"] is True


def test_a_run_has_the_settings_that_are_asked_for(project, generate):
    told = []

    def listens(decoder, view, size, settings, **more):
        told.append(settings)
        return []

    generate(listens)
    lines(project, project.ann, points_per_side=16, pred_iou_thresh=0.7, fast=False)
    [settings] = told
    assert (settings.points_per_side, settings.pred_iou_thresh, settings.fast) == (16, 0.7, False)
    assert settings.crop_nms_thresh == 0.7


@pytest.mark.parametrize(
    "body",
    [
        {"points_per_side": 0},
        {"points_per_side": 65},
        {"pred_iou_thresh": 1.5},
        {"fast": 1},
        {"segmenter": 7},
    ],
)
def test_what_is_no_setting_is_refused(project, generate, check_error, body):
    generate(finds())
    check_error(project.ann.post(address(project), json=body), 400, "bad_request")
    assert project.ann.get(address(project)).json["running"] is False


def test_what_was_found_until_it_was_stopped_is_kept(project, generate):
    generate(goes_on)
    news = begin(project, project.ann)
    [found] = until_found(news)["found"]
    assert project.ann.get(address(project)).json["running"] is True
    stop(project, project.ann)
    last = list(news)[-1]
    assert (last["state"], last["kept"]) == ("stopped", [found["id"]])
    stored = project.ann.get(address(project)).json
    assert [each["id"] for each in stored["proposals"]] == [found["id"]]
    assert (stored["complete"], stored["running"]) == (False, False)


def test_who_stops_reading_stops_the_run(project, generate):
    generate(goes_on)
    answer = project.ann.post(address(project), json={}, buffered=False)
    until_found(map(json.loads, answer.response))
    answer.close()
    while project.ann.get(address(project)).json["running"]:
        runs.greenlets.sleep(0.01)
    assert len(listed(project, project.ann)) == 1


def test_there_is_one_run_at_a_time_for_an_image(project, generate, check_error):
    generate(goes_on)
    news = begin(project, project.ann)
    until_found(news)
    check_error(project.ben.post(address(project), json={}), 409, "conflict")
    other = begin(project, project.ben, image=1)
    until_found(other)
    stop(project, project.ann)
    assert list(news)[-1]["state"] == "stopped"


def test_ones_own_run_gives_way_to_the_next(project, generate):
    generate(goes_on)
    former = begin(project, project.ann)
    until_found(former)
    generate(finds(7))
    assert lines(project, project.ann)[-1]["state"] == "complete"
    assert list(former)[-1]["state"] == "stopped"
    assert len(listed(project, project.ann)) == 1


def test_a_failure_is_the_last_line(project, generate):
    def fails(*_args, **_more):
        raise DecodingFailed()

    generate(fails)
    last = lines(project, project.ann)[-1]
    assert (last["state"], last["error"]["code"], last["kept"]) == ("failed", "decoding_failed", [])
    assert project.ann.get(address(project)).json["running"] is False


def test_no_more_are_found_than_there_may_be(project, generate, monkeypatch):
    monkeypatch.setattr(runs, "MOST", 5)

    def many(decoder, view, size, settings, *, each, found, progress, stopped):
        for number in range(0, 100, 2):
            if stopped():
                raise Stopped
            found([mask(number), mask(number + 1)])
        return []

    generate(many)
    news = lines(project, project.ann)
    assert len([each for line in news for each in line["found"]]) == 5
    assert len(listed(project, project.ann)) == 5


def test_what_a_visitor_tries_is_not_stored(project, generate):
    generate(finds(1, 2))
    visitor = visiting(project.app, make_link(project.max, project.id, "try"))
    news = lines(project, visitor)
    assert (news[-1]["state"], len(news[-1]["kept"])) == ("complete", 2)
    assert listed(project, visitor) == listed(project, project.ann) == []


def test_a_visitor_who_annotates_has_it_stored(project, generate):
    generate(finds(1, 2))
    visitor = visiting(project.app, make_link(project.max, project.id, "annotate"))
    assert lines(project, visitor)[-1]["kept"] == listed(project, project.ann)


def test_in_layers_each_has_a_run_of_their_own(project, generate):
    assert project.max.patch(project.path, json={"settings": {"annotators_per_image": 2}}).status_code == 200
    generate(goes_on)
    anns = begin(project, project.ann)
    until_found(anns)
    assert project.ben.get(address(project)).json["running"] is False
    bens = begin(project, project.ben)
    until_found(bens)
    stop(project, project.ben)
    assert list(bens)[-1]["state"] == "stopped"
    assert project.ann.get(address(project)).json["running"] is True
    stop(project, project.ann)
    assert list(anns)[-1]["state"] == "stopped"
    assert not set(listed(project, project.ann)) & set(listed(project, project.ben))
    assert listed(project, project.max) == []


def test_a_run_that_ends_before_it_began_stands_in_nobodys_way(project, generate):
    generate(finds(1))
    actor = Actor("account", project.ann.account)
    run = project.services.proposal_runs.start(actor, project.id, project.images[0], {}, keeps=True)
    run.close()
    assert [json.loads(line)["state"] for line in run][-1] == "stopped"
    assert lines(project, project.ann)[-1]["state"] == "complete"


def test_a_run_that_nobody_read_to_its_end_replaces_nothing(project, generate):
    generate(finds(1, 2))
    lines(project, project.ann)
    before = listed(project, project.ann)
    generate(goes_on)
    answer = project.ann.post(address(project), json={}, buffered=False)
    until_found(map(json.loads, answer.response))
    answer.close()
    while project.ann.get(address(project)).json["running"]:
        runs.greenlets.sleep(0.01)
    assert listed(project, project.ann) == before


def test_visitors_ask_for_no_more_than_the_page_does(project, generate, check_error):
    generate(finds(1))
    visitor = visiting(project.app, make_link(project.max, project.id, "try"))
    for body in (
        {"crop_n_layers": 1},
        {"points_per_side": 64},
        {"pred_iou_thresh": 0},
        {"box_nms_thresh": 1},
    ):
        check_error(visitor.post(address(project), json=body), 400, "bad_request")
    page = {"pred_iou_thresh": 0.7, "stability_score_thresh": 0.85, "box_nms_thresh": 0.9}
    assert lines(project, visitor, **page)[-1]["state"] == "complete"


def test_who_may_not_save_stops_only_their_own_run(project, generate):
    generate(goes_on)
    news = begin(project, project.ann)
    until_found(news)
    stop(project, visiting(project.app, make_link(project.max, project.id, "try")))
    assert project.ann.get(address(project)).json["running"] is True
    stop(project, project.ann)
    assert list(news)[-1]["state"] == "stopped"


def test_what_is_found_for_somebody_who_lost_their_role_meanwhile_is_not_stored(project, generate):
    generate(goes_on)
    news = begin(project, project.ann)
    until_found(news)
    with project.services.db.write() as session:
        members.put(session, project.id, project.ann.account, "viewer")
    stop(project, project.max)
    last = list(news)[-1]
    assert (last["state"], last["error"]["code"]) == ("failed", "forbidden")
    assert listed(project, project.max) == []
