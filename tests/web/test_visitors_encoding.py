"""What visitors may have encoded: with the segmenter of their link's project, and so many close-ups in a minute."""

import io
from types import SimpleNamespace

import gevent
import pytest
from gevent.event import Event

from server.domain.policy import Actor
from server.domain.visits import Visit
from server.errors import SegmenterNotFound
from server.features.embeddings import close_ups
from server.runtime.queue.base import NO_JOB
from tests.installing import install
from tests.web.visiting import filled, make_link, visit, visiting

OTHER = "squeezed"
KEYS = [f"1-{column}-{row}" for column in range(4) for row in range(3)]


@pytest.fixture
def app(make_app, tmp_path, monkeypatch):
    monkeypatch.setattr(close_ups, "_OF_VISITOR", 4)
    monkeypatch.setattr(close_ups, "_OF_ADDRESS", 6)
    monkeypatch.setattr(close_ups, "_OF_LINK", 8)
    install(tmp_path / "data" / "segmenters", OTHER, "5" * 64)
    return make_app(team=True, predict_timeout_s=0.01)


@pytest.fixture
def place(app, make_picture, make_annotation):
    made = filled(app, make_picture, make_annotation)
    file = (io.BytesIO(make_picture("JPEG", size=(1600, 1200))), "large.jpg")
    sent = made.owner.post(f"/api/projects/{made.project}/images", data={"file": file})
    assert sent.status_code == 201, sent.json
    made.other = sent.json["id"]
    return made


def look(guest, place, key):
    return guest.post(f"/api/images/{place.other}/embedding?window={key}").status_code


def test_close_ups_of_a_visitor_have_a_pace(app, place, check_error):
    guest = visit(app, place, "try")
    assert [look(guest, place, key) for key in KEYS[:6]] == [202] * 4 + [429] * 2
    refused = guest.post(f"/api/images/{place.other}/embedding?window={KEYS[6]}")
    check_error(refused, 429, "too_many_close_ups")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    check_error(guest.get(f"/api/images/{place.other}/embedding?window={KEYS[6]}"), 429, "too_many_close_ups")
    prompt = {"points": [[10, 10, 1]], "window": "1-0-0"}
    check_error(guest.post(f"/api/images/{place.other}/predict", json=prompt), 429, "too_many_close_ups")
    assert guest.post(f"/api/images/{place.other}/embedding").status_code == 202  # the whole image
    assert [look(place.owner, place, key) for key in KEYS] == [202] * len(KEYS)


def test_another_visit_or_another_address_is_no_way_around(app, place):
    link = make_link(place.owner, place.project, "try")
    guests = [visiting(app, link) for _ in range(4)]
    assert [look(guests[0], place, key) for key in KEYS[:4]] == [202] * 4
    assert [look(guests[1], place, key) for key in KEYS[:4]] == [202] * 2 + [429] * 2
    for number, guest in enumerate(guests[2:]):
        guest.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
    assert [look(guests[2], place, key) for key in KEYS[:4]] == [202] * 2 + [429] * 2
    another = visit(app, place, "try")
    another.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert look(another, place, KEYS[0]) == 202


def test_what_failed_is_not_tried_again_for_ever(app, place, monkeypatch):
    services, guest = app.extensions["samphire"], visit(app, place, "try")
    failed = type(NO_JOB)("failed", error=SegmenterNotFound())
    monkeypatch.setattr(services.queue, "status", lambda key: failed)
    codes = [guest.post(f"/api/images/{place.one}/embedding").status_code for _ in range(6)]
    assert codes == [202] * 4 + [429] * 2


@pytest.mark.parametrize("kind", ["try", "annotate"])
def test_visitors_use_the_segmenter_of_the_project(app, place, kind, check_error):
    guest = visit(app, place, kind)
    assert [each["id"] for each in guest.get("/api/segmenters").json["segmenters"]] == ["mobile_sam"]
    page = guest.get(f"/projects/{place.project}/images/{place.one}").text
    assert OTHER not in page
    asked = f"/api/images/{place.one}/embedding?segmenter={OTHER}"
    for refused in (
        guest.post(asked),
        guest.get(asked),
        guest.post(f"/api/images/{place.one}/predict", json={"points": [[1, 1, 1]], "segmenter": OTHER}),
        guest.post(place.of(place.one, "/proposals"), json={"segmenter": OTHER}),
        guest.get(f"/api/projects/{place.project}/queue?segmenter={OTHER}"),
    ):
        check_error(refused, 404, "segmenter_not_found")
    socket = app.extensions["socketio"].test_client(app, flask_test_client=guest)
    sent = {"image": place.one, "project": place.project, "segmenter": OTHER}
    for event, more in (("watch", {}), ("predict", {"seq": 1, "points": [[1, 1, 1]]})):
        answer = socket.emit(event, sent | more, callback=True)
        assert answer["error"]["code"] == "segmenter_not_found", event
    assert place.owner.post(asked).status_code == 202


def test_it_is_the_one_that_the_project_has_chosen(app, place, check_error):
    chosen = {"settings": {"segmenter": OTHER}}
    assert place.owner.patch(f"/api/projects/{place.project}", json=chosen).status_code == 200
    guest = visit(app, place, "try")
    address = f"/api/images/{place.one}/embedding"
    assert guest.post(address).json["segmenter"] == OTHER
    assert guest.post(f"{address}?segmenter={OTHER}").status_code == 202
    check_error(guest.post(f"{address}?segmenter=mobile_sam"), 404, "segmenter_not_found")
    assert [each["id"] for each in guest.get("/api/segmenters").json["segmenters"]] == [OTHER]
    assert place.owner.post(address).json["segmenter"] == "mobile_sam"


def test_visitors_share_one_place_for_proposals_and_take_turns_by_their_addresses(app, place):
    runs = app.extensions["samphire"].proposal_runs
    visit = Visit("link", "try", place.project)

    def asks(address, who, visit=None):
        """One who has begun a run; `.began` once it has a place, which it keeps until `.ends`."""
        asked = SimpleNamespace(began=Event(), ends=Event())
        actor = Actor("visitor" if visit else "account", who, visit=visit)
        run = SimpleNamespace(actor=actor, path=(address, who, "1"), stopped=False)

        def hold():
            with runs._place(run):
                asked.began.set()
                asked.ends.wait(10)

        gevent.spawn(hold)
        gevent.sleep(0.01)
        return asked

    first, second = (asks("192.0.2.1", name, visit) for name in ("v1", "v2"))
    other, member = asks("192.0.2.2", "v3", visit), asks("192.0.2.1", "ann")
    assert [each.began.is_set() for each in (first, second, other, member)] == [True, False, False, True]
    first.ends.set()
    assert (second if second.began.wait(0.5) else other).began.is_set()
    for each in (first, second, other, member):
        each.ends.set()
        assert each.began.wait(5)
