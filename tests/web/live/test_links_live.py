"""`samphire link` through a running server, whose log never has a link's secret."""

import socket
import subprocess
import sys

import pytest
import requests

from server.lab.bench.people import make_people
from tests.web.live.running import ROOT, Server

HTML = {"Accept": "text/html"}


def link(data, *words, said=""):
    command = [sys.executable, "-m", "server.cli.main", "link", *words, "--data", str(data)]
    return subprocess.run(
        command, cwd=ROOT, input=said, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("through_a_server", [False, True], ids=["alone", "through a server"])
def test_links_are_made_listed_and_revoked_and_in_no_log(tmp_path, through_a_server):
    data = tmp_path / "data"
    make_people(data, ["Ann"])
    start = ("--team", "--log-level", "debug", "--log-names")  # no setting shows secrets
    server = Server(data, *start) if through_a_server else None
    made = link(data, "make", "--kind", "annotate", "--uses", "2", "--password", said="a password\n")
    assert made.returncode == 0, made.stderr
    address = made.stdout.strip()
    token = address.rpartition("/s/")[2]
    listed = link(data, "list")
    assert token not in listed.stdout
    assert "annotate the project" in listed.stdout
    assert "0 of 2 uses" in listed.stdout
    assert "(works, password)" in listed.stdout
    server = server or Server(data, *start)
    try:
        page = f"{server.base}/s/{token}"
        assert requests.get(page, headers=HTML, timeout=30).status_code == 200
        opening = f"{server.base}/api/links/open"
        body = {"token": token, "name": "Ana", "password": "a password"}
        opened = requests.post(opening, json=body, timeout=30)
        assert opened.status_code == 200, opened.text
        for odd in (
            page + "/",
            page + "?q=" + token,
            f"{server.base}/s/{token}%00",
            f"{server.base}/s/{token}/x",
        ):
            requests.get(odd, headers=HTML, timeout=30)
        requests.post(opening, json=body | {"token": token + "x"}, timeout=30)
        requests.post(opening, data=token, timeout=30)
        requests.request("BREW", page, timeout=30)
        for line in (f"GET /s/{token} HTTP/9.9", f"G@T /s/{token} HTTP/1.1", f"GET /s/{token}"):
            with socket.create_connection(
                ("127.0.0.1", int(server.base.rpartition(":")[2])), 10
            ) as connection:
                connection.sendall(f"{line}\r\n\r\n".encode())
                connection.recv(1000)
        link_id = listed.stdout.split()[0]
        assert link(data, "revoke", link_id).returncode == 0
        assert requests.get(page, headers=HTML, timeout=30).status_code == 404
        ended = requests.get(f"{server.base}{opened.json()['path']}", cookies=opened.cookies, timeout=30)
        assert ended.status_code == 401
    finally:
        assert server.stop() == 0
    logged = "".join(server.errors)
    assert token not in logged
    assert "a password" not in logged
    assert "/s/..." in logged
    [cookie] = opened.cookies
    assert cookie.value not in logged


def test_a_data_folder_without_accounts_has_no_links(tmp_path):
    refused = link(tmp_path / "data", "make")
    assert (refused.returncode, "--team" in refused.stderr) == (2, True), refused.stderr
