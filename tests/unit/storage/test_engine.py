"""The database: durable, migrated, and one writer at a time without errors."""

import sqlite3
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from server.errors import StorageFull
from server.storage import revisions, summaries, versions
from server.storage.engine import Database
from server.storage.rows import project_images
from server.storage.tables import Annotation, Base, Embedding, Image, LabelClass

POSTGRES_ONLY = {"ix_jobs_unended"}


@pytest.fixture
def db(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path / 'x.db'}")
    yield database
    database.close()


def image(number=1, **more):
    return Image(
        id=f"i{number}", identity=f"{number:064x}", name="a.png", width=4, height=3, format="PNG",
        display_key="images/a", display_type="image/png", thumbnail_key="images/t",
        **({"bytes": 9, "original_key": "images/a"} | more),
    )  # fmt: skip


def annotation(number=1, image_id="i1"):
    return Annotation(
        id=f"a{number}", project_id="default", image_id=image_id, label_id="x", rle_counts="0",
        area=1, bbox=[0, 0, 1, 1], z=0, prompts=[],
    )  # fmt: skip


def label():
    return LabelClass(id="x", project_id="default", name="x", color="#000000", position=0)


@pytest.mark.sqlite
def test_pragmas_make_commits_durable(db):
    with db.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 0}


@pytest.mark.sqlite
def test_tables_and_migrations_agree(db):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_object": lambda _object, name, *_: name not in POSTGRES_ONLY,
            },
        )
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.sqlite
def test_indexes_and_constraints_agree_with_the_tables(db, tmp_path):
    fresh = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    Base.metadata.create_all(fresh.engine)
    with fresh.engine.begin() as connection:
        revisions.keep(connection)
        versions.keep(connection)
        summaries.keep(connection)

    def objects(database):
        with database.engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT name, tbl_name FROM sqlite_master "
                "WHERE name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite%'"
            )
            return {tuple(row) for row in rows}

    assert objects(db) == objects(fresh)
    fresh.close()


def test_opening_again_changes_nothing(db, tmp_path):
    with db.write() as session:
        session.add(image())
    again = Database.open(f"sqlite:///{tmp_path / 'x.db'}")
    with again.read() as session:
        assert session.scalar(select(Image.id)) == "i1"
    again.close()


def test_an_exception_undoes_the_transaction(db):
    def fail():
        with db.write() as session:
            session.add(image())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with db.read() as session:
        assert session.scalar(select(Image.id)) is None


def test_deleting_an_image_takes_what_belongs_to_it(db):
    with db.write() as session:
        session.add(image())
        session.flush()
        project_images.put(session, "default", "i1", "a.png")
        session.flush()
        session.add_all([label(), annotation()])
        session.add(Embedding(image_id="i1", segmenter="s", weights="w", blob_key="k", bytes=1, seconds=1.0))
    with db.write() as session:
        session.delete(session.get(Image, "i1"))
    with db.read() as session:
        assert session.scalars(select(Annotation.id)).all() == []
        assert session.scalars(select(Embedding.blob_key)).all() == []


def test_nothing_can_belong_to_an_image_that_is_gone(db):
    with pytest.raises(IntegrityError), db.write() as session:
        session.add_all([label(), annotation(image_id="gone")])


def test_no_annotation_is_left_without_its_label(db):
    with db.write() as session:
        session.add(image())
        session.flush()
        project_images.put(session, "default", "i1", "a.png")
        session.flush()
        session.add_all([label(), annotation()])
    with pytest.raises((sqlite3.IntegrityError, IntegrityError)), db.write() as session:
        session.execute(delete(LabelClass))
    with db.read() as session:
        assert session.scalars(select(Annotation)).one().label == "x"


def test_times_come_back_in_utc(db):
    with db.write() as session:
        session.add(image())
    with db.read() as session:
        moment = session.get(Image, "i1").created_at
    assert moment.utcoffset().total_seconds() == 0


def test_readers_that_become_writers_never_collide(db):
    """Each thread reads, then writes what it read plus one: nothing may be lost, nobody may be refused."""
    with db.write() as session:
        session.add(image(bytes=0))

    def add_many():
        for _ in range(20):
            with db.write() as session:
                row = session.get(Image, "i1")
                row.bytes += 1

    threads = [threading.Thread(target=add_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert session.get(Image, "i1").bytes == 80


@pytest.mark.sqlite
def test_a_reader_is_not_held_up_by_a_writer(db, tmp_path):
    with db.write() as session:
        session.add(image())
        session.flush()
        outside = sqlite3.connect(tmp_path / "x.db", timeout=0)
        assert outside.execute("SELECT count(*) FROM images").fetchone() == (0,)
        outside.close()


@pytest.mark.sqlite
def test_a_full_disk_is_told_as_such_and_changes_nothing(db):
    with db.write() as session:
        session.add(image(1))

    def write_more_than_fits():
        with db.write() as session:
            pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
            session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")
            session.add_all(image(number, original_key="k" * 2000) for number in range(2, 200))

    with pytest.raises(StorageFull):
        write_more_than_fits()
    with db.read() as session:
        assert session.scalars(select(Image.id)).all() == ["i1"]
