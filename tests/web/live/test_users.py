"""`samphire user`, as processes: on a data folder, and through a server that has it."""

import subprocess
import sys

import pytest
import requests

from tests.web.live.running import ROOT, Server

PASSWORD = "correct horse battery"


def user(data, *words, said=""):
    command = [sys.executable, "-m", "server.cli.main", "user", *words, "--data", str(data)]
    return subprocess.run(
        command, cwd=ROOT, input=said, capture_output=True, text=True, timeout=120, check=False
    )


def secret_of(done):
    assert done.returncode == 0, done.stderr
    link = done.stdout.splitlines()[-1]
    assert link.startswith("http://127.0.0.1:")
    return link.split("/join#")[1]


@pytest.mark.parametrize("through_a_server", [False, True], ids=["alone", "through a server"])
def test_people_are_added_invited_disabled_and_listed(tmp_path, through_a_server):
    data = tmp_path / "data"
    server = Server(data, "--team") if through_a_server else None
    added = user(data, "add", "Ann", said=f"{PASSWORD}\n")
    assert (added.returncode, "Ann  never seen  (administrator)" in added.stdout) == (0, True), added.stderr
    links = {
        "Bob": secret_of(user(data, "add", "Bob", "--link")),
        "": secret_of(user(data, "invite")),
        "Ann": secret_of(user(data, "reset", "ann")),
    }
    again = user(data, "add", "ANN", said=f"{PASSWORD}\n")
    assert (again.returncode, "Someone else has this name." in again.stderr) == (2, True)
    weak = user(data, "add", "Cleo", said="short\n")
    assert (weak.returncode, "10 to 1000 characters" in weak.stderr) == (2, True)
    unknown = user(data, "disable", "Eve")
    assert (unknown.returncode, "Known: Ann, Bob." in unknown.stderr) == (2, True)
    only = user(data, "disable", "Ann")
    assert (only.returncode, "only administrator" in only.stderr) == (2, True)
    if server is None:
        server = Server(data, "--team")
    try:
        base = f"{server.base}/api"
        signed = requests.post(
            f"{base}/account/sign-in", json={"name": "ann", "password": PASSWORD}, timeout=30
        )
        assert signed.json()["account"]["is_admin"], signed.text
        opened = {
            name: requests.post(f"{base}/invitations/open", json={"secret": link}, timeout=30).json()
            for name, link in links.items()
        }
        assert {name: (each["purpose"], each["name"]) for name, each in opened.items()} == {
            "Bob": ("password", "Bob"), "": ("new", None), "Ann": ("password", "Ann"),
        }  # fmt: skip
        followed = {"secret": links["Bob"], "password": PASSWORD}
        bob = requests.post(f"{base}/invitations/accept", json=followed, timeout=30)
        assert bob.json()["account"]["name"] == "Bob", bob.text
        assert "Bob" in user(data, "disable", "bob").stdout
        assert requests.get(f"{base}/projects", cookies=bob.cookies, timeout=30).status_code == 401
        assert "(disabled)" in user(data, "list").stdout
        assert "disabled" not in user(data, "enable", "bob").stdout
    finally:
        assert server.stop() == 0
    assert not (data / "server.secret").exists()
    assert not [line for line in server.errors if "Traceback" in line]


def test_a_server_without_accounts_says_how_to_have_some(tmp_path):
    server = Server(tmp_path)
    try:
        refused = user(tmp_path, "list")
        assert (refused.returncode, "Start it with --team" in refused.stderr) == (2, True), refused.stderr
    finally:
        server.stop()


def test_an_access_token_of_before_is_told_to_mean_nothing(tmp_path):
    code = (
        "import os, sys; os.environ['SAMPHIRE_TOKEN'] = 'secret'\n"
        "from server.cli import serve; serve.serve = lambda settings: 0\n"
        "from server.cli.main import main; sys.exit(main(['serve']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert done.stderr.count("SAMPHIRE_TOKEN means nothing any more") == 1
    assert "secret" not in done.stderr
