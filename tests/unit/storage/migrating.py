"""Databases of earlier versions, and what tests of migrations ask of each."""

import sqlite3

from alembic import command
from alembic.config import Config
from sqlalchemy import event

from server.storage.engine import MIGRATIONS, Database


def open_at(path, revision):
    database = Database(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database._writing.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return database


def read(path, query):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def go_back(database, revision):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database._writing.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def interrupt_everywhere(path, table):
    """Migrate, with each statement failing once: what fails is undone with all before it. How many there were."""
    queries = f"SELECT * FROM {table}", "SELECT name, sql FROM sqlite_master ORDER BY name"
    before = [read(path, query) for query in queries]
    failed_at = 0
    while True:
        database, done = Database(f"sqlite:///{path}"), []

        def count(*_arguments, done=done, failed_at=failed_at):
            done.append(1)
            if len(done) == failed_at + 1:
                raise InterruptedError

        event.listen(database.engine, "before_cursor_execute", count)
        try:
            database.migrate()
            return failed_at
        except InterruptedError:
            failed_at += 1
            assert [read(path, query) for query in queries] == before
        finally:
            database.close()
