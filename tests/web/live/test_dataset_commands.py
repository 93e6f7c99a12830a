"""`samphire project`, `import` and `export`, as processes: in, out and in again, interrupted, and what is wrong."""

import json
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest

from server.domain.masks import encode_rle
from tests.web.live.running import ROOT, Server, picture
from tests.web.live.test_commands import samphire


def dataset(folder, pictures=3, objects=2):
    """Pictures and a COCO file; the id of nothing is told."""
    folder.mkdir()
    images, annotations = [], []
    for number in range(pictures):
        (folder / f"{number}.png").write_bytes(picture(60, 40, number))
        images.append({"id": number, "file_name": f"{number}.png", "width": 60, "height": 40})
        for place in range(objects):
            mask = np.zeros((40, 60), bool)
            mask[5 : 20 + place, 10:30] = True
            mask[8:12, 15:20] = False
            each = {"id": len(annotations), "image_id": number, "category_id": 1}
            annotations.append(each | {"segmentation": encode_rle(mask), "attributes": {"cut": True}})
    coco = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "dog"}]}
    (folder / "coco.json").write_text(json.dumps(coco))
    return folder


def test_in_and_out_and_in_again(tmp_path):
    data = tmp_path / "data"
    assert samphire("project", "create", "Dogs", data=data).returncode == 0
    done = samphire("import", dataset(tmp_path / "in"), "--project", "Dogs", data=data)
    assert (done.returncode, done.stdout) == (0, "")
    assert "4 of 4 files, 3 new images, 0 known, 6 objects" in done.stderr
    listed = samphire("project", "list", data=data).stdout.splitlines()
    assert [line.split("  ", 1)[1].strip() for line in listed] == [
        "My images  0 images, 0 objects", "Dogs  3 images, 6 objects",
    ]  # fmt: skip

    out = tmp_path / "yolo"
    done = samphire(
        "export", out, "--project", "Dogs", "--format", "yolo", "--images", "--split", "50/50", data=data
    )
    assert done.returncode == 0, done.stderr
    assert "The format yolo cannot keep: attributes 6, holes 6." in done.stderr
    assert len(list(out.rglob("*.png"))) == 3
    assert (
        samphire("export", out, "--project", "Dogs", "--format", "yolo", data=data).returncode == 2
    )  # is there
    zipped = tmp_path / "all.zip"
    samphire("export", zipped, "--project", "Dogs", "--images", data=data)
    assert len(zipfile.ZipFile(zipped).namelist()) == 4

    for source in (out, zipped):
        other = tmp_path / f"other {source.name}"
        done = samphire("import", source, data=other)
        assert "3 new images, 0 known, 6 objects" in done.stderr, done.stderr
        assert "1 known, 6 objects" not in samphire("import", source, data=other).stderr  # nothing twice
        assert "My images  3 images, 6 objects" in samphire("project", "list", data=other).stdout


def test_a_bad_dataset_is_told_and_nothing_of_it_is_in(tmp_path):
    folder, data = dataset(tmp_path / "in"), tmp_path / "data"
    (folder / "2.png").unlink()
    done = samphire("import", folder, data=data)
    assert done.returncode == 2
    assert "2.png: no such image" in done.stderr
    assert "Nothing was imported" in done.stderr
    assert "0 images, 0 objects" in samphire("project", "list", data=data).stdout
    done = samphire("import", folder, "--keep-going", data=data)
    assert (done.returncode, "4 objects" in done.stderr) == (1, True)


def test_an_interrupted_import_goes_on(tmp_path):
    folder, data = tmp_path / "in", tmp_path / "data"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.png").write_bytes(picture(400, 300, number))
    command = [sys.executable, "-m", "server.cli.main", "import", str(folder), "--data", str(data)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    blobs = data / "blobs" / "images"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list(blobs.rglob("thumbnail.jpg"))) < 10:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    process.wait(15)
    done = samphire("import", folder, data=data)
    assert done.returncode == 0, done.stderr
    assert "Resuming the import" in done.stderr
    assert "My images  60 images, 0 objects" in samphire("project", "list", data=data).stdout
    under_way = (
        len(list(blobs.rglob("thumbnail.jpg"))) - 60
    )  # when it was killed: the janitor's, not a command's
    assert 0 <= under_way <= 8


@pytest.mark.parametrize("mode", [(), ("--team",)], ids=["local", "team"])
def test_projects_are_changed_through_a_running_server(tmp_path, mode):
    """By this machine's owner, whom a secret of the run shows."""
    data = tmp_path / "data"
    server = Server(data, *mode, "--base-path", "/labels")
    try:
        if sys.platform != "win32":
            assert (data / "server.secret").stat().st_mode & 0o777 == 0o600

        def ask(*words):
            return samphire("project", *words, data=data)

        assert "0 images, 0 objects" in ask("create", "A").stdout
        assert "samphire project restore" in ask("delete", "A").stdout
        assert "(deleted)" in samphire("project", "list", data=data).stdout
        restored = ask("restore", "A")
        assert (restored.returncode, "(deleted)" in restored.stdout) == (0, False), restored.stderr
        wrong = ask("delete", "default")
        assert (wrong.returncode, "so it cannot be deleted" in wrong.stderr) == (2, True)
        assert "Known: A, My images." in ask("archive", "B").stderr
        held = samphire("doctor", "--free", "exports", data=data)
        assert "Another Samphire (process" in held.stderr  # what needs the folder alone says so still
    finally:
        server.process.kill()
        server.wait()
    assert (
        "(archived)" in samphire("project", "archive", "A", data=data).stdout
    )  # what it told is of no use now


def test_projects_are_named_archived_deleted_and_restored(tmp_path):
    data = tmp_path / "data"
    samphire("project", "create", "A", data=data)
    assert "(archived)" in samphire("project", "archive", "A", data=data).stdout
    samphire("project", "unarchive", "A", data=data)
    assert "samphire project restore" in samphire("project", "delete", "A", data=data).stdout
    assert "(deleted)" in samphire("project", "list", data=data).stdout
    assert "(deleted)" not in samphire("project", "restore", "A", data=data).stdout
    for words, told in (
        (("project", "delete", "default"), "so it cannot be deleted"),
        (("project", "delete", "B"), "Known: A, My images."),
        (("project", "create"), "needs a name"),
        (("import", tmp_path / "gone"), "does not exist"),
        (("import", tmp_path, "--format", "excel"), "coco"),
    ):
        done = samphire(*words, data=data)
        assert (done.returncode, told in done.stderr, "Traceback" in done.stderr) == (2, True, False), (
            done.stderr
        )
