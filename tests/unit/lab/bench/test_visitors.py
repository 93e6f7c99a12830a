"""Visitors who come at once: each is served by a real server, and what the report says of them."""

import pytest

from server.config import Settings
from server.lab.bench import pictures
from server.lab.bench.people import make_people
from server.lab.bench.sections.visitors import Tried, make_link, report, visit_all
from server.lab.bench.serving import SamphireServer


def test_a_few_visitors_try_an_image_at_once(tmp_path):
    [token] = make_people(tmp_path / "data", ["Owner"])
    server = SamphireServer(tmp_path / "data", Settings(), "--team")
    try:
        link = make_link(server.address, token, "small.jpg", pictures.drawn_jpeg((200, 150)))
        visits, seconds = visit_all([server.address], link, 3, 2)
        assert [seen.failure for seen in visits] == [None] * 3
        assert all(len(seen.masks) == 2 for seen in visits)
        assert all(0 < seen.page < seen.first_mask < seen.whole <= seconds for seen in visits)
        rows = {row.name: row for row in report(visits, seconds)}
        assert rows["visitors.failed"].met
        headers = {"Authorization": f"Bearer {token}"}
        server.ask("DELETE", f"/api/projects/default/links/{link.id}", headers=headers)
        [refused], _ = visit_all([server.address], link, 1, 1)
        assert "404" in refused.failure
    finally:
        server.stop()


@pytest.fixture
def visits():
    return [Tried(1.0, 2.0 + n, 9.0 + n, [1.0, 2.0]) for n in range(9)]


def rows_of(visits):
    return {row.name: row for row in report(visits, 20.0)}


def test_rates_spreads_and_the_slowest(visits):
    rows = rows_of(visits)
    assert rows["visitors.rate"].value == 9 / 20
    assert rows["visitors.masks"].value == 18 / 20
    assert (rows["visitors.first"].value, rows["visitors.first"].note) == (6.0, "slowest 10.00 s")
    assert rows["visitors.starved"].met
    assert rows["visitors.failed"].met


@pytest.mark.parametrize("one", [Tried(1.0, 30.0, 40.0, [29.0]), Tried(1.0, failure="It was refused.")])
def test_who_waits_much_longer_than_others_or_in_vain_starved(visits, one):
    rows = rows_of([*visits, one])
    assert (rows["visitors.starved"].value, rows["visitors.starved"].met) == (1, False)
    assert rows["visitors.failed"].met is (one.failure is None)


def test_nobody_was_served():
    rows = rows_of([Tried(failure="It was refused.")])
    assert "It was refused." in rows["visitors.failed"].note
    assert rows["visitors.rate"].value is None
