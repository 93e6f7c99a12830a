"""What visitors save has a pace, however many visits they begin: anybody may be one."""

import pytest

from server.features.links import pace
from tests.web.visiting import filled, make_link, visit, visiting


@pytest.fixture
def app(make_app, monkeypatch):
    monkeypatch.setattr(pace, "_OF_ADDRESS", 2000)
    monkeypatch.setattr(pace, "_OF_LINK", 3000)
    return make_app(team=True)


@pytest.fixture
def place(app, make_picture, make_annotation):
    return filled(app, make_picture, make_annotation)


def set_state(guest, place, state="done"):
    return guest.patch(place.of(place.one), json={"state": state})


def test_changes_count_though_they_are_small(app, place, check_error):
    link = make_link(place.owner, place.project, "annotate")
    guest, again = visiting(app, link), visiting(app, link)
    for _ in range(2):
        assert set_state(guest, place).status_code == 200
        assert set_state(again, place, "new").status_code == 200
    refused = set_state(guest, place)
    check_error(refused, 429, "too_much_saved")
    assert int(refused.headers["Retry-After"]) > 3000
    check_error(
        set_state(visiting(app, link), place), 429, "too_much_saved"
    )  # another visit is no way around
    assert guest.get(place.of(place.one)).status_code == 200
    assert set_state(place.owner, place).status_code == 200


def test_a_link_has_a_pace_too(app, place, check_error):
    link = make_link(place.owner, place.project, "review")
    codes = []
    for number in range(8):
        guest = visiting(app, link)
        guest.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        codes.append(set_state(guest, place, ("done", "new")[number % 2]).status_code)
    assert codes == [200] * 6 + [429] * 2
    assert set_state(visit(app, place, "annotate"), place, "in_progress").status_code == 200


def test_what_an_address_is_refused_takes_nothing_from_others(app, place):
    link = make_link(place.owner, place.project, "annotate")
    guest, other = visiting(app, link), visiting(app, link)
    other.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    codes = [set_state(guest, place, ("done", "new")[number % 2]).status_code for number in range(20)]
    assert codes == [200] * 4 + [429] * 16
    assert set_state(other, place).status_code == 200


@pytest.mark.parametrize("chunked", [True, False])
def test_large_bodies_count_by_their_bytes(app, place, make_annotation, chunked, check_error):
    guest = visit(app, place, "annotate")
    headers = {"Transfer-Encoding": "chunked"} if chunked else {}
    body = make_annotation(7) | {"note": "x" * 1900}
    check_error(
        guest.post(place.of(place.one, "/annotations"), json=body, headers=headers), 429, "too_much_saved"
    )
    assert guest.post(place.of(place.one, "/annotations"), json=make_annotation(8)).status_code == 201
