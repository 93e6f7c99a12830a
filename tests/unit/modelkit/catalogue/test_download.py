"""Downloads are resumed, checked, and there only when whole; a person is told what went wrong."""

import base64
import hashlib
import io

import pytest

from server.errors import BadRequest, Unavailable, UnsupportedSegmenter
from server.modelkit.catalogue.download import Wanted, fetch, fetch_from_any
from server.modelkit.catalogue.progress import Progress
from tests.unit.modelkit.catalogue.file_server import FileServer

DATA = hashlib.sha512(b"seed").digest() * 20_000  # 1.28 MB
WANTED = Wanted(
    "weights.bin", len(DATA), "sha512-" + base64.b64encode(hashlib.sha512(DATA).digest()).decode()
)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def get(server: FileServer, folder, name: str = "weights.bin"):
    return fetch(WANTED, server.url(name), folder, pause=lambda seconds: None)


def test_a_file_arrives_whole_and_alone(tmp_path):
    with FileServer({"weights.bin": DATA}) as server:
        path = get(server, tmp_path / "downloads")
    assert path.read_bytes() == DATA
    assert [one.name for one in path.parent.iterdir()] == ["weights.bin"]
    assert server.asked == [None]


def test_what_is_there_is_not_fetched_again(tmp_path):
    (tmp_path / "weights.bin").write_bytes(DATA)
    with FileServer({}) as server:
        assert get(server, tmp_path) == tmp_path / "weights.bin"
    assert server.asked == []


def test_a_broken_connection_is_resumed_where_it_broke(tmp_path):
    with FileServer({"weights.bin": DATA}, cut_after=[400_000, 1, 500_000]) as server:
        assert get(server, tmp_path).read_bytes() == DATA
    assert server.asked == [None, "bytes=400000-", "bytes=400001-", "bytes=900001-"]


def test_the_part_of_an_earlier_try_is_used(tmp_path):
    (tmp_path / "weights.bin.part").write_bytes(DATA[:777])
    with FileServer({"weights.bin": DATA}) as server:
        assert get(server, tmp_path).read_bytes() == DATA
    assert server.asked == ["bytes=777-"]


def test_a_page_in_place_of_the_rest_costs_nothing_that_arrived(tmp_path):
    part = tmp_path / "weights.bin.part"
    part.write_bytes(DATA[:900_000])
    page = {"weights.bin": b"<html>log in</html>"}
    with FileServer(page, knows_ranges=False) as server:
        with pytest.raises(UnsupportedSegmenter, match="gives another file"):
            get(server, tmp_path)
        assert server.asked == ["bytes=900000-"]
    assert part.read_bytes() == DATA[:900_000]
    with FileServer(page, knows_ranges=False, tells_length=False) as server:
        with pytest.raises(Unavailable, match="could not be fetched"):
            get(server, tmp_path)
        assert len(server.asked) == 6
    assert part.read_bytes() == DATA[:900_000]


def test_a_file_without_end_in_place_of_the_rest_costs_nothing_that_arrived(tmp_path):
    part = tmp_path / "weights.bin.part"
    part.write_bytes(DATA[:900_000])
    longer = {"weights.bin": bytes(len(DATA) + 10_000)}
    with (
        FileServer(longer, knows_ranges=False, tells_length=False) as server,
        pytest.raises(UnsupportedSegmenter, match="gives another file"),
    ):
        get(server, tmp_path)
    assert part.read_bytes() == DATA[:900_000]


def test_breaking_off_at_varying_places_ends(tmp_path):
    with FileServer(
        {"weights.bin": DATA}, knows_ranges=False, cut_after=[900_000, 1, 500_000] * 20
    ) as server:
        with pytest.raises(Unavailable, match="could not be fetched"):
            get(server, tmp_path)
        assert len(server.asked) == 7  # one that brought something, six that did not
    assert (tmp_path / "weights.bin.part").read_bytes() == DATA[:900_000]


def test_a_server_without_ranges_sends_all_of_it_again(tmp_path):
    with FileServer({"weights.bin": DATA}, knows_ranges=False, cut_after=[300_000]) as server:
        assert get(server, tmp_path).read_bytes() == DATA
    assert len(server.asked) == 2


def test_a_damaged_part_is_given_up_once(tmp_path):
    (tmp_path / "weights.bin.part").write_bytes(bytes(5000))
    with FileServer({"weights.bin": DATA}) as server:
        assert get(server, tmp_path).read_bytes() == DATA
    assert server.asked == ["bytes=5000-", None]


@pytest.mark.parametrize("size", [len(DATA), len(DATA) + 10])
def test_a_part_that_is_whole_or_too_long(size, tmp_path):
    (tmp_path / "weights.bin.part").write_bytes((DATA + bytes(10))[:size])
    with FileServer({"weights.bin": DATA}) as server:
        assert get(server, tmp_path).read_bytes() == DATA
    assert len(server.asked) == (0 if size == len(DATA) else 1)


def test_a_part_longer_than_what_the_server_has_stays(tmp_path):
    (tmp_path / "weights.bin.part").write_bytes(DATA[:900_000])
    with FileServer({"weights.bin": DATA[:800_000]}) as server, pytest.raises(UnsupportedSegmenter):
        get(server, tmp_path)
    assert server.asked == ["bytes=900000-", None]
    assert (tmp_path / "weights.bin.part").read_bytes() == DATA[:900_000]


def test_another_file_of_the_same_size_is_refused_and_removed(tmp_path):
    with (
        FileServer({"weights.bin": bytes(len(DATA))}) as server,
        pytest.raises(UnsupportedSegmenter) as error,
    ):
        get(server, tmp_path)
    assert "another hash" in error.value.message
    assert list(tmp_path.iterdir()) == []


def test_a_page_in_place_of_the_file_is_refused_before_it_is_read(tmp_path):
    with (
        FileServer({"weights.bin": b"<html>log in</html>"}) as server,
        pytest.raises(UnsupportedSegmenter) as error,
    ):
        get(server, tmp_path)
    assert "gives another file" in error.value.message


def test_a_file_that_never_ends_is_stopped(tmp_path):
    with FileServer({"weights.bin": DATA + bytes(10_000)}) as server, pytest.raises(UnsupportedSegmenter):
        get(server, tmp_path)
    assert (tmp_path / "weights.bin.part").stat().st_size == 0


def test_a_server_that_stumbles_is_asked_again(tmp_path):
    with FileServer({"weights.bin": DATA}, statuses=[503, 429, 500]) as server:
        assert get(server, tmp_path).read_bytes() == DATA


@pytest.mark.parametrize(("status", "hint"), [(404, "mirror"), (403, "--from"), (401, "credentials")])
def test_a_refusal_is_told_at_once(status, hint, tmp_path):
    with FileServer({}, statuses=[status]) as server, pytest.raises(Unavailable) as error:
        get(server, tmp_path)
    assert f"answered {status}" in error.value.message
    assert hint in error.value.hint
    assert len(server.asked) == 1


def test_a_connection_that_always_breaks_ends_and_keeps_what_arrived(tmp_path):
    with FileServer({"weights.bin": DATA}, cut_after=[1000] + [0] * 20) as server:
        with pytest.raises(Unavailable, match="could not be fetched") as error:
            get(server, tmp_path)
        assert len(server.asked) == 7  # one that brought something, six that did not
    assert "goes on where it stopped" in error.value.hint
    assert (tmp_path / "weights.bin.part").read_bytes() == DATA[:1000]


def test_nobody_listening_is_told(tmp_path):
    with FileServer({}) as server:
        address = server.url("weights.bin")
    with pytest.raises(Unavailable, match="could not be fetched"):
        fetch(WANTED, address, tmp_path, pause=lambda seconds: None)


def test_a_second_address_is_tried_when_the_first_has_it_not(tmp_path, capsys):
    with FileServer({"weights.bin": DATA}) as server:
        path = fetch_from_any(WANTED, [server.url("missing"), server.url("weights.bin")], tmp_path)
    assert path.read_bytes() == DATA
    assert "answered 404" in capsys.readouterr().err


def test_redirects_are_followed(tmp_path):
    with FileServer({"real": DATA}) as server:
        server.redirects["weights.bin"] = server.url("real")
        assert get(server, tmp_path).read_bytes() == DATA


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/weights.bin", "weights.bin"])
def test_only_the_web_is_fetched_from(address, tmp_path):
    with pytest.raises(BadRequest, match="not an address of the web"):
        fetch(WANTED, address, tmp_path)


def test_a_disk_that_cannot_be_written_is_the_disk_s_error(tmp_path):
    (tmp_path / "weights.bin.part").mkdir()
    with FileServer({"weights.bin": DATA}) as server, pytest.raises(OSError, match="directory"):
        get(server, tmp_path)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere():
    terminal, log = Terminal(), io.StringIO()
    for out in (terminal, log):
        progress = Progress("weights.bin", 2_000_000, out)
        for done in range(0, 2_000_001, 50_000):
            progress.at(done)
        progress.end()
    assert terminal.getvalue().startswith("\rweights.bin  [............................] 0.0 of 2.0 MB")
    assert "[############################] 2.0 of 2.0 MB" in terminal.getvalue()
    assert terminal.getvalue().endswith("\n")
    assert len(log.getvalue().splitlines()) == 10
    assert "\r" not in log.getvalue()
