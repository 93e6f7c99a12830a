"""A server whose database another program has locked: it answers at once what needs no lock, refuses the rest in one
sentence, and goes on when the lock is gone."""

import io
import sqlite3
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import requests

from server.errors import DatabaseBusy
from tests.web.live.running import Server, picture

_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


def hold(path):
    """Another process with the lock; it lets go when its input ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout.readline().strip() == b"locked"
    return holder


def test_others_are_answered_while_writers_wait_and_are_refused(tmp_path):
    server = Server(tmp_path)
    holder = hold(tmp_path / "samphire.db")

    def create(number):
        return requests.post(f"{server.base}/api/projects", json={"name": str(number)}, timeout=60)

    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(create, number) for number in range(8)]
        meanwhile = 0
        while not any(each.done() for each in waiting):
            for path in ("/healthz", "/api/projects"):
                assert requests.get(server.base + path, timeout=30).status_code == 200
            meanwhile += not any(each.done() for each in waiting)
        assert meanwhile
        refused = [each.result() for each in waiting]
    for answer in refused:
        assert answer.status_code == 503, answer.text
        assert answer.json()["error"]["code"] == "database_busy"
        assert int(answer.headers["Retry-After"]) > 0
    files = {"file": ("a.png", picture(40, 30))}
    assert requests.post(f"{server.base}/api/images", files=files, timeout=60).status_code == 503

    holder.communicate()
    assert create("free").status_code == 201
    assert requests.post(f"{server.base}/api/images", files=files, timeout=60).status_code == 201
    names = [
        each["name"] for each in requests.get(f"{server.base}/api/projects", timeout=30).json()["projects"]
    ]
    assert names == ["My images", "free"]
    assert server.stop() == 0
    assert not [line for line in server.errors if "Traceback" in line], "".join(server.errors)


def test_an_import_waits_for_the_lock_to_go(tmp_path):
    server = Server(tmp_path)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(20):
            archive.writestr(f"{number}.png", picture(60, 40, number))
    url = f"{server.base}/api/projects/default"
    headers = {"Content-Type": "application/zip"}
    job = requests.post(f"{url}/images", data=packed.getvalue(), headers=headers, timeout=30).json()
    holder = hold(tmp_path / "samphire.db")

    def told():
        return requests.get(f"{url}/imports/{job['id']}", timeout=30).json()

    def wait_until(true):
        deadline = time.monotonic() + 120
        while not true():
            assert time.monotonic() < deadline, told()
            time.sleep(0.1)

    def refused():
        return any(DatabaseBusy.sentence in line for line in server.errors)

    wait_until(lambda: refused() or told()["state"] == "done")  # it may be faster than the lock
    assert told()["state"] in ("queued", "running", "done")
    holder.communicate()
    wait_until(lambda: told()["state"] == "done")
    assert (told()["added"] + told()["known"], told()["failed"]) == (20, 0)
    assert server.stop() == 0
    server_rows = sqlite3.connect(tmp_path / "samphire.db")
    assert server_rows.execute("SELECT count(*) FROM project_images").fetchone() == (20,)
    server_rows.close()
