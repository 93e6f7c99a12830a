"""Whether the process can be sent requests, asked by who checks it every few seconds and says nothing of themselves."""

import os
import sys

import pytest
from sqlalchemy import text

from server.errors import DatabaseBusy
from server.features.upkeep.readiness import Check, Readiness, checks


@pytest.fixture
def services(app):
    return app.extensions["samphire"]


def ready(client, **options):
    answer = client.get("/readyz", **options)
    return answer.status_code, answer.json if answer.status_code == 200 else answer.json["error"]


def test_a_load_balancer_asks_by_address_and_without_a_token(make_app):
    client = make_app(host="0.0.0.0", base_path="/samphire").test_client()
    for path in ("/readyz", "/samphire/readyz"):
        for host in ("http://10.1.2.3:8765", "http://nobody.example"):
            answer = client.get(path, base_url=host, headers={"Authorization": "Bearer guess"})
            assert (answer.status_code, answer.json["ok"]) == (200, True)


def test_all_checks_are_told_by_name(client):
    assert ready(client) == (200, {"ok": True, "checks": {"database": True, "data_folder": True}})


def test_a_database_of_another_version_is_not_ready(client, services):
    with services.db.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'of a newer program'"))
    status, error = ready(client)
    assert (status, error["code"], error["checks"]["database"]) == (503, "unavailable", False)
    assert error["message"] == "The server is not ready: database."
    assert client.get("/healthz").status_code == 200  # the process is alive, and is not to be started anew


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is closed to who is root")
def test_a_folder_that_cannot_be_written_is_not_ready(client, services):
    folder = services.settings.data_path
    folder.chmod(0o500)
    try:
        assert ready(client)[1]["checks"] == {"database": True, "data_folder": False}
    finally:
        folder.chmod(0o700)


def test_a_folder_that_is_gone_is_not_ready(client, services, tmp_path, monkeypatch):
    monkeypatch.setattr(type(services.settings), "data_path", tmp_path / "gone")
    assert ready(client)[1]["message"] == "The server is not ready: data_folder."


def test_a_server_that_stops_is_not_ready_and_answers_the_rest(client, services):
    services.stopping = True
    status, error = ready(client)
    assert (status, error["message"]) == (503, "The server is stopping.")
    assert client.get("/healthz").status_code == 200


def test_what_is_down_says_so_once_in_the_log_and_who_asks_often_costs_nothing(caplog):
    asked = []

    def check():
        asked.append(1)
        raise DatabaseBusy()

    readiness = Readiness({"database": Check(check), "other": Check(lambda: None)})
    assert [readiness.look() for _ in range(3)] == [{"database": False, "other": True}] * 3
    assert len(asked) == 1
    readiness._looked_at = 0.0
    readiness.look()
    assert len(asked) == 2
    assert [record.message for record in caplog.records] == [f"Not ready: database: {DatabaseBusy.sentence}"]


def test_a_check_that_hangs_is_not_waited_for(monkeypatch):
    from gevent import sleep

    monkeypatch.setattr("server.features.upkeep.readiness._SECONDS", 0.05)
    hanging = []

    def hang():
        hanging.append(1)
        sleep(60)

    readiness = Readiness({"slow": Check(hang), "quick": Check(lambda: None)})
    for _ in range(2):
        assert readiness.look() == {"slow": False, "quick": True}
        readiness._looked_at = 0.0
    assert hanging == [1]
    readiness._looking["slow"].kill()


def test_what_one_can_do_without_for_a_while_is_told_and_no_more(app, client):
    def away():
        raise DatabaseBusy()

    app.extensions["samphire.readiness"] = Readiness({"redis": Check(away, needed=False)})
    assert ready(client) == (200, {"ok": True, "checks": {"redis": False}})


def test_a_bucket_and_redis_are_looked_at_where_there_are_some(make_app, monkeypatch):
    class Away:
        def check(self):
            raise DatabaseBusy()

    app = make_app()
    services = app.extensions["samphire"]
    assert set(checks(services)) == {"database", "data_folder"}
    monkeypatch.setattr(services.peers, "redis", Away())
    monkeypatch.setattr(type(services.settings), "bucket", "s3://bucket")
    found = Readiness(checks(services)).look()
    assert found == {"database": True, "data_folder": True, "redis": False, "blobs": True}
