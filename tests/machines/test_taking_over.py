"""Processes that share a folder know of each other, and one that is killed is soon done without."""

import signal
import time

import pytest

from server.cli.main import main
from server.storage.data_lock import DataLock, holders_of
from server.storage.leading import Leading
from tests.machines.conftest import until
from tests.web.live.running import Server, picture


def leads(server: Server) -> bool:
    said = [line for line in server.errors if "The work in the background is" in line]
    return bool(said) and "done here" in said[-1]


def test_one_is_killed_and_the_other_takes_over(several, pair):
    until(lambda: leads(pair[0]) or leads(pair[1]))
    first, second = pair if leads(pair[0]) else pair[::-1]
    assert not leads(second)
    assert {holder.address.rstrip("/") for holder in holders_of(several.data)} == {first.base, second.base}
    began = time.monotonic()
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    until(lambda: leads(second))
    print(f"taken over after {time.monotonic() - began:.1f} s")
    assert [holder.address.rstrip("/") for holder in holders_of(several.data)] == [second.base]


def test_one_alone_is_kept_out_of_their_folder(several, pair, database, tmp_path, capsys):
    image = tmp_path / "image.png"
    image.write_bytes(picture(40, 30))
    assert main(["encode", str(image), "--data", str(several.data), "--database", database]) == 2
    assert "is using the data folder" in capsys.readouterr().err


def test_doctor_tells_who_is_there(several, pair, redis_server, capsys):
    def told() -> str:
        main(["doctor", "--data", str(several.data), *several.shared])
        return next(line for line in capsys.readouterr().out.splitlines() if line.split()[1] == "redis")

    until(lambda: "2 server processes: " in told())  # one that was killed counts for some seconds
    assert all(f".{server.process.pid}." in told() for server in pair)


def test_another_folder_is_refused_beside_theirs(several, pair, tmp_path):
    other = Server(tmp_path, "--team", *several.shared)
    assert other.wait() == 2
    assert "with another data folder" in "".join(other.errors)


def test_one_that_hears_nothing_of_them_is_refused_at_their_database(several, pair, database, tmp_path):
    other = Server(tmp_path, "--team", "--database", database)
    assert other.wait() == 2
    assert "Another Samphire is using the database postgresql://" in "".join(other.errors)


def test_the_lock_is_one_process_s_at_a_time(elsewhere, database, tmp_path):
    url = elsewhere.url_at(str(tmp_path / "samphire.db"))
    first, second = Leading(url), Leading(url)
    assert first.leads()
    assert first.leads()
    assert not second.leads()
    first.leave()
    until(second.leads)
    second.leave()


def test_several_hold_a_folder_together_and_nobody_else_meanwhile(tmp_path):
    with DataLock(tmp_path, shared=True), DataLock(tmp_path, shared=True) as one:
        one.tell("http://127.0.0.1:1/", "secret")
        assert [tuple(each) for each in holders_of(tmp_path)] == [("http://127.0.0.1:1/", "secret")]
        with pytest.raises(Exception, match="is using the data folder"), DataLock(tmp_path):
            pass
    assert holders_of(tmp_path) == []
    with DataLock(tmp_path):
        pass


def test_what_one_alone_told_of_itself_is_forgotten_by_several(tmp_path):
    with DataLock(tmp_path) as alone:
        alone.tell("http://127.0.0.1:1/", "secret")
        left = (tmp_path / "server.secret").read_bytes()
    (tmp_path / "server.secret").write_bytes(left)  # as if it had been killed
    with DataLock(tmp_path, shared=True) as one:
        assert holders_of(tmp_path) == []
        one.tell("http://127.0.0.1:2/", "other")
        assert [tuple(each) for each in holders_of(tmp_path)] == [("http://127.0.0.1:2/", "other")]
    assert not (tmp_path / "server.secret").exists()


def test_a_redis_that_is_not_there_is_told_in_a_sentence(several, database, tmp_path):
    server = Server(tmp_path, "--team", "--database", database, "--redis", "redis://127.0.0.1:1/0")
    assert server.wait() == 2
    assert "The Redis server 127.0.0.1:1/0 does not answer" in "".join(server.errors)
