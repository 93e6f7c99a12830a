"""`samphire encode` and `samphire export`, as processes."""

import json
import subprocess
import sys
from pathlib import Path

import requests

from tests.web.live.running import ROOT, Server, picture
from tests.web.live.toy import install_toy


def samphire(*words, data):
    command = [sys.executable, "-m", "server.cli.main", *map(str, words), "--data", str(data)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_pictures_encoded_ahead_are_ready_when_the_server_starts(tmp_path):
    folder, data = tmp_path / "pictures", tmp_path / "data"
    folder.mkdir()
    (folder / "good.png").write_bytes(picture(90, 60))
    (folder / "bad.png").write_bytes(b"not a picture")
    (folder / "notes.txt").write_text("left alone")
    done = samphire("encode", folder, data=data)
    assert done.returncode == 1
    assert "good.png: encoded, new image" in done.stdout
    assert "bad.png: " in done.stderr
    assert "Traceback" not in done.stderr
    assert "already encoded, known image" in samphire("encode", folder / "good.png", data=data).stdout

    server = Server(data)
    listed = requests.get(f"{server.base}/api/images", timeout=30).json()
    assert [(image["name"], image["embedding"]["state"]) for image in listed["images"]] == [
        ("good.png", "ready")
    ]
    held = samphire("encode", folder, data=data)
    assert (held.returncode, "is using the data folder" in held.stderr) == (2, True)
    written = samphire("export", tmp_path / "all.json", data=data)  # reads beside the server
    assert written.returncode == 0, written.stderr
    assert json.loads((tmp_path / "all.json").read_text())["images"][0]["file_name"] == "good.png"
    server.stop()


def test_pictures_are_encoded_by_the_segmenter_that_is_named(tmp_path):
    folder, data = tmp_path / "pictures", tmp_path / "data"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.png").write_bytes(picture(90, 60, number))
    install_toy(data, "a" * 64)
    done = samphire("encode", folder, "--segmenter", "toy", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    lines = (
        done.stdout.splitlines()
    )  # in the order of the files, though the next is read while one is encoded
    assert [line.partition(": encoded, new image ")[0] for line in lines] == [
        str(folder / f"{number}.png") for number in range(5)
    ]
    wrong = samphire("encode", folder, "--segmenter", "gone", data=data)
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("samphire: There is no segmenter 'gone'. Installed: mobile_sam, toy.")
    server = Server(data, "--segmenter", "toy")
    listed = requests.get(f"{server.base}/api/images", timeout=30).json()["images"]
    assert {(image["embedding"]["segmenter"], image["embedding"]["state"]) for image in listed} == {
        ("toy", "ready")
    }
    told = requests.get(f"{server.base}/api/segmenters", timeout=30).json()["segmenters"]
    assert [(each["id"], each["encoder_seconds"] is None) for each in told] == [
        ("mobile_sam", True),
        ("toy", False),
    ]
    server.stop()


def test_export_tells_what_is_wrong_in_one_sentence(tmp_path):
    (tmp_path / "data").mkdir()
    out = tmp_path / "out.json"
    for words, data in [
        ((out,), tmp_path / "nowhere"),
        ((out, "--image", "0" * 16), tmp_path / "data"),
        ((out, "--project", "gone"), tmp_path / "data"),
        ((out, "--format", "excel"), tmp_path / "data"),
        ((out, "--split", "many"), tmp_path / "data"),
        ((tmp_path / "no" / "such" / "folder.json",), tmp_path / "data"),
        (("-", "--format", "yolo"), tmp_path / "data"),
    ]:
        done = samphire("export", *words, data=data)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert not Path(out).exists()
    assert not list(tmp_path.glob("*.part"))


def test_export_to_the_terminal(tmp_path):
    (tmp_path / "data").mkdir()
    done = samphire("export", "-", data=tmp_path / "data")
    assert json.loads(done.stdout)["annotations"] == []
