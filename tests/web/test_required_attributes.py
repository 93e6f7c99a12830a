"""Where a project asks for it, an image is done only when no object lacks what its label requires."""

import io

import pytest

LABELS = [
    {
        "name": "car", "color": "#112233",
        "attributes": [
            {"name": "plate", "type": "text", "required": True},
            {"name": "parked", "type": "flag", "required": True},
            {"name": "side", "type": "choice", "choices": ["left"]},
        ],
    },
    {"name": "dog", "color": "#112233"},
]  # fmt: skip


@pytest.fixture
def made(client, make_picture, make_annotation):
    """The project's address, and two images: one with a car without a plate, one with a dog."""
    settings = {"require_attributes": True}
    path = (
        f"/api/projects/{client.post('/api/projects', json={'name': 'A', 'settings': settings}).json['id']}"
    )
    assert client.put(f"{path}/labels", json={"labels": LABELS, "version": 1}).status_code == 200
    images = []
    for number, label in enumerate(("car", "dog")):
        data = {"file": (io.BytesIO(make_picture(seed=number)), f"{label}.png")}
        images.append(client.post(f"{path}/images", data=data).json["id"])
        client.post(f"{path}/images/{images[-1]}/annotations", json=make_annotation(number, label=label))
    return path, *images


def test_done_is_refused_until_nothing_is_missing(client, made, check_error):
    path, car, dog = made
    one = f"{path}/images/{car}"
    error = check_error(client.patch(one, json={"state": "done"}), 409, "attributes_missing")
    missing = {
        "image_id": car, "image": "car.png", "annotation_id": "annotation-0", "label": "car", "attribute": "plate"
    }  # fmt: skip
    assert (error["missing"], error["images"]) == ([missing], 1)
    for body in ({"ids": [dog, car], "state": "done"}, {"states": {"done": [dog, car]}}):
        check_error(client.post(f"{path}/images/bulk", json=body), 409, "attributes_missing")
    assert client.get(f"{path}/images").json["counts"]["done"] == 0
    assert client.patch(one, json={"state": "attention"}).status_code == 200
    assert client.patch(f"{path}/images/{dog}", json={"state": "done"}).status_code == 200
    client.patch("/api/annotations/annotation-0", json={"version": 1, "attributes": {"plate": ""}})
    check_error(client.patch(one, json={"state": "done"}), 409, "attributes_missing")
    client.patch("/api/annotations/annotation-0", json={"version": 2, "attributes": {"plate": "B 12"}})
    assert client.post(f"{path}/images/bulk", json={"ids": [dog, car], "state": "done"}).status_code == 200


def test_a_project_that_does_not_ask_for_it_lets_them_be_done(client, made):
    path, car, _ = made
    client.patch(path, json={"settings": {"require_attributes": False}})
    assert client.patch(f"{path}/images/{car}", json={"state": "done"}).status_code == 200
