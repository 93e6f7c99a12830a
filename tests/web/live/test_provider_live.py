"""Signing in with a provider on a running server: others are answered meanwhile, and the command line shows no
secret."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.web.live.running import Server
from tests.web.oidc.provider import CLIENT, SECRET, provider

FLAGS = ("--oidc-client-id", CLIENT, "--oidc-accounts", "anybody")


@pytest.fixture
def idp():
    with provider() as made:
        yield made


def test_others_are_answered_while_a_provider_takes_its_time(tmp_path, idp):
    (tmp_path / "secret").write_text(SECRET)
    secret = ("--oidc-secret-file", str(tmp_path / "secret"))
    server = Server(tmp_path / "data", "--team", "--oidc-issuer", idp.issuer, *FLAGS, *secret)
    assert server.base, "".join(server.errors)
    try:
        session = requests.Session()
        first = server.process.stdout.readline().rpartition("#")[2].strip()
        body = {"secret": first, "name": "Ada", "password": "correct horse battery"}
        assert session.post(f"{server.base}/api/invitations/accept", json=body).status_code == 200
        browser = requests.Session()
        left = browser.get(f"{server.base}/sign-in/oidc", allow_redirects=False)
        back = idp.sign_in(left.headers["Location"], "s", name="Sue")
        redeem = idp.redeem

        def slowly(*arguments):
            time.sleep(2)
            return redeem(*arguments)

        idp.redeem = slowly
        with ThreadPoolExecutor() as pool:
            coming = pool.submit(
                browser.get, f"{server.base}/sign-in/oidc/return?{back}", allow_redirects=False
            )
            waits = []
            while not coming.done():
                begun = time.monotonic()
                assert session.get(f"{server.base}/api/account").json()["account"]["name"] == "Ada"
                waits.append(time.monotonic() - begun)
            assert coming.result().status_code == 303
        assert len(waits) > 3
        assert max(waits) < 1.5
        assert browser.get(f"{server.base}/api/account").json()["account"]["name"] == "Sue"
        line = Path(f"/proc/{server.process.pid}/cmdline")
        assert not line.exists() or SECRET not in line.read_text()
    finally:
        server.stop()
    assert not [each for each in server.errors if "Traceback" in each], "".join(server.errors)


def test_a_server_without_accounts_takes_no_provider(tmp_path):
    server = Server(tmp_path / "data", "--oidc-issuer", "https://login.example", "--oidc-client-id", "x")
    assert server.process.wait(30) == 2
    server._reader.join()
    assert "--oidc-issuer needs --team" in "".join(server.errors)
