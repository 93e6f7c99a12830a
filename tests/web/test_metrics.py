"""What an application counts and times: by template, kind and outcome, never by what stands in an address."""

import shutil
import threading
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.features.upkeep import figures
from server.runtime.metrics import CACHES, COUNTED, EVENTS, JOBS, REQUESTS, WAITS, WORK
from server.runtime.metrics.instruments import text
from server.runtime.queue.base import Job
from server.runtime.queue.handlers import Handler, Lane
from tests.web.team import person
from tests.web.test_sessions import socket_of


def families(*instruments):
    def fail(_instrument, error):
        raise error

    return {each.name: each for each in text_string_to_metric_families(text(instruments, fail))}


def values(family):
    return {tuple(sample.labels.values()): sample.value for sample in family.samples}


@pytest.mark.parametrize(
    ("method", "path", "labels"),
    [
        ("GET", "/api/images/0123456789abcdef", ("GET", "/api/images/<image_id>", "401")),
        ("GET", "/s/hush-hush-hush", ("GET", "/s/<token>", "404")),
        ("GET", "/nowhere/hush", ("GET", "none", "404")),
        ("BREW", "/api/projects", ("other", "none", "405")),
        ("GET", "/healthz", ("GET", "/healthz", "200")),
    ],
)
def test_requests_are_counted_by_the_routes_template(make_app, method, path, labels):
    client = make_app(team=True).test_client()
    person(client.application, "Ann")
    before = REQUESTS.count(*labels)
    client.open(path, method=method)
    told = text(COUNTED, lambda *_: None)
    assert "hush" not in told
    assert "0123456789abcdef" not in told
    assert REQUESTS.count(*labels) == before + 1, [
        line for line in told.splitlines() if "seconds_count" in line
    ]


def test_events_are_counted_by_their_outcome(make_app):
    app = make_app(team=True)
    client = socket_of(app, person(app, "Ann"))
    for event, data, outcome in (
        ("ping_ms", {}, ("ping_ms", "ok")),
        ("watch", {"image": "none"}, ("watch", "image_not_found")),
        ("hush-hush", {}, ("unknown", "bad_request")),
    ):
        before = EVENTS.value(*outcome)
        client.emit(event, data, callback=True)
        assert EVENTS.value(*outcome) == before + 1


def test_jobs_are_timed_by_kind_and_counted_by_state(app):
    services = app.extensions["samphire"]

    def work(running):
        if running.job.args["fails"]:
            raise ValueError

    services.handlers["odd"] = Handler(work, Lane("odd"))
    before = [JOBS.count("odd", outcome) for outcome in ("done", "failed")]
    services.queue.submit(Job("odd", {"fails": False}, "waits"))
    assert values(families(*figures.readings(services))["samphire_jobs"]) == {("odd", "queued"): 1}
    services.queue.start()
    services.queue.submit(Job("odd", {"fails": True}, "fails"))
    for key in ("waits", "fails"):
        services.queue.wait(("odd", key), 10)
    assert [JOBS.count("odd", outcome) for outcome in ("done", "failed")] == [count + 1 for count in before]
    assert values(families(*figures.readings(services))["samphire_jobs"]) == {("odd", "failed"): 1}


def test_pools_and_caches_are_counted(app):
    services = app.extensions["samphire"]
    before = WORK.count("encode"), WAITS.count("encode"), CACHES.value("embedding codings", "miss")
    services.pools.encode(lambda: None)
    services.embeddings._recoded.get("x")
    after = WORK.count("encode"), WAITS.count("encode"), CACHES.value("embedding codings", "miss")
    assert after == tuple(count + 1 for count in before)


def test_all_that_is_read_of_the_services(app, upload):
    image = upload()
    found = families(*figures.readings(app.extensions["samphire"]))
    assert values(found["samphire_ready"]) == {("database",): 1, ("data_folder",): 1}
    assert values(found["samphire_blob_bytes"]) == {("images",): image["bytes"], ("embeddings",): 0}
    disk = values(found["samphire_disk_bytes"])
    assert 0 < disk["free",] < disk["total",]
    assert values(found["samphire_database_connections"])["used",] >= 0
    assert values(found["samphire_pool_waiting"])["decode",] == 0
    assert list(found["samphire_info"].samples[0].labels) == ["version"]


def test_a_disk_that_does_not_answer_holds_nobody_up(app, monkeypatch):
    looked = []

    def usage(folder):
        looked.append(threading.get_ident())
        return SimpleNamespace(free=1, total=2)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    found = families(*figures.readings(app.extensions["samphire"]))
    assert values(found["samphire_disk_bytes"]) == {("free",): 1, ("total",): 2}
    assert looked
    assert threading.get_ident() not in looked
