"""PostgreSQL keeps SQLite's promises: schema, sort order, one writer at a time, durable commits, and clear errors."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Text, delete, func, insert, inspect, literal, select, update
from sqlalchemy.exc import IntegrityError

from server.errors import DatabaseBusy, UnusableData
from server.runtime.queue.base import Job
from server.storage import portable
from server.storage.engine import Database
from server.storage.kinds.postgres import _LOCK
from server.storage.moving import copy
from server.storage.reading import open_reading
from server.storage.rows import jobs
from server.storage.tables import Base, Image, JobRow, LabelClass, Project, ProjectRevision
from tests.elsewhere import VARIABLE


@pytest.fixture
def server(elsewhere):
    if elsewhere is None:
        pytest.skip(f"set {VARIABLE} to a database of a PostgreSQL server to run this")
    return elsewhere


@pytest.fixture
def address(server, tmp_path):
    """Of a new database without tables."""
    return server.empty(str(tmp_path / "x.db"))


@pytest.fixture
def db(server, tmp_path):
    database = Database.open(server.url_at(str(tmp_path / "x.db")))
    database.patience_seconds = 0.2
    yield database
    database.close()


def names(db):
    with db.read() as session:
        return set(session.scalars(select(Project.name)))


def add(db, name):
    with db.write() as session:
        session.add(Project(id=name, name=name))


def test_tables_and_migrations_agree(db):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
        found = inspect(connection)
        indexes = {each: found.get_indexes(each) for each in Base.metadata.tables}
    assert {(table, each["name"]) for table, of_it in indexes.items() for each in of_it} >= {
        (table.name, index.name) for table in Base.metadata.tables.values() for index in table.indexes
    }


def test_every_text_is_compared_by_code_points_and_every_number_is_wide(db):
    query = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND table_name <> 'alembic_version' AND (data_type = 'integer'"
        " OR (character_set_name IS NULL AND data_type IN ('text', 'character varying')"
        " AND collation_name IS DISTINCT FROM 'C'))"
    )
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql(query).all() == []
    for name in ("b", "B", "a", "\u00e9", "Z"):
        add(db, name)
    with db.read() as session:
        query = select(Project.name).where(Project.id != "default").order_by(Project.name)
        assert session.scalars(query).all() == ["B", "Z", "a", "b", "\u00e9"]


def test_several_that_open_a_new_database_migrate_it_once(address):
    problems = []

    def open_it():
        try:
            Database.open(address).close()
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with open_reading(address) as db:
        assert names(db) == {"My images"}


def test_who_only_reads_a_database_without_tables_is_told(address):
    with pytest.raises(UnusableData, match="schema"), open_reading(address):
        pass


def test_what_was_read_to_be_written_nobody_changes_meanwhile(db):
    def add_many():
        for _ in range(10):
            with db.write() as session:
                session.get_one(Project, "default").labels_version += 1

    db.patience_seconds = 60
    other = Database(str(db.engine.url.render_as_string(hide_password=False)))
    threads = [threading.Thread(target=add_many) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        with other.write() as session:
            session.get_one(Project, "default").labels_version += 1
    for thread in threads:
        thread.join()
    other.close()
    with db.read() as session:
        assert session.get_one(Project, "default").labels_version == 41


def test_who_reads_sees_one_state_and_cannot_write(db):
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Project)) == 1
        add(db, "later")
        assert session.scalar(select(func.count()).select_from(Project)) == 1
    with pytest.raises(UnusableData), db.read() as session:
        session.execute(delete(Project))


@pytest.mark.parametrize(("synced", "setting"), [(True, "on"), (False, "off")])
def test_what_must_survive_a_power_cut_is_waited_for(db, synced, setting):
    with db.write(synced=synced) as session:
        assert session.connection().exec_driver_sql("SHOW synchronous_commit").scalar() == setting


def test_a_writer_waits_for_others_as_long_as_its_patience(db):
    with db.engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
        with pytest.raises(DatabaseBusy):
            add(db, "refused")
        assert names(db) == {"My images"}
        other.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK})")
    add(db, "taken")
    assert names(db) == {"My images", "taken"}
    assert db.engine.pool.checkedout() == 0


def test_connections_that_were_lost_are_made_anew(db):
    add(db, "before")
    with db.engine.connect() as other:
        other.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert names(db) == {"My images", "before"}
    add(db, "after")


def test_one_that_is_lost_meanwhile_is_told_and_undone(db):
    def lose_it():
        with db.write() as session:
            session.add(Project(id="lost", name="lost"))
            session.flush()
            pid = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with db.engine.connect() as other:
                other.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
            session.add(Project(id="more", name="more"))

    with pytest.raises(DatabaseBusy, match="cannot be reached"):
        lose_it()
    assert names(db) == {"My images"}


@pytest.mark.parametrize("change", [{"port": 1}, {"username": "nobody"}, {"database": "nowhere"}])
def test_no_failure_tells_the_password(db, change):
    url = db.engine.url.set(password="sekret", **change).render_as_string(hide_password=False)
    lost = Database(url)
    with pytest.raises((DatabaseBusy, UnusableData)) as told:
        names(lost)
    lost.close()
    assert isinstance(told.value, DatabaseBusy if "port" in change else UnusableData)
    said = f"{told.value} {told.value.hint} {lost.name} {lost.engine}"
    assert "sekret" not in said


def test_a_constraint_that_a_row_breaks_is_told_at_the_latest_with_the_commit(db):
    with pytest.raises(IntegrityError):
        add(db, "default")
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(LabelClass(id="x", project_id="gone", name="x", color="#000000", position=0))


def test_values_are_as_sqlite_has_them(db):
    far = 2**40
    with db.write() as session:
        image = {"identity": "i", "name": "a\0b", "width": 1, "height": 1, "format": "PNG", "bytes": far}
        keys = {"original_key": "a", "display_key": "a", "display_type": "a", "thumbnail_key": "a"}
        session.execute(insert(Image), [{"id": "i", **image, **keys}])
        total = session.scalar(select(func.sum(Image.bytes)))
        assert (total, type(total)) == (far, int)
        assert session.scalars(select(Image.name)).all() == ["a\ufffdb"]
        assert session.scalars(select(Image.id).where(Image.name == "\0")).all() == []
        moment = session.get_one(Image, "i").created_at
    with db.read() as session:
        assert session.get_one(Image, "i").created_at == moment


def test_a_change_of_many_rows_renews_the_revision(db):
    def revision():
        with db.read() as session:
            return session.get_one(ProjectRevision, "default").value

    seen = [revision()]
    for change in (
        insert(LabelClass).values(id="x", project_id="default", name="x", color="#000000", position=0),
        update(LabelClass).values(position=1),
        delete(LabelClass),
        update(Project).values(name="y"),
    ):
        with db.write() as session:
            session.execute(change)
        seen.append(revision())
    assert len(set(seen)) == 5
    assert {len(each) for each in seen} == {16}


def test_what_is_spelled_in_two_ways_means_one_thing(db):
    with db.write() as session:
        session.get_one(Project, "default").settings = {"made": [{"id": "a%"}, {"id": "b"}], "word": ["x"]}
    made, word = (portable.elements(Project.settings["made"]), portable.words(Project.settings["word"]))
    none = portable.elements(Project.settings["none"])
    with db.read() as session:
        ids = select(made.c.value["id"].as_string()).select_from(Project).join(made, literal(True))
        assert session.scalars(ids).all() == ["a%", "b"]
        assert session.scalars(select(word.c.value).select_from(Project).join(word, literal(True))).all() == [
            "x"
        ]
        assert (
            session.scalars(select(none.c.value).select_from(Project).join(none, literal(True))).all() == []
        )
        text = literal("a%B", Text)
        assert session.execute(
            select(portable.has_part(text, "%B"), portable.has_part(text, "%b"))
        ).one() == (True, False)
        assert session.scalar(select(portable.lowest(literal(2.5), literal(1.5)))) == 1.5
        assert session.scalar(select(portable.json_of(a=portable.json_of(b=literal(1))))) == {"a": {"b": 1}}


def test_a_file_moves_here_and_back(db, tmp_path):
    first, last = (Database.open(f"sqlite+pysqlite:///{tmp_path / name}") for name in ("a.db", "b.db"))
    with first.write() as session:
        session.get_one(Project, "default").settings = {"b": "a\0b", "a": [0.1, None]}
        names = [Project(id=f"p{number}", name=name) for number, name in enumerate(("a", "B", "\u00e9\0"))]
        session.add_all(names)
        jobs.put(session, Job("encode", {}, "one"))
    there, back = [], []
    copy(first, db, there.append)
    copy(db, last, back.append)
    assert there == back
    with db.write() as session:
        jobs.put(session, Job("encode", {}, "two"))
        assert session.scalars(select(JobRow.id).order_by(JobRow.id)).all() == [1, 2]
        assert session.get_one(Project, "p2").name == "\u00e9\ufffd"
    first.close()
    last.close()


def test_greenlets_run_on_while_one_waits_for_the_database(db):
    script = Path(__file__).with_name("greenlets.py")
    url = db.engine.url.render_as_string(hide_password=False)
    done = subprocess.run([sys.executable, script, url], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 20
