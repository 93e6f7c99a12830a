"""Which addresses are asked, and what an answer may be."""

import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from types import SimpleNamespace

import pytest

from server.addresses import read_target
from server.runtime import outside as module
from server.runtime.outside import NotReached, Outside
from tests.serving import Quiet, serving

NOBODY = "^No public host has this address.$"
LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.fixture
def receiver():
    made = SimpleNamespace(asked=[], over=threading.Event(), left=threading.Event())

    class Receiver(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            made.asked.append((self.path, self.headers["Host"], self.headers["Accept-Encoding"]))
            if self.path == "/moved":
                self.reply(302, headers={"Location": "http://127.0.0.1:1/"})
                return
            size = 5000 if self.path != "/endless" else 10**9
            self.send_response(200)
            self.send_header("Content-Length", str(size))
            self.end_headers()
            if self.path == "/silent":
                made.over.wait(5)
            self.wfile.write(b"x" * min(size, 200_000))
            if self.path == "/endless":
                with suppress(ConnectionError):
                    self.rfile.read(1)
                made.left.set()

    with serving(Receiver) as made.url:
        yield made


@pytest.fixture
def outside():
    made = []

    def make(allowed=()):
        made.append(Outside(allowed))
        return made[-1]

    yield make
    for each in made:
        each.close()


NOT_PUBLIC = [
    "127.0.0.1", "127.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "[::1]", "[::]", "[fe80::1]", "[fc00::1]",
    "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]", "[ff02::1]",
    "localhost", "2130706433", "0x7f000001", "017700000001", "127.0.0.1.",
]  # fmt: skip


@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_what_is_not_public_is_not_asked(outside, monkeypatch, host):
    monkeypatch.setattr(module, "_send", lambda *_: pytest.fail("It was asked."))
    with pytest.raises(NotReached, match=NOBODY):
        outside().ask("GET", f"http://{host}/", headers={}, seconds=5)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:10.0.0.1]", "[fe80::1]"])
def test_numbers_are_refused_before_anything_is_looked_up(outside, monkeypatch, host):
    monkeypatch.setattr(module, "_look_up", lambda *_: pytest.fail("It was looked up."))
    with pytest.raises(NotReached, match=NOBODY):
        outside().check(f"https://{host}/")


def test_a_name_of_which_one_address_is_not_public_is_not_asked(outside, monkeypatch):
    found = [ipaddress.ip_address("1.1.1.1"), ipaddress.ip_address("10.0.0.1")]
    monkeypatch.setattr(module, "_look_up", lambda *_: found)
    monkeypatch.setattr(module, "_send", lambda *_: pytest.fail("It was asked."))
    with pytest.raises(NotReached, match=NOBODY):
        outside().ask("GET", "http://hooks.example/", headers={}, seconds=5)


def test_what_was_looked_up_is_what_is_connected_to(outside, monkeypatch, receiver):
    """A name that leads elsewhere a moment later makes no difference."""
    answers = iter([[ipaddress.ip_address("127.0.0.1")], [ipaddress.ip_address("10.0.0.1")]])
    monkeypatch.setattr(module, "_look_up", lambda *_: next(answers))
    address = receiver.url.replace("127.0.0.1", "Hooks.Example") + "/a?b=c"
    answer = outside(LOOPBACK).ask("GET", address, headers={}, seconds=5, most_bytes=6000)
    assert (answer.status, len(answer.body)) == (200, 5000)
    assert receiver.asked == [
        ("/a?b=c", receiver.url.replace("http://127.0.0.1", "hooks.example"), "identity")
    ]


WRONG = [
    "", "hooks.example", "ftp://hooks.example/", "file:///etc/passwd", "gopher://hooks.example", "http://", "http:///a",
    "http://user@hooks.example/", "http://user:pass@hooks.example/", "http://hooks.example:99999/",
    "http://hooks.example:a/", "http://a b/", "http://a\r\nX: y/", "http://höoks.example/", "javascript:alert(1)",
    "http://[::1%25eth0]/", "http://./", "http://evil.example\\@10.0.0.1/", "http://" + "a" * 2000,
]  # fmt: skip


@pytest.mark.parametrize("address", WRONG)
def test_what_is_no_address(outside, address):
    with pytest.raises(NotReached, match="begins with"):
        outside().check(address)


def test_an_address_taken_apart():
    assert read_target("https://Hooks.Example./x?y=1#z") == (
        "https", "hooks.example", 443, "/x?y=1", "hooks.example",
    )  # fmt: skip
    assert read_target("http://[2606:4700::1]:8080") == (
        "http", "2606:4700::1", 8080, "/", "[2606:4700::1]:8080",
    )  # fmt: skip


def test_redirects_are_not_followed_nor_large_answers_read(outside, receiver):
    asked = outside(LOOPBACK)
    with pytest.raises(NotReached, match="redirects"):
        asked.ask("GET", f"{receiver.url}/moved", headers={}, seconds=5)
    with pytest.raises(NotReached, match="larger than"):
        asked.ask("GET", f"{receiver.url}/", headers={}, seconds=5, most_bytes=4999)
    assert asked.ask("GET", f"{receiver.url}/", headers={}, seconds=5).body == b""
    with pytest.raises(NotReached, match="did not answer"):
        asked.ask("GET", f"{receiver.url}/silent", headers={}, seconds=0.5, most_bytes=6000)
    receiver.over.set()


def test_a_refused_answer_is_not_kept_waiting(outside, receiver):
    with pytest.raises(NotReached, match="larger than") as caught:  # which would keep what is open
        outside(LOOPBACK).ask("GET", f"{receiver.url}/endless", headers={}, seconds=5, most_bytes=1000)
    assert caught.value
    assert receiver.left.wait(5)


def test_what_nobody_listens_at(outside):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotReached, match="cannot be reached"):
        outside(LOOPBACK).ask("GET", f"http://127.0.0.1:{port}/", headers={}, seconds=2)
    with pytest.raises(NotReached, match=NOBODY):
        outside().ask("GET", "http://nowhere.invalid/", headers={}, seconds=5)


def test_who_speaks_no_tls_is_not_asked_without(outside, receiver):
    with pytest.raises(NotReached, match=r"certificate|broke off"):
        outside(LOOPBACK).ask("GET", receiver.url.replace("http:", "https:"), headers={}, seconds=5)


def test_the_name_is_told_to_tls(outside, monkeypatch):
    told = {}

    class Pool:
        def __init__(self, host, port, **options):
            told.update(host=host, port=port, **options)
            raise ssl.SSLError("enough")

    monkeypatch.setattr(module.urllib3, "HTTPSConnectionPool", Pool)
    monkeypatch.setattr(module, "_look_up", lambda *_: [ipaddress.ip_address("1.1.1.1")])
    with pytest.raises(NotReached):
        outside().ask("GET", "https://hooks.example/", headers={}, seconds=5)
    assert (told["host"], told["port"], told["server_hostname"]) == ("1.1.1.1", 443, "hooks.example")
