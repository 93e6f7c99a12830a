"""What is asked again and what is not, and what errors become."""

import io
import socket
import subprocess
import sys

import pytest

from server.client import (
    BadRequest,
    Client,
    Conflict,
    Forbidden,
    NotFound,
    NotSamphire,
    SamphireError,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Unreachable,
    VersionConflict,
)
from server.client.uploading import FileBody, FormBody
from server.errors import AnnotationDeleted, ProjectNotFound

PROJECT = {"id": "p", "name": "Streets", "created_at": "2026-01-02T03:04:05Z", "news": {"of": "later"}}


def test_it_imports_nothing_of_the_server():
    code = (
        "import sys; import server.client; "
        "heavy = {'onnxruntime', 'sqlalchemy', 'flask', 'gevent', 'PIL', 'alembic', 'werkzeug'}; "
        "import os; print(sorted(heavy & set(sys.modules)), os.environ.get('OPENBLAS_NUM_THREADS'))"
    )
    environment = {"PYTHONPATH": str(__import__("pathlib").Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "[] None"


def test_it_says_who_asks_and_reads_what_it_knows(server, client):
    server.will(200, {"projects": [PROJECT]})
    [project] = client.projects.list()
    assert (project.id, project.name, project.created_at.year) == ("p", "Streets", 2026)
    [asked] = server.asked
    assert asked.headers["Authorization"] == "Bearer smp_secret"
    assert asked.headers["User-Agent"].startswith("samphire-client/")
    assert asked.path == "/api/projects?which=active"


def test_no_token_is_no_header_and_a_base_path_stays(server, pauses):
    server.will(200, {"projects": []})
    Client(f"{server.url}/samphire/?token=1#top").projects.list()
    assert "Authorization" not in server.asked[0].headers
    assert server.asked[0].path == "/samphire/api/projects?which=active"


@pytest.mark.parametrize("url", ["127.0.0.1:8765", "ftp://host/", "http://", ""])
def test_an_address_must_be_one(url):
    with pytest.raises(ValueError, match="begins with http"):
        Client(url)


def test_a_token_is_not_shown():
    assert "smp_" not in repr(Client("http://host", "smp_secret"))


REFUSALS = [
    (404, "project_not_found", ProjectNotFound),
    (409, "version_conflict", VersionConflict),
    (409, "annotation_deleted", AnnotationDeleted),
    (400, "of_a_newer_server", BadRequest),
    (401, "of_a_newer_server", Unauthorized),
    (403, "of_a_newer_server", Forbidden),
    (404, "of_a_newer_server", NotFound),
    (409, "of_a_newer_server", Conflict),
    (418, "of_a_newer_server", SamphireError),
    (500, "internal", SamphireError),
]


@pytest.mark.parametrize(("status", "code", "kind"), REFUSALS)
def test_refusals_are_exceptions_of_their_code_or_status(server, client, status, code, kind):
    server.will_refuse(status, code, current={"version": 3})
    with pytest.raises(SamphireError) as caught:
        client.projects.get("p")
    error = caught.value
    assert type(error) is kind
    assert (error.code, error.message, error.hint) == (code, f"A {code}.", "Do otherwise.")
    assert error.details == {"current": {"version": 3}}
    assert error.status == status


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"error": {"code": 7}}'])
def test_what_is_no_answer_of_samphires_is_told(server, client, body):
    server.will(404, body)
    with pytest.raises(NotSamphire, match="404"):
        client.projects.get("p")


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"projects": [{"id": 3}]}', b'{"projects": 3}'])
def test_a_success_that_is_not_understood_is_told(server, client, body):
    server.will(200, body)
    with pytest.raises(NotSamphire):
        client.projects.list()


def test_redirects_are_not_followed_with_the_token(server, client):
    server.will(301, b"", Location="https://elsewhere.example/api/projects")
    with pytest.raises(NotSamphire, match="elsewhere"):
        client.projects.list()
    assert len(server.asked) == 1


def test_what_may_be_repeated_is_until_it_works(server, client, pauses):
    server.will_break()
    server.will(502, b"<html>")
    server.will_refuse(503, "embedding_timeout")
    server.will(504, b"")
    server.will(200, {"projects": []})
    assert client.projects.list() == []
    assert len(pauses) == 4
    for attempt, pause in enumerate(pauses):
        assert 0.25 * 2**attempt <= pause <= 0.5 * 2**attempt


def test_a_busy_server_says_when(server, client, pauses):
    server.will(429, {"error": {"code": "too_many_requests", "message": "m", "hint": "h"}}, Retry_After="7")
    server.will(200, {"projects": []})
    client.projects.list()
    assert pauses == [7]


def test_a_long_wait_is_the_callers_to_decide(server, client, pauses):
    server.will(429, {"error": {"code": "too_many_requests", "message": "m", "hint": "h"}}, Retry_After="900")
    with pytest.raises(TooManyRequests) as caught:
        client.projects.list()
    assert (caught.value.retry_after_s, pauses) == (900, [])


@pytest.mark.parametrize(
    ("status", "repeated"), [(None, True), (502, True), (504, True), (429, None), (503, None)]
)
def test_an_error_says_whether_an_attempt_before_may_have_succeeded(server, client, status, repeated):
    if status is None:
        server.will_break()
    else:
        server.will(status, b"")
    server.will_refuse(404, "project_not_found")
    with pytest.raises(NotFound) as caught:
        client.projects.get("p")
    assert caught.value.details.get("repeated") is repeated


def test_it_gives_up(server, pauses):
    for _ in range(3):
        server.will(503, b"")
    with pytest.raises(Unavailable):
        Client(server.url, retries=2).projects.list()
    assert len(pauses) == 2


def test_what_may_not_be_repeated_is_sent_once(server, client, pauses):
    server.will_break()
    with pytest.raises(Unreachable):
        client.projects.create("Streets")
    server.will(503, b"")
    with pytest.raises(Unavailable):
        client.projects.create("Streets")
    assert (len(server.asked), pauses) == (2, [])


def test_where_nothing_listens_everything_is_tried_again(pauses):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port} does not answer"):
        Client(f"http://127.0.0.1:{port}", retries=3).projects.create("Streets")
    assert len(pauses) == 3


def test_a_form_holds_the_file_and_can_be_sent_again():
    told: list[tuple[int, int, str]] = []
    data = bytes(range(256)) * 3000
    file = FileBody(io.BytesIO(data), "", "y.png", lambda *each: told.append(each))
    body = FormBody(file, 'a"b\r\nX: y.png', {"path": "in/ü.png"})
    first = b""
    while part := body.read(1000):
        first += part
    body.seek(0)
    assert body.read() == first
    assert len(body) == len(first)
    assert data in first
    assert b'filename="a%22b%0D%0AX: y.png"' in first
    assert "in/ü.png".encode() in first
    assert told[-1] == (len(data), len(data), "y.png")
