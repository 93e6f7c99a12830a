"""Rows of embeddings: which were made by weights that are no longer a segmenter's, and how those are forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.storage.engine import Database
from server.storage.rows import embeddings as rows
from server.storage.tables import Embedding, Image

OLD, NEW = "0" * 64, "1" * 64
START = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def db(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path / 'x.db'}")
    with database.write() as session:
        for number in range(4):
            session.add(
                Image(
                    id=f"i{number}", identity=f"{number:064x}", name="a.png", width=4, height=3, format="PNG",
                    bytes=9, original_key="images/a", display_key="images/a", display_type="image/png",
                    thumbnail_key="images/t", created_at=START + timedelta(seconds=number),
                )
            )  # fmt: skip
    yield database
    database.close()


def add(db, image_id, segmenter, weights, seconds=1.0, age=0):
    with db.write() as session:
        session.add(
            Embedding(
                image_id=image_id, segmenter=segmenter, weights=weights, bytes=1, seconds=seconds,
                blob_key=f"embeddings/{image_id}/{segmenter}-{weights[0]}",
                created_at=START - timedelta(seconds=age),
            )
        )  # fmt: skip


def test_outdated_are_those_of_other_weights_of_segmenters_there_are(db):
    add(db, "i0", "a", OLD)
    add(db, "i1", "a", NEW)
    add(db, "i2", "a", OLD)
    add(db, "i2", "a", "2" * 64)
    add(db, "i2", "b", OLD)
    add(db, "i3", "removed", OLD)
    current = {"a": NEW, "b": NEW}
    with db.read() as session:
        found = rows.outdated(session, current, 10)
        assert sorted(found) == [("i0", "a"), ("i2", "a"), ("i2", "b")]
        assert [image_id for image_id, _ in found] == ["i2", "i2", "i0"]  # the newest image first
        assert rows.outdated(session, current, 1) == found[:1]
        assert rows.count_outdated(session, current) == 3
        assert rows.outdated(session, current, 10, skip=found[:2]) == [("i0", "a")]
        assert rows.count_outdated(session, current, skip=found[:2]) == 1
        assert rows.outdated(session, {}, 10) == []
        assert rows.count_outdated(session, {}) == 0


def test_what_is_outdated_is_removed_for_one_image_and_one_segmenter(db):
    for weights in (OLD, NEW, "2" * 64):
        add(db, "i0", "a", weights)
    add(db, "i0", "b", OLD)
    add(db, "i1", "a", OLD)
    with db.write() as session:
        keys = rows.remove_outdated(session, "i0", "a", {NEW})
    assert sorted(keys) == ["embeddings/i0/a-0", "embeddings/i0/a-2"]
    with db.read() as session:
        left = {(row.image_id, row.segmenter, row.weights) for row in session.scalars(select(Embedding))}
    assert left == {("i0", "a", NEW), ("i0", "b", OLD), ("i1", "a", OLD)}


def test_what_any_segmenter_decodes_is_not_outdated(db):
    add(db, "i0", "a", OLD)
    add(db, "i1", "a", "2" * 64)
    current = {"a": NEW, "trained": OLD}
    with db.write() as session:
        assert rows.outdated(session, current, 10) == [("i1", "a")]
        assert rows.remove_outdated(session, "i0", "a", current.values()) == []
        assert len(rows.remove_outdated(session, "i1", "a", current.values())) == 1


def test_they_are_found_by_what_they_carry(db):
    add(db, "i0", "a", OLD)
    add(db, "i1", "removed", OLD)
    with db.read() as session:
        assert rows.find(session, "i0", NEW) is None
        assert rows.find(session, "i0", OLD, "1-0-0") is None
        found = [rows.find(session, image, OLD) for image in ("i0", "i1")]
        assert [row and row.segmenter for row in found] == ["a", "removed"]
        assert set(rows.of_images(session, ["i0", "i1", "i2"], OLD)) == {"i0", "i1"}


def test_seconds_are_those_of_these_weights_newest_first(db):
    for number in range(4):
        add(db, f"i{number}", "a", NEW, seconds=float(number), age=number)
    add(db, "i0", "a", OLD, seconds=99.0)
    with db.read() as session:
        assert rows.recent_seconds(session, NEW, 3) == [0.0, 1.0, 2.0]
        assert rows.recent_seconds(session, "2" * 64, 3) == []
