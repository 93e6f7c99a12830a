"""Downloading a segmenter over HTTP: who may, what comes of it, and what is left when it does not."""

import os
import shutil
import threading
import time

import gevent
import pytest

from server.config import Settings
from server.modelkit.catalogue import landing, offers, sources
from tests.pulling import ADDRESS, CATALOGUE, COMMAND, DATA, FILE, ID, OTHER, TITLE, WEIGHTS
from tests.unit.modelkit.catalogue.file_server import FileServer
from tests.web.team import machine, person, program
from tests.web.test_openapi import SCHEMAS, check

URL = "/api/segmenters/pulls"
PATIENCE_S = 60


@pytest.fixture
def files(monkeypatch):
    """The server that has the package."""
    monkeypatch.setattr(sources, "PULLABLE", CATALOGUE)
    monkeypatch.setattr(offers, "_has", lambda extra: True)
    monkeypatch.setattr(offers, "npm_is_there", lambda: True)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FileServer({FILE: DATA}) as server:
        monkeypatch.setenv(ADDRESS, server.url(FILE))
        yield server


@pytest.fixture
def app(make_app, files):
    app = make_app()
    app.extensions["samphire"].pulls.command = COMMAND
    app.extensions["samphire"].queue.start()
    return app


@pytest.fixture
def data(app):
    return app.extensions["samphire"].settings.data_path


@pytest.fixture
def pulls(client):
    """What is told of the pulls, by id; of one, until it is as asked."""

    def ask(until=lambda pulls: True) -> dict:
        with gevent.Timeout(PATIENCE_S):
            while not until(told := {each["id"]: each for each in client.get(URL).json["pulls"]}):
                gevent.sleep(0.02)
        return told

    return ask


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_one_is_downloaded_and_is_there_at_once(client, pulls, data):
    told = client.get(URL).json
    assert told["allowed"]
    assert told["command"] == "samphire segmenters pull"
    check(SCHEMAS["PullList"], told, "")
    first = told["pulls"][0]
    assert (first["id"], first["title"], first["licence"]) == (ID, TITLE, "Apache-2.0")
    assert (first["download_bytes"], first["quality"]["one_click"]) == (len(DATA), 0.83)
    answer = client.post(URL, json={"segmenter": ID})
    assert answer.status_code == 202
    check(SCHEMAS["Pull"], answer.json, "")
    assert client.post(URL, json={"segmenter": ID}).json["state"] == "running"
    left = pulls(lambda told: ID not in told or told[ID]["error"])
    assert list(left) == [OTHER]
    installed = {each["id"]: each for each in client.get("/api/segmenters").json["segmenters"]}
    assert installed[ID]["weights"] == WEIGHTS
    assert names(data / "downloads") == []
    assert names(data / "segmenters") == [ID, "server.lock"]


def test_what_has_arrived_of_a_cancelled_one_is_kept(client, pulls, data, files):
    files.hold = threading.Event()
    client.post(URL, json={"segmenter": ID})
    half = pulls(lambda told: told[ID]["bytes"])[ID]
    assert (half["step"], half["state"]) == ("downloading", "running")
    assert client.delete(f"{URL}/{ID}").json["state"] == "available"
    files.hold.set()
    assert names(data / "downloads") == [f"{FILE}.part"]
    assert names(data / "segmenters") == ["server.lock"]
    client.post(URL, json={"segmenter": ID})
    assert ID not in pulls(lambda told: ID not in told or told[ID]["error"])
    assert files.asked[0] is None
    assert files.asked[-1].startswith("bytes=")


def test_no_network_is_told_and_may_be_tried_again(client, pulls, files, check_error, monkeypatch):
    files.statuses = [404]
    client.post(URL, json={"segmenter": ID})
    failed = pulls(lambda told: told[ID]["state"] == "failed")[ID]
    assert failed["error"]["code"] == "unavailable"
    assert "answered 404" in failed["error"]["message"]
    check(SCHEMAS["Pull"], failed, "")
    client.post(URL, json={"segmenter": ID})
    assert ID not in pulls(lambda told: ID not in told or told[ID]["error"])


def test_another_file_is_not_installed(client, pulls, files, data):
    files.files[FILE] = DATA[::-1]
    client.post(URL, json={"segmenter": ID})
    failed = pulls(lambda told: told[ID]["state"] == "failed")[ID]
    assert failed["error"]["code"] == "unsupported_segmenter"
    assert names(data / "segmenters") == ["server.lock"]


def test_a_network_of_ones_own_in_its_place_stays(client, pulls, files, data):
    folder = data / "segmenters" / ID
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    client.post(URL, json={"segmenter": ID})
    assert "is not what `pull" in pulls(lambda told: told[ID]["state"] == "failed")[ID]["error"]["message"]
    assert names(folder) == ["notes.txt"]
    assert files.asked == []


def test_a_pull_from_a_shell_goes_on(client, pulls, data):
    from server.storage.data_lock import DataLock

    with DataLock(data / "segmenters"):
        client.post(URL, json={"segmenter": ID})
        failed = pulls(lambda told: told[ID]["state"] == "failed")[ID]
    assert f"(process {os.getpid()})" in failed["error"]["message"]


def test_a_full_disk_is_told(settings_of, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(landing.StorageFull, match="GB left"), landing.as_refusals(settings_of):
        landing.check_room(tmp_path, 1, "Pulling it")
    with pytest.raises(landing.StorageFull, match="is full"), landing.as_refusals(settings_of):
        raise OSError(28, "No space left on device")


@pytest.fixture
def settings_of(tmp_path):
    return Settings(data=str(tmp_path))


def test_only_what_the_catalogue_names(client, pulls, check_error, files):
    for name in ("mobile_sam", "https://example.org/sam.onnx", "../x", "", None, 3, ["x"]):
        check_error(client.post(URL, json={"segmenter": name}), 404, "segmenter_not_found")
    check_error(client.post(URL, json={}), 404, "segmenter_not_found")
    check_error(client.delete(f"{URL}/gone"), 404, "segmenter_not_found")
    assert files.asked == []


def test_packages_that_are_missing_are_named(client, pulls, check_error, monkeypatch):
    monkeypatch.setattr(offers, "_has", lambda extra: False)
    assert pulls()[ID]["needs"] == 'pip install "samphire[segmenters]"'
    error = check_error(client.post(URL, json={"segmenter": ID}), 503, "unavailable")
    assert 'pip install "samphire[segmenters]"' in error["hint"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost:3000"},
    ],
)
def test_other_pages_start_nothing(client, files, headers, check_error):
    check_error(client.post(URL, json={"segmenter": ID}, headers=headers), 403, "forbidden")
    check_error(client.delete(f"{URL}/{ID}", headers=headers), 403, "forbidden")
    assert client.get(URL).json["pulls"][0]["state"] == "available"


def test_a_form_of_another_page_starts_nothing(client, files, check_error):
    """Browsers send these without asking first, the oldest ones without an Origin."""
    form = {"data": f'{{"segmenter": "{ID}"}}', "content_type": "text/plain"}
    check_error(client.post(URL, **form), 400, "bad_request")
    assert client.get(URL).json["pulls"][0]["state"] == "available"


def test_only_administrators_of_a_team_s_server_may(make_app, files, check_error):
    app = make_app(team=True)
    app.extensions["samphire"].pulls.command = COMMAND
    admin, other = person(app, "Ann"), person(app, "Bob")
    error = check_error(other.post(URL, json={"segmenter": ID}), 403, "forbidden")
    assert "administrator" in error["message"]
    check_error(other.delete(f"{URL}/{ID}"), 403, "forbidden")
    told = {who: client.get(URL).json["allowed"] for who, client in (("admin", admin), ("other", other))}
    assert told == {"admin": True, "other": False}
    check_error(program(app, admin, "write").post(URL, json={"segmenter": ID}), 403, "forbidden")
    assert machine(app).get(URL).json["allowed"]
    files.statuses = [404]
    app.extensions["samphire"].queue.start()
    assert admin.post(URL, json={"segmenter": ID}).status_code == 202
    end = time.monotonic() + PATIENCE_S
    while (pull := admin.get(URL).json["pulls"][0])["state"] != "failed":
        assert time.monotonic() < end, pull
        gevent.sleep(0.05)
    assert "answered 404" in pull["error"]["message"]
    assert other.get(URL).json["pulls"][0]["error"] is None  # it may name folders


def test_checkpoints_are_offered_where_their_packages_are(monkeypatch):
    monkeypatch.setattr(offers, "_has", lambda extra: extra.name == "segmenters")
    assert [each["id"] for each in offers.offers()] == ["sam2_hiera_tiny", "mobile_sam_float32"]
    monkeypatch.setattr(offers, "_has", lambda extra: True)
    assert [each["id"] for each in offers.offers()][2:] == ["sam_vit_b", "sam_vit_l", "sam_vit_h"]
    assert {each["licence"] for each in offers.offers()} == {"Apache-2.0"}
