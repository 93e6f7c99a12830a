"""/api/projects/{id}/images and queue: the same picture in several projects, states, listing, removal and undo."""

import io

import pytest

from tests.web.test_openapi import SCHEMAS, check


@pytest.fixture
def path(client):
    project = client.post("/api/projects", json={"name": "Streets"}).json["id"]
    return f"/api/projects/{project}"


@pytest.fixture
def add(client, path, make_picture):
    def send(seed=0, name="a.png", status=201, **form):
        data = {"file": (io.BytesIO(make_picture(seed=seed)), name), **form}
        answer = client.post(f"{path}/images", data=data)
        assert answer.status_code == status, answer.json
        return answer.json

    return send


def listed(client, path, query=""):
    return [image["name"] for image in client.get(f"{path}/images?{query}").json["images"]]


def test_a_picture_is_shared_and_what_is_made_on_it_is_not(
    client, path, add, upload, make_annotation, make_picture
):
    image = add(name="b.png", path="street/b.png")
    check(SCHEMAS["ProjectImage"], image, "ProjectImage")
    assert (image["name"], image["state"], image["existing"]) == ("street/b.png", "new", False)
    assert client.get("/api/images").json["total"] == 0
    mine = upload(make_picture())
    assert (mine["id"], mine["existing"]) == (image["id"], False)
    assert add(name="c.png", status=200)["name"] == "street/b.png"
    one = f"{path}/images/{image['id']}"
    made = client.post(f"{one}/annotations", json=make_annotation()).json
    assert made["project_id"] == path.rsplit("/", 1)[-1]
    assert client.get(f"{one}/annotations").json == {"annotations": [made]}
    assert client.get(f"/api/images/{image['id']}/annotations").json == {"annotations": []}
    assert client.get(one).json["annotation_count"] == 1
    assert client.get(f"/api/images/{image['id']}").json["annotation_count"] == 0
    assert [label["name"] for label in client.get(f"{path}/labels").json["labels"]] == ["dog"]
    assert client.get("/api/projects/default/labels").json["labels"] == []
    assert client.delete(f"/api/images/{image['id']}").status_code == 200  # from the default project
    assert client.get(image["file_url"]).status_code == 200
    assert client.get(f"{one}/annotations").json == {"annotations": [made]}


def test_states(client, path, add, make_annotation, check_error):
    image = add()
    one = f"{path}/images/{image['id']}"
    client.post(f"{one}/annotations", json=make_annotation())
    assert client.get(one).json["state"] == "in_progress"
    done = client.patch(one, json={"state": "done"})
    assert (done.status_code, done.json["state"]) == (200, "done")
    error = check_error(client.patch(one, json={"state": "finished"}), 400, "bad_request")
    assert "attention" in error["message"]
    check_error(client.patch(one, json={"state": ["done"]}), 400, "bad_request")
    check_error(client.patch(f"{path}/images/gone", json={"state": "done"}), 404, "image_not_found")


def test_listing(client, path, add, make_annotation):
    for seed, name in enumerate(["img10.png", "img9.png", "IMG11.png", "other.png"]):
        add(seed, name)
    page = client.get(f"{path}/images?limit=3")
    check(SCHEMAS["ProjectImagePage"], page.json, "ProjectImagePage")
    assert [image["name"] for image in page.json["images"]] == ["img9.png", "img10.png", "IMG11.png"]
    assert page.json["counts"]["new"] == 4
    rest = client.get(f"{path}/images?limit=3&cursor={page.json['next']}").json
    assert ([image["name"] for image in rest["images"]], rest["next"]) == (["other.png"], None)
    assert listed(client, path, "sort=added&order=desc") == [
        "other.png",
        "IMG11.png",
        "img9.png",
        "img10.png",
    ]
    assert listed(client, path, "search=img1") == ["img10.png", "IMG11.png"]
    image = client.get(f"{path}/images?search=other").json["images"][0]["id"]
    client.post(f"{path}/images/{image}/annotations", json=make_annotation())
    assert listed(client, path, "label=dog") == ["other.png"]
    assert listed(client, path, "state=in_progress") == ["other.png"]
    assert listed(client, path, "sort=objects&order=desc")[0] == "other.png"
    doubtful = client.get(f"{path}/images?search=img9").json["images"][0]["id"]
    body = make_annotation(2, predicted_iou=0.625, segmenter="mobile_sam")
    assert client.post(f"{path}/images/{doubtful}/annotations", json=body).status_code == 201
    assert listed(client, path, "score=0.7") == ["img9.png"]
    assert client.get(f"{path}/images?score=0.7&state=new").json["counts"]["in_progress"] == 1
    assert listed(client, path, "score=0.625") == []
    assert client.get(f"{path}/queue?score=0.7").json["total"] == 1
    client.patch(f"{path}/images/{doubtful}", json={"state": "new"})
    client.patch(f"{path}/images/{image}", json={"state": "attention"})
    counts = client.get(f"{path}/images?state=attention").json["counts"]
    assert counts == {
        "new": 3,
        "in_progress": 0,
        "returned": 0,
        "attention": 1,
        "skipped": 0,
        "done": 0,
        "accepted": 0,
    }


@pytest.mark.parametrize(
    "query",
    [
        "state=gone", "sort=size", "score=low", "score=1.5", "score=nan", "order=up", "search=" + "x" * 201,
        "label=a%00b",
    ],
)  # fmt: skip
def test_listing_refuses(client, path, query, check_error):
    check_error(client.get(f"{path}/images?{query}"), 400, "bad_request")


def test_cursors_that_were_never_given(client, path, check_error):
    for cursor in ("%25", "e30", "9", "W" * 50_000, "\u00e9"):
        check_error(client.get(f"{path}/images?cursor={cursor}"), 404, "not_found")
    for cursor in ("WyJuYW1lIixmYWxzZSwxLDJd", "WyJhZGRlZCIsZmFsc2UsMSwiYSJd"):
        check_error(client.get(f"{path}/images?cursor={cursor}"), 409, "conflict")


def test_limits_are_kept_to(client, path, add):
    add()
    for limit in ("-5", "0", "99999999999999999999"):
        assert len(listed(client, path, f"limit={limit}")) == 1


def test_queue(client, path, add):
    ids = [add(seed, f"{seed}.png")["id"] for seed in range(6)]
    first = client.get(f"{path}/queue").json
    check(SCHEMAS["Queue"], first, "Queue")
    assert first == {"previous": None, "next": ids[:3], "position": 0, "total": 6}
    assert client.get(f"{path}/queue?after={ids[1]}").json == {
        "previous": ids[0], "next": ids[2:5], "position": 2, "total": 6,
    }  # fmt: skip
    backwards = client.get(f"{path}/queue?after={ids[1]}&order=desc").json
    assert backwards == {"previous": ids[2], "next": [ids[0]], "position": 5, "total": 6}
    client.post(f"{path}/images/bulk", json={"ids": [ids[1], ids[3]], "state": "done"})
    around = client.get(f"{path}/queue?after={ids[3]}&images=2&state=new").json
    check(SCHEMAS["Queue"], around, "Queue")
    assert [image["id"] for image in around["images"]] == [ids[0], ids[2], ids[3], ids[4], ids[5]]
    assert [image["state"] for image in around["images"]] == ["new", "new", "done", "new", "new"]
    undone = client.get(f"{path}/queue?after={ids[1]}&state=new").json  # the image that was just finished
    assert undone == {"previous": ids[0], "next": [ids[2], ids[4], ids[5]], "position": 1, "total": 4}
    assert client.get(f"{path}/queue?after={ids[5]}").json["next"] == []
    assert client.get(f"{path}/queue?after=gone").status_code == 404


def test_the_next_images_are_asked_for_ahead(client, path, add, app, monkeypatch):
    from server.runtime.queue.base import Urgency

    ids = [add(seed, f"{seed}.png")["id"] for seed in range(5)]
    asked = []
    monkeypatch.setattr(
        app.extensions["samphire"].embeddings,
        "ensure",
        lambda image, spec, urgency: asked.append((image.id, urgency)),
    )
    client.get(f"{path}/queue?after={ids[0]}")
    assert asked == [(image_id, Urgency.AHEAD) for image_id in ids[1:4]]


def test_bulk_and_undo(client, path, add, make_annotation, check_error):
    ids = [add(seed, f"{seed}.png")["id"] for seed in range(3)]
    client.post(f"{path}/images/{ids[0]}/annotations", json=make_annotation())
    answer = client.post(f"{path}/images/bulk", json={"ids": [*ids, "gone"], "state": "skipped"})
    assert answer.json["changed"] == 3
    check(SCHEMAS["BulkAnswer"], answer.json, "BulkAnswer")
    undo = answer.json["restore"]
    before = {state: sorted(some) for state, some in undo["body"]["states"].items()}
    assert before == {"in_progress": ids[:1], "new": sorted(ids[1:])}
    check(SCHEMAS["BulkChange"], undo["body"], "BulkChange")
    again = client.post(f"{path}/images/bulk", json={"ids": ids, "state": "skipped"}).json
    assert again == {"changed": 3}  # nothing is different
    assert client.open(undo["url"], method=undo["method"], json=undo["body"]).json == {"changed": 3}
    states = [client.get(f"{path}/images/{each}").json["state"] for each in ids]
    assert states == ["in_progress", "new", "new"]
    removed = client.post(f"{path}/images/bulk", json={"ids": ids[:2], "remove": True}).json
    check(SCHEMAS["BulkAnswer"], removed, "BulkAnswer")
    assert (removed["changed"], listed(client, path)) == (2, ["2.png"])
    check_error(client.get(f"{path}/images/{ids[0]}/annotations"), 404, "image_not_found")
    check_error(client.get("/api/annotations/annotation-1"), 404, "annotation_not_found")
    undo = removed["restore"]
    assert client.open(undo["url"], method=undo["method"], json=undo["body"]).json == {"changed": 2}
    assert listed(client, path) == ["0.png", "1.png", "2.png"]
    assert client.get("/api/annotations/annotation-1").status_code == 200
    one = client.delete(f"{path}/images/{ids[2]}").json
    assert listed(client, path) == ["0.png", "1.png"]
    client.open(one["restore"]["url"], method="POST", json=one["restore"]["body"])
    assert len(listed(client, path)) == 3
    for body in (
        {}, {"ids": []}, {"ids": ids}, {"ids": "all", "remove": True}, {"ids": [1], "remove": True},
        {"ids": ids, "remove": True, "state": "done"}, {"ids": ids, "remove": "yes"}, {"ids": ids, "state": "gone"},
        {"ids": ["x"] * 20_001, "remove": True}, {"states": []}, {"states": {"gone": ids}}, {"states": {"new": []}},
        {"states": {"new": ids}, "ids": ids}, {"states": {}},
        {"states": {state: [f"{state}{n}" for n in range(10_001)] for state in ("new", "done")}},
    ):  # fmt: skip
        check_error(client.post(f"{path}/images/bulk", json=body), 400, "bad_request")


def test_what_was_removed_long_ago_is_forgotten(client, path, add, app):
    from datetime import timedelta

    from sqlalchemy import update

    from server.storage.tables import Project, ProjectImage, now

    services = app.extensions["samphire"]
    kept, gone = add(1, "kept.png"), add(2, "gone.png")
    client.delete(f"{path}/images/{gone['id']}")
    assert services.janitor.purge() == 0
    month_ago = now() - timedelta(days=31)
    with services.db.write() as session:
        session.execute(
            update(ProjectImage).where(ProjectImage.removed_at.is_not(None)).values(removed_at=month_ago)
        )
    assert services.janitor.purge() == 1
    assert client.get(gone["file_url"]).status_code == 404
    assert client.get(kept["file_url"]).status_code == 200
    client.delete(path)
    assert services.janitor.purge() == 0
    with services.db.write() as session:
        session.execute(update(Project).where(Project.deleted_at.is_not(None)).values(deleted_at=month_ago))
    assert services.janitor.purge() == 1
    assert client.get(kept["file_url"]).status_code == 404
    assert client.post(f"{path}/restore").status_code == 404


def test_uploads_are_checked_as_everywhere(client, path, check_error):
    def send(data, name="a.png", **form):
        return client.post(f"{path}/images", data={"file": (io.BytesIO(data), name), **form})

    check_error(send(b"nothing"), 415, "unsupported_image")
    check_error(send(b""), 400, "invalid_image")
    check_error(send(b"x" * 2_000_000), 413, "too_large")
    check_error(client.post(f"{path}/images", data={}), 400, "bad_request")
    check_error(
        client.post("/api/projects/gone/images", data={"file": (io.BytesIO(b"x"), "a")}),
        404,
        "project_not_found",
    )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "etc/passwd.png"),
        ("/etc/a.png", "etc/a.png"),
        ("C:\\Users\\me\\a.png", "C:/Users/me/a.png"),
        ("a/./b//c.png", "a/b/c.png"),
        ("a\0b/\u202ec.png", "ab/c.png"),
        (" x /. .. / y.png", "x/y.png"),
        (
            "/".join(["folder " + "x" * 100] * 9) + "/a.png",
            "folder " + "x" * 100 + "/folder " + "x" * 100 + "/a.png",
        ),
    ],
)
def test_names_with_folders_are_made_harmless(add, given, kept):
    assert add(path=given)["name"] == kept


def test_images_with_the_least_certain_mask_come_first(client, path, add, make_annotation):
    scores = {
        "sure": (0.95, 0.97, 0.95),
        "unstable": (0.9, 0.7, None),
        "by hand": (None, None, None),
        "unclear": (0.95, 0.97, 0.3),
        "unlikely": (0.6, None, None),
    }
    for seed, (name, told_of_it) in enumerate(scores.items()):
        image = add(seed, f"{name}.png")["id"]
        surest = (0.99, 0.99, 0.99)
        for number, score in ((1, surest), (2, told_of_it)) if told_of_it[0] else ((1, told_of_it),):
            told = dict(zip(("predicted_iou", "stability_score", "candidates_iou"), score, strict=True))
            body = make_annotation(number, **told) | {"id": f"object-{seed}-{number}"}
            assert client.post(f"{path}/images/{image}/annotations", json=body).status_code == 201
    expected = ["unlikely.png", "unclear.png", "unstable.png", "sure.png", "by hand.png"]
    assert listed(client, path, "sort=certainty") == expected
    assert listed(client, path, "sort=certainty&order=desc") == expected[::-1]
    found, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{path}/images?sort=certainty&limit=1&cursor={cursor}").json
        found += [image["name"] for image in page["images"]]
        cursor = page["next"]
    assert found == expected
