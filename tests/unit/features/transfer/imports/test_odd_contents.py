"""Whatever names, texts and numbers archives and annotation files hold, an import comes to its end and is told of."""

import io
import json
import tarfile

import pytest

from server.domain.policy import OWNER
from server.features.transfer.formats.objects import FileProblem
from server.features.transfer.imports.archives import open_archive
from server.features.transfer.imports.jobs import Choices
from server.features.transfer.imports.recorder import Recorder
from tests.unit.features.transfer.imports.importing import write
from tests.unit.features.transfer.imports.packing import picture

COCO = """
{"images": [{"id": 0, "file_name": "a.png", "width": 8, "height": 6},
            {"id": 1, "file_name": @, "width": @, "height": @}],
 "categories": [{"id": 1, "name": "x"}, {"id": @, "name": @}],
 "annotations": [{"id": @, "image_id": 0, "category_id": 1, "attributes": @, "samphire": @,
                  "segmentation": [[1, 1, 5, 1, 5, 5]]}, {"id": 2, "image_id": @, "category_id": @, "segmentation": @}],
 "info": @}"""
LABELME = """
{"version": @, "imagePath": @, "imageHeight": 6, "imageWidth": 8, "imageData": null, "flags": @,
 "shapes": [{"label": @, "points": [[1, 1], [5, 1], [5, 5]], "shape_type": "polygon"},
            {"label": "x", "points": @, "shape_type": @}]}"""
LABEL_STUDIO = """
[{"data": {"image": @}, "annotations": [{"result": [
  {"type": "polygonlabels", "original_width": 8, "original_height": 6,
   "value": {"points": [[1, 1], [50, 1], [50, 50]], "polygonlabels": [@]}}, {"id": @, "type": @, "value": @}]}]}]"""
SA1B = """
{"image": {"image_id": @, "width": 8, "height": 6, "file_name": "a.png"},
 "annotations": [{"id": @, "segmentation": @, "predicted_iou": @, "point_coords": @}]}"""
FILES = {"coco": COCO, "labelme": LABELME, "label-studio": LABEL_STUDIO, "sa1b": SA1B}
ODD = [
    '"\\ud800"', "1" * 5000, "NaN", "1e999", "[" * 3000 + "]" * 3000, "[" * 30_000, "[" * 400 + "]" * 400,
    '{"\\ud800": "\\udc00"}', '"a\\u0000b"', "null",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_odd_values_in_annotation_files(tmp_path, world, name, value):
    """In each field in turn."""
    parts = FILES[name].split("@")
    for place in range(1, len(parts)):
        text = "0".join(parts[:place]) + value + "0".join(parts[place:])
        files = write(tmp_path / str(place), {"a.png": picture(1), "labels.json": text.encode()})
        job = world.run(files, name, keep_going=True)
        assert job["state"] in ("done", "failed"), (place, job)
        json.dumps(job, ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["cvat", "voc", "yolo", "masks-png"])
def test_odd_texts_in_other_files(tmp_path, world, name):
    deep = "<a>" * 5000
    texts = {
        "annotations.xml": f"<annotations><image id='{'9' * 5000}' name='a\u202e.png' width='1e999' height=''>{deep}",
        "a.xml": f"<annotation><filename>a.png</filename><size><width>{'9' * 5000}</width></size>{deep}",
        "a.txt": f"{'9' * 5000} nan inf 1e999 0.5\n\ud800 0.1 0.2 0.3 0.4\n0 0.1 0.1 0.5 0.1 0.5 1e999\n",
        "data.yaml": "names: [\"\\ud800\", 'a\x00b']\n" + "- " * 5000,
        "labels.json": '{"labels": [{"id": ' + "9" * 5000 + ', "name": "\\ud800"}]}',
    }
    encoded = {path: text.encode("utf-8", "surrogatepass") for path, text in texts.items()}
    job = world.run(write(tmp_path / "in", {"a.png": picture(1), **encoded}), name, keep_going=True)
    assert job["state"] in ("done", "failed")
    json.dumps(job, ensure_ascii=False).encode()


def test_a_tar_with_names_that_are_not_utf_8(tmp_path, world):
    files = {"ok.png": picture(1), "caf\u00e9.png": picture(2), "\u00e9.txt": b"x", "z.png": picture(3)}
    with tarfile.open(tmp_path / "x", "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    job = world.run(open_archive(tmp_path / "x"))
    assert (job["state"], job["added"], job["failed"], job["skipped"]) == ("done", 3, 0, 1)
    assert set(world.images()) == {"ok.png", "caf\u00e9.png", "z.png"}


def test_names_and_problems_are_bounded_where_they_are_kept(world):
    job, _ = world.imports.jobs.create(OWNER, "p", "x\ud800" * 10_000, None, Choices())
    recorder = Recorder(world.db, job.id)
    recorder.file("a" * 100_000, "failed", "\ud800" * 100_000)
    for number in range(10_100):
        recorder.problem(FileProblem("a.json", f"annotation {number}", "\ud800\0", "b"))
    recorder.flush()
    (listed,) = world.imports.jobs.of_project("p")
    assert listed["failed"] == 10_002
    job = world.imports.jobs.get("p", listed["id"], after=9_999)
    assert job["problems"][-1]["message"] == "There are more than 10000 problems; only these are listed."
    assert len(json.dumps(world.imports.jobs.get("p", listed["id"]))) < 100_000
