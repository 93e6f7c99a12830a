"""All rows of a file into another database, and back: the same rows, whole or not at all."""

import pytest
from sqlalchemy import func, select

from server.errors import Conflict, UnusableData
from server.runtime.queue.base import Job
from server.storage import moving
from server.storage.engine import Database
from server.storage.moving import check_empty, copy
from server.storage.rows import jobs, project_images
from server.storage.tables import Annotation, Base, Image, JobRow, LabelClass, Project, ProjectRevision
from tests.unit.storage.migrating import open_at


@pytest.fixture
def open_new(tmp_path):
    opened = []

    def open_it(name):
        opened.append(Database.open(f"sqlite:///{tmp_path / name}"))
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()


@pytest.fixture
def full(open_new):
    """With rows of several tables, texts of several kinds and a gap among numbers."""
    db = open_new("full.db")
    with db.write() as session:
        session.get_one(Project, "default").settings = {"b": 1, "a": [0.1, None, "\u00e9"]}
        for number in range(3):
            image = Image(
                id=f"i{number}", identity=f"{number:064x}", name="a.png", width=4, height=3, format="PNG",
                bytes=2**40, original_key="a", display_key="a", display_type="image/png", thumbnail_key="t",
            )  # fmt: skip
            session.add(image)
            session.flush()
            project_images.put(session, "default", image.id, ("a", "B", "\u00c9")[number])
        session.add(LabelClass(id="x", project_id="default", name="x", color="#000000", position=0))
        session.add(
            Annotation(
                id="a",
                project_id="default",
                image_id="i1",
                label_id="x",
                rle_counts="0",
                area=1,
                bbox=[0, 0, 1, 1],
                z=0,
                prompts=[],
                predicted_iou=0.1,
                version=1,
            )
        )
        session.flush()
        session.get_one(Annotation, ("a", "default")).version += 1
        for key in ("one", "two"):
            jobs.put(session, Job("encode", {"key": key}, key))
        jobs.remove(session, ("encode", "one"))
    return db


def revision(db):
    with db.read() as session:
        return session.get_one(ProjectRevision, "default").value


def test_there_and_back_it_is_the_same(full, open_new):
    there, back, told = open_new("there.db"), open_new("back.db"), []
    copy(full, there, told.append)
    copy(there, back, lambda _: None)
    assert {each.table for each in told} == Base.metadata.tables.keys()
    assert {each.table: each.rows for each in told if each.rows} == {
        "projects": 1, "project_revisions": 1, "images": 3, "project_images": 3, "label_classes": 1,
        "annotations": 1, "annotation_versions": 1, "jobs": 1,
    }  # fmt: skip
    assert revision(full) == revision(there) == revision(back)
    with back.read() as session:
        assert session.get_one(Image, "i0").bytes == 2**40
        assert list(session.get_one(Project, "default").settings) == ["b", "a"]
    with back.write() as session:
        jobs.put(session, Job("encode", {}, "three"))
        assert session.scalars(select(JobRow.id).order_by(JobRow.id)).all() == [2, 3]


def test_what_is_not_empty_is_left_as_it_is(full, open_new):
    other = open_new("other.db")
    with other.write() as session:
        session.add(Project(id="theirs", name="Theirs"))
    with pytest.raises(Conflict, match="not empty"):
        copy(full, other, lambda _: None)
    with other.read() as session:
        assert session.scalar(select(func.count()).select_from(Project)) == 2
        assert session.scalar(select(func.count()).select_from(Image)) == 0


def test_what_is_read_back_otherwise_is_undone(full, open_new, monkeypatch):
    there, made = open_new("there.db"), moving._moved
    monkeypatch.setattr(
        moving,
        "_moved",
        lambda session, table: made(session, table)._replace(digest=str(id(session))),
    )
    with pytest.raises(UnusableData, match="not the same"):
        copy(full, there, lambda _: None)
    with there.read() as session:
        assert session.scalar(select(func.count()).select_from(Image)) == 0
        assert session.scalars(select(Project.id)).all() == ["default"]


@pytest.mark.sqlite
def test_what_is_looked_at_stays_as_it_is(full, open_new, tmp_path):
    new = Database(f"sqlite:///{tmp_path / 'new.db'}")
    check_empty(new)
    assert new.schema() is None
    new.close()
    check_empty(open_new("there.db"))
    with pytest.raises(Conflict, match="not empty"):
        check_empty(full)


@pytest.mark.sqlite
def test_one_of_an_older_schema_is_looked_at_too(tmp_path):
    db = open_at(tmp_path / "x.db", "0003")
    check_empty(db)
    assert db.schema() == "0003"
    db.close()
