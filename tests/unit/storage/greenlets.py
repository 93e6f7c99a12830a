"""How often a greenlet runs while another waits a second for PostgreSQL: as the server is, patched. A program."""

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402  (everything below must see the patched standard library)
import sys

import gevent

from server.storage.engine import Database


def main() -> None:
    db, runs = Database(sys.argv[1]), []

    def wait() -> None:
        with db.read() as session:
            session.connection().exec_driver_sql("SELECT pg_sleep(1)")

    waiting = gevent.spawn(wait)
    while not waiting.ready():
        runs.append(1)
        gevent.sleep(0.01)
    waiting.get()
    db.close()
    print(len(runs))


if __name__ == "__main__":
    main()
