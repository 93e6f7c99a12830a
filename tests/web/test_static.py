"""Static files: right types, immutable under the current digest, compressed for who takes it."""

import gzip
import os

import brotli
import pytest

from server import paths
from server.web import static
from server.web.static import digest, static_url

BIG = b"a sentence that compresses well. " * 100


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A small static tree in place of the real one."""
    folder = tmp_path / "static"
    files = {
        "js/main.js": BIG,
        "js/x.mjs": BIG,
        "css/x.css": BIG,
        "x.wasm": b"\0asm" + BIG,
        "x.onnx": BIG,
        "x.svg": b"<svg/>",
        "x.unknown": b"?",
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "x.wasm.br").write_bytes(brotli.compress(b"\0asm" + BIG))
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(paths, "STATIC", folder)
    return folder


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("js/main.js", "text/javascript; charset=utf-8"), ("js/x.mjs", "text/javascript; charset=utf-8"),
     ("css/x.css", "text/css; charset=utf-8"), ("x.wasm", "application/wasm"),
     ("x.onnx", "application/octet-stream"), ("x.svg", "image/svg+xml"), ("x.unknown",
     "application/octet-stream")],
)  # fmt: skip
@pytest.mark.parametrize("accepted", ["", "gzip, deflate", "gzip, br"])
def test_types_whatever_the_system_thinks(client, folder, name, content_type, accepted):
    answer = client.get(static_url(name), headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    coding = answer.headers.get("Content-Encoding")
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    assert unpack(answer.data) == (folder / name).read_bytes()
    assert answer.headers["Vary"] == "Accept-Encoding"
    big = name == "x.unknown"  # no .br beside it
    assert coding == {"": None, "gzip, deflate": "gzip", "gzip, br": "gzip" if big else "br"}[accepted]


def test_what_is_dense_already_is_sent_as_it_is(client, folder):
    (folder / "x.png").write_bytes(BIG)
    answer = client.get(static_url("x.png"), headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in answer.headers


def test_what_lies_beside_is_sent_and_what_is_text_is_compressed_here(client, folder):
    for name in ("x.wasm", "js/main.js"):
        answer = client.get(static_url(name), headers={"Accept-Encoding": "br"})
        assert answer.headers["Content-Encoding"] == "br"
        assert len(answer.data) < 200
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        again = client.get(
            static_url(name), headers={"Accept-Encoding": "br", "If-None-Match": answer.headers["ETag"]}
        )
        assert (again.status_code, again.data) == (304, b"")
        assert client.get(static_url(name)).headers["ETag"] != answer.headers["ETag"]


def test_what_was_compressed_once_is_sent_again_until_the_file_changes(client, folder):
    def fetch():
        answer = client.get(static_url("x.onnx"), headers={"Accept-Encoding": "br"})
        assert answer.headers["Content-Encoding"] == "br"
        return answer.headers["ETag"], brotli.decompress(answer.data)

    first = fetch()
    assert fetch() == first
    (folder / "x.onnx").write_bytes(BIG[::-1])
    os.utime(folder / "x.onnx", ns=(1, 1))
    etag, data = fetch()
    assert (data, etag != first[0]) == (BIG[::-1], True)


def test_refused_codings_are_not_sent(client, folder):
    answer = client.get(static_url("x.wasm"), headers={"Accept-Encoding": "br;q=0"})
    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"\0asm")


def test_immutable_under_the_current_digest_only(client, folder):
    assert "immutable" in client.get(static_url("js/main.js")).headers["Cache-Control"]
    assert client.get("/static/000000000000/js/main.js").headers["Cache-Control"] == "no-cache"


def test_the_digest_changes_with_any_byte_and_any_name(tmp_path):
    def of(**files):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
        return digest(folder)

    digests = [of(a="1", b="2"), of(a="1", b="3"), of(a="1", c="2"), of(a="1"), of(a="12", b="")]
    assert len(set(digests)) == 5
    assert of(a="1", b="2") == digests[0]
    assert all(len(each) == 12 for each in digests)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "/etc/passwd",
        "js",
        "",
        "js/../../secret.txt",
        "%00",
    ],
)
def test_nothing_else_is_sent(client, folder, path, check_error):
    answer = client.get(static_url() + path)
    assert b"secret" not in answer.data.replace(b"secret.txt", b"")
    assert answer.status_code in (404, 308)


def test_the_icon_browsers_ask_for(client, folder):
    assert client.get("/favicon.ico").status_code == 204
    (folder / "favicon.svg").write_text("<svg/>")
    assert client.get("/favicon.ico").headers["Content-Type"] == "image/svg+xml"


def test_pages_name_files_under_the_digest(client):
    page = client.get("/").get_data(as_text=True)
    assert f'src="{static.static_url("js/pages/home.js")}"' in page
