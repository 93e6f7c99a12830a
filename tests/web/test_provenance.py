"""Who made what is in an export where it is asked for, and nowhere else."""

import csv
import io
import zipfile

import pytest

from server.features.transfer.formats import FORMATS
from tests.web.test_history import change
from tests.web.test_numbers import draw
from tests.web.working import make_project

NAMES = {"=max": "manager", "rita": "reviewer", "ann lee": "annotator"}


@pytest.fixture
def project(make_app, make_picture, make_annotation):
    made = make_project(make_app(team=True), make_picture, images=2, **NAMES)
    manager, ann = made.clients["=max"], made.clients["ann lee"]
    manager.patch(made.path, json={"settings": {"review": True}})
    point = {"kind": "point", "x": 7.5, "y": 6.5, "label": 1}
    drawn = draw(made, ann, make_annotation(1, prompts=[point, point], segmenter="mobile_sam"))
    change(manager, drawn, z=3)
    ann.patch(f"{made.path}/images/{made.images[0]}", json={"state": "done"})
    made.rita.post(f"{made.path}/images/{made.images[0]}/review", json={"decision": "accept"})
    return made


def files(answer):
    assert answer.status_code == 200, answer.text
    if answer.mimetype != "application/zip":
        return {"": answer.data}
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def export(project, name, **query):
    manager = project.clients["=max"]
    return files(manager.get(f"{project.path}/export/{name}", query_string=query))


@pytest.mark.parametrize("name", FORMATS)
def test_no_export_tells_of_people_unasked(project, name):
    whole = b"".join(export(project, name).values())
    for client, called in ((project.clients[each], each) for each in NAMES):
        assert called.encode() not in whole
        assert client.account.encode() not in whole


@pytest.mark.parametrize("name", FORMATS)
def test_every_export_tells_who_made_what_on_request(project, name):
    found = export(project, name, provenance=1)
    whole = b"".join(found.values())
    assert b"rita" in whole
    assert b"ann lee" in whole
    assert ("provenance.csv" in found) is not FORMATS[name].keeps_details
    assert not any(client.account.encode() in whole for client in project.clients.values())


def test_coco_has_it_beside_each_object(project):
    answer = project.clients["=max"].get(f"{project.path}/export/coco?provenance=1")
    [entry] = answer.json["annotations"]
    told = entry["samphire"]["provenance"]
    times = [told.pop(name) for name in ("made_at", "changed_at", "reviewed_at")]
    assert all(time.endswith("Z") for time in times)
    assert told == {
        "made_by": "ann lee",
        "changed_by": "=max",
        "prompt_count": 2,
        "submitted_by": "ann lee",
        "reviewed_by": "rita",
        "review": "accepted",
    }
    assert "provenance" not in project.clients["=max"].get(f"{project.path}/export/coco").text


def test_the_table_is_safe_in_spreadsheets(project):
    text = export(project, "yolo", provenance=1)["provenance.csv"].decode()
    [line] = csv.DictReader(io.StringIO(text))
    assert (line["image"], line["label"], line["made_by"], line["changed_by"]) == (
        "000.png",
        "dog",
        "ann lee",
        "'=max",
    )
    assert (line["version"], line["segmenter"], line["review"]) == ("2", "mobile_sam", "accepted")
