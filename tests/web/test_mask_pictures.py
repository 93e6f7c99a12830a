"""The objects of an image as a small picture: its size, its tag, and that it follows every change."""

import io

import numpy as np
from PIL import Image


def masks(client, image: dict, **headers):
    return client.get(f"/api/projects/default/images/{image['id']}/masks.png", headers=headers)


def pixels(answer) -> np.ndarray:
    with Image.open(io.BytesIO(answer.data)) as picture:
        return np.asarray(picture.convert("RGBA"))


def test_it_shows_the_objects_and_follows_their_changes(client, upload, make_annotation):
    image = upload()
    empty = masks(client, image)
    assert empty.mimetype == "image/png"
    assert not pixels(empty)[..., 3].any()
    made = client.post(f"/api/images/{image['id']}/annotations", json=make_annotation()).json
    answer = masks(client, image)
    colour = [int(made["color"][at : at + 2], 16) for at in (1, 3, 5)]
    seen = pixels(answer)
    with Image.open(io.BytesIO(client.get(image["thumbnail_url"]).data)) as thumbnail:
        assert thumbnail.size == (seen.shape[1], seen.shape[0])
    assert seen[seen[..., 3] > 0][0, :3].tolist() == colour
    again = masks(client, image, **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    labels = client.get("/api/projects/default/labels").json
    labels["labels"][0]["color"] = "#010203"
    assert client.put("/api/projects/default/labels", json=labels).status_code == 200
    other = masks(client, image, **{"If-None-Match": answer.headers["ETag"]})
    assert other.status_code == 200
    assert pixels(other)[seen[..., 3] > 0][0, :3].tolist() == [1, 2, 3]
    client.delete(f"/api/annotations/{made['id']}?version=1")
    assert not pixels(masks(client, image))[..., 3].any()


def test_there_is_none_of_an_image_elsewhere(client):
    assert client.get("/api/projects/default/images/none/masks.png").status_code == 404
