"""Annotations, imports and exports on connections that break."""

import json

import numpy as np
import pytest

from server.client import (
    Annotation,
    Gone,
    Image,
    Import,
    NotFound,
    NotSamphire,
    Unreachable,
    VersionConflict,
    exporting,
)
from server.client.resources import read, rle_of

MASK = np.zeros((4, 5), bool)
MASK[1:3, 1:4] = True
TIME = "2026-01-02T03:04:05Z"
UPLOADED = {
    "id": "i", "project_id": "p", "name": "a.png", "width": 5, "height": 4, "state": "new", "added_at": TIME,
    "updated_at": TIME,
}  # fmt: skip
IMAGE = read(Image, UPLOADED)
TOLD = {
    "id": "annotation-1", "project_id": "p", "image_id": "i", "label_id": "l", "label": "dog", "color": "#e69f00",
    "rle": rle_of(MASK), "area": 6, "bbox": [1, 1, 3, 2], "version": 1, "created_at": TIME, "updated_at": TIME,
    "attributes": {},
}  # fmt: skip
IMPORT = {"id": "j", "project_id": "p", "source": "a.zip", "state": "running"}


def test_a_save_that_is_sent_twice_has_one_id(server, client):
    server.will_break()
    server.will(200, TOLD)
    saved = client.annotations.save(IMAGE, MASK, "dog")
    assert np.array_equal(saved.mask, MASK)
    first, second = (json.loads(asked.body) for asked in server.asked)
    assert first == second
    assert len(first["id"]) == 36
    assert server.asked[0].path == "/api/projects/p/images/i/annotations"


def test_a_change_whose_answer_was_lost_is_done(server, client):
    server.will_break()
    current = TOLD | {"label": "cat", "version": 2}
    server.will_refuse(409, "version_conflict", current=current)
    assert client.annotations.change(read(Annotation, TOLD), label="cat").version == 2
    assert json.loads(server.asked[1].body)["version"] == 1
    assert server.asked[1].path == "/api/annotations/annotation-1?project=p"


@pytest.mark.parametrize("current", [{"label": "cow", "version": 2}, {"label": "cat", "version": 3}])
def test_a_change_of_somebody_else_is_a_conflict(server, client, current):
    server.will_break()
    server.will_refuse(409, "version_conflict", current=TOLD | current)
    with pytest.raises(VersionConflict):
        client.annotations.change(read(Annotation, TOLD), label="cat")


@pytest.mark.parametrize("status", [429, 503])
def test_what_was_refused_before_was_done_by_somebody_else(server, client, status):
    for _ in range(2):
        server.will(status, b"")
    server.will_refuse(404, "annotation_not_found")
    with pytest.raises(NotFound):
        client.annotations.delete(read(Annotation, TOLD))
    server.will(status, b"")
    server.will_refuse(409, "version_conflict", current=TOLD | {"label": "cat", "version": 2})
    with pytest.raises(VersionConflict):
        client.annotations.change(read(Annotation, TOLD), label="cat")


def test_a_deletion_whose_answer_was_lost_is_done(server, client):
    server.will_break()
    server.will_refuse(404, "annotation_not_found")
    client.annotations.delete(read(Annotation, TOLD))
    server.will_refuse(404, "annotation_not_found")
    with pytest.raises(NotFound):
        client.annotations.delete(read(Annotation, TOLD))


def test_an_import_is_waited_for(server, client, pauses):
    for state in ("queued", "running", "done"):
        server.will(200, IMPORT | {"state": state, "added": 3})
    seen = []
    done = client.imports.wait(read(Import, IMPORT), progress=lambda now: seen.append(now.state))
    assert (done.state, seen) == ("done", ["queued", "running", "done"])
    assert pauses[1] > pauses[0]


def test_an_import_that_takes_too_long(server, client):
    server.will(200, IMPORT)
    with pytest.raises(TimeoutError, match=r"a\.zip is still running"):
        client.imports.wait(read(Import, IMPORT), timeout=0)


STANDING = {"file": "f1", "images": 2, "total": 2}


def test_a_download_that_breaks_goes_on(server, client, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "_PART", 5)
    server.will(202, STANDING | {"state": "making", "images": 1})
    server.will(200, STANDING | {"state": "ready"})
    server.will(200, b"01234", Content_Length="10", ETag='"a"')
    server.will(206, b"56789", ETag='"a"', Content_Range="bytes 5-9/10")
    told = []
    path = client.export("p", "coco", tmp_path / "out.json", progress=lambda *each: told.append(each))
    assert path.read_bytes() == b"0123456789"
    assert [path] == list(tmp_path.iterdir())
    assert server.asked[1].path == "/api/projects/p/export/coco/prepare?images=0&file=f1"
    assert server.asked[3].headers["Range"] == "bytes=5-"
    assert server.asked[3].headers["If-Range"] == '"a"'
    assert told == [(1, 2, "images"), (2, 2, "images"), (5, 10, "out.json"), (10, 10, "out.json")]


def test_a_download_of_another_file_begins_again(server, client, tmp_path):
    server.will(200, b"01234", Content_Length="10", ETag='"a"')
    server.will(200, b"abc", ETag='"b"')
    path = client.images.download(IMAGE, tmp_path / "a.png")
    assert path.read_bytes() == b"abc"


def test_a_download_that_never_comes_leaves_what_was_there(server, client, tmp_path):
    (tmp_path / "a.png").write_bytes(b"before")
    for _ in range(5):
        server.will(200, b"", Content_Length="10", ETag='"a"')
    with pytest.raises(Unreachable, match="broke off"):
        client.images.download(IMAGE, tmp_path / "a.png")
    server.will_refuse(410, "gone")
    with pytest.raises(Gone):
        client.images.download(IMAGE, tmp_path / "a.png")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"before"]


@pytest.mark.parametrize(
    "short",
    [
        [(200, b"01234", {"Content_Length": "10"})] * 6,  # without a tag it always begins again
        [
            (200, b"01234", {"Content_Length": "10", "ETag": f'"{n}"'}) for n in range(6)
        ],  # another file each time
        [(200, b"0123456789", {"Content_Length": "20", "ETag": '"a"'})]
        + [(206, b"01234", {"Content_Range": "bytes 10-14/20", "ETag": '"a"'})]
        + [(206, b"", {"Content_Range": "bytes 15-19/20", "ETag": '"a"'})] * 5,
        [(206, b"01", {"Content_Range": "bytes 0-1/10", "ETag": '"a"'})] * 6,  # the same part each time
    ],
)
def test_a_server_that_keeps_answering_short_is_given_up(
    server, client, pauses, tmp_path, monkeypatch, short
):
    monkeypatch.setattr(exporting, "_PART", 5)
    for status, data, headers in short:
        server.will(status, data, **headers)
    with pytest.raises(Unreachable, match="broke off"):
        client.images.download(IMAGE, tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []
    assert len(pauses) == len(short) - 1


def test_a_part_is_not_taken_for_the_whole(server, client, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "_PART", 5)
    server.will(200, b"01234", Content_Length="10", ETag='"a"')
    server.will(206, b"567", ETag='"a"', Content_Range="bytes 5-7/10")
    server.will(206, b"89", ETag='"a"', Content_Range="bytes 8-9/10")
    assert client.images.download(IMAGE, tmp_path / "a.png").read_bytes() == b"0123456789"
    for wrong in ({}, {"Content_Range": "bytes 5-7/10"}):
        server.will(206, b"567", **wrong)
        with pytest.raises(NotSamphire, match="another part"):
            client.images.download(IMAGE, tmp_path / "a.png")


def test_a_folder_is_uploaded_and_what_is_no_image_is_told(server, client, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b.PNG", "in/a.jpg", ".hidden/c.png", "notes.txt", ".d.png"):
        (tmp_path / name).write_bytes(name.encode())
    server.will_refuse(415, "unsupported_image")
    server.will(201, {**UPLOADED, "name": "in/a.jpg"})
    told = []
    images, refused = client.images.upload_folder("p", tmp_path, progress=lambda *each: told.append(each))
    assert [image.name for image in images] == ["in/a.jpg"]
    assert [(path.name, error.code) for path, error in refused] == [("b.PNG", "unsupported_image")]
    assert b"in/a.jpg" in server.asked[1].body
    assert told == [(5, 13, "b.PNG"), (13, 13, "in/a.jpg")]


def test_prompts_are_arrays(server, client):
    told = {
        "candidates": [
            {
                "token": 1, "rle": rle_of(MASK), "predicted_iou": 0.9, "stability_score": 0.8, "area": 6,
                "bbox": [1, 1, 3, 2], "mask_id": "m-1",
            }
        ],
        "best": 0, "prediction": "m", "segmenter": "s", "weights": "w", "timing_ms": {},
    }  # fmt: skip
    server.will(200, told)
    best = client.predict(IMAGE, points=np.array([[1.5, 2], [3, 1]]), labels=[1, 0], box=(0, 0, 4, 3)).best
    asked = json.loads(server.asked[0].body)
    assert asked == {"points": [[1.5, 2, 1], [3, 1, 0]], "box": [0, 0, 4, 3], "all": False}
    assert [step["kind"] for step in best.prompts] == ["box", "point", "point"]
    server.will(200, told)
    client.predict("i", points=[[1, 1]], mask=best)
    assert json.loads(server.asked[1].body)["mask_from"] == "m-1"
    server.will(201, TOLD)
    client.annotations.save(IMAGE, best, "dog")
    saved = json.loads(server.asked[2].body)
    assert (saved["candidate"], saved["segmenter"], saved["weights"]) == (1, "s", "w")


@pytest.mark.parametrize(
    ("prompt", "says"),
    [
        ({"points": [1, 2]}, r"\(n, 2\)"),
        ({"points": [[1, 2, 1]]}, r"\(n, 2\)"),
        ({"points": [[1, float("nan")]]}, "finite"),
        ({"points": [[1, 2]], "labels": [2]}, "1 labels"),
        ({"points": [[1, 2]], "labels": [1, 1]}, "1 labels"),
        ({"labels": [1]}, "no points"),
        ({"box": [1, 2, 3]}, r"\(4\)"),
    ],
)
def test_prompts_of_another_shape_are_not_sent(client, prompt, says):
    with pytest.raises(ValueError, match=says):
        client.predict("i", **prompt)
