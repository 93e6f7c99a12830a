"""What stands with an image of its objects is what summing them up gives, whatever changes them; and listings are
read in the order of an index, in either database."""

import pytest
from sqlalchemy import delete, event, select, update

from server.lab.bench.scale.seeding import LABELS, PROJECT, Seeded, image_id, seed
from server.storage.engine import Database
from server.storage.rows import project_images
from server.storage.rows.layers import common
from server.storage.rows.listing.filter import Filter
from server.storage.rows.listing.order import SORTS, Order
from server.storage.rows.proposals import nearest
from server.storage.tables import Annotation, NearestProposal, ProjectImage, ProposalSet
from server.storage.tables.projects import UNKNOWN_CERTAINTY

BUSY = image_id(0, 0)


@pytest.fixture
def db(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path / 'samphire.db'}")
    seed(database, tmp_path / "blobs", Seeded(images=40, objects=200))
    with database.write() as session:
        session.execute(update(Annotation).values(image_id=BUSY).where(Annotation.z < 20))
    yield database
    database.close()


def standing(db):
    with db.read() as session:
        rows = session.execute(
            select(
                ProjectImage.image_id, ProjectImage.objects, ProjectImage.lowest_iou, ProjectImage.certainty
            )
        )
        return {row[0]: tuple(row[1:]) for row in rows}


def summed_up(db):
    found = {}
    with db.read() as session:
        for image in session.scalars(select(ProjectImage.image_id)):
            known = nearest.certainties(session, PROJECT, image, None)
            scores = [each for _, _, each in known if each is not None]
            lowest = session.scalars(
                select(Annotation.predicted_iou).where(
                    Annotation.image_id == image,
                    Annotation.layer.is_(None),
                    Annotation.predicted_iou.is_not(None),
                )
            ).all()
            found[image] = (len(known), min(lowest, default=None), min(scores, default=UNKNOWN_CERTAINTY))
    return found


def move(session):
    session.execute(update(Annotation).values(image_id=BUSY).where(Annotation.z > 80))


def change_score(session):
    session.execute(update(Annotation).values(predicted_iou=0.01).where(Annotation.z < 5))


def forget_scores(session):
    session.execute(update(Annotation).values(predicted_iou=None, stability_score=None, candidates_iou=None))


def move_to_layer(session):
    session.execute(update(Annotation).values(layer="somebody").where(Annotation.z % 2 == 0))


def remove(session):
    session.execute(delete(Annotation).where(Annotation.z < 50))


def compare(session):
    """With a proposal that some are far from."""
    made = {"ahead": True, "segmenter": "s", "weights": "w", "settings": {}, "complete": True}
    session.add(ProposalSet(id="set", project_id=PROJECT, image_id=BUSY, **made))
    session.flush()
    for each in session.scalars(select(Annotation).limit(5)):
        about = {"annotation_id": each.id, "project_id": PROJECT, "version": each.version}
        session.add(NearestProposal(**about, set_id="set", iou=-0.9))
    session.flush()


def change_what_is_compared(session):
    session.execute(update(Annotation).values(version=Annotation.version + 1))


def forget_proposals(session):
    session.execute(delete(ProposalSet))


@pytest.mark.parametrize("act", [move, change_score, forget_scores, move_to_layer, remove, compare])
def test_it_is_what_summing_up_gives(db, act):
    before = standing(db)
    assert before == summed_up(db)
    with db.write() as session:
        act(session)
    assert standing(db) == summed_up(db) != before


@pytest.mark.parametrize("act", [change_what_is_compared, forget_proposals])
def test_what_is_compared_with_nothing_any_more_counts_as_before(db, act):
    before = standing(db)
    with db.write() as session:
        compare(session)
    assert standing(db) == summed_up(db) != before
    with db.write() as session:
        act(session)
    assert standing(db) == summed_up(db) == before


def plans(db, act):
    """How the database goes about what is asked of it, statement by statement."""
    found = []
    postgres = db.engine.dialect.name == "postgresql"

    def explain(connection, _cursor, statement, parameters, _context, _many):
        cursor = connection.connection.cursor()
        if postgres:
            cursor.execute("SET LOCAL enable_seqscan = off")  # few rows are read whole else
            cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(("EXPLAIN " if postgres else "EXPLAIN QUERY PLAN ") + statement, parameters)
        found.append("\n".join(str(row[0 if postgres else 3]) for row in cursor.fetchall()))

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        with db.read() as session:
            act(session)
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)
    return found


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_are_read_in_the_order_of_an_index(db, sort, descending):
    order = Order(sort, descending)
    with db.read() as session:
        place = project_images.place_of(session, common(PROJECT), image_id(0, 20), sort)
    for after in (None, place):
        found = plans(
            db, lambda s, after=after: project_images.page(s, common(PROJECT), Filter(), order, 5, after)
        )
        assert found
        assert not any("B-TREE" in plan or "Sort" in plan for plan in found), found


def test_a_label_is_looked_for_in_an_index_alone(db):
    [plan] = plans(db, lambda s: project_images.counts(s, common(PROJECT), Filter(label=LABELS[0])))
    assert "ix_annotations_labelled" in plan
