"""A file of an image that is missing or cut short is told, and mended: by the same upload, or out of the original."""

import io

import numpy as np
import pytest
from PIL import Image

from server.errors import ImageFileLost
from server.features.transfer.exports.reading import Wanted


@pytest.fixture
def files(app, tmp_path):
    """Where the files of an image are, by their first name."""

    def find(image):
        folder = tmp_path / "data" / "blobs" / "images" / image["id"][:2] / image["id"]
        return {path.stem: path for path in folder.iterdir()}

    return find


def spoil(path, how):
    if how == "lost":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:100])


@pytest.mark.parametrize(("how", "said"), [("lost", "is missing"), ("cut short", "is damaged: 100 of its")])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_an_original_is_mended_by_uploading_it_again(
    how, said, kind, client, app, upload, make_picture, files, check_error
):
    data = make_picture(kind)
    image = upload(data)
    paths = files(image)
    spoil(paths["original"], how)
    services = app.extensions["samphire"]
    row = services.images.get(image["id"])
    with pytest.raises(ImageFileLost, match=said):
        services.image_files.original(row)
    if kind == "PNG":  # it is what is shown as well
        error = check_error(client.get(image["file_url"]), 500, "image_file_lost")
        assert said in error["message"]
        with pytest.raises(ImageFileLost, match=said):
            services.image_files.rgb(row)
        with pytest.raises(ImageFileLost, match=said):
            list(services.exports.parts(Wanted("default", "coco", pictures=True))[1])
    answer = client.post("/api/images", data={"file": (io.BytesIO(data), "again.png")})
    assert (answer.status_code, answer.json["existing"]) == (200, True)
    assert paths["original"].read_bytes() == data
    assert client.get(image["file_url"]).status_code == 200


@pytest.mark.parametrize("copy", ["display", "thumbnail"])
def test_a_copy_is_made_again_of_the_original(copy, client, upload, make_picture, files):
    image = upload(make_picture("TIFF"))
    path = files(image)[copy]
    before = path.read_bytes()
    url = image["file_url"] if copy == "display" else image["thumbnail_url"]
    for spoiled in (b"", None):
        path.unlink() if spoiled is None else path.write_bytes(spoiled)
        assert client.get(url).data == before
        assert path.read_bytes() == before


def test_a_damaged_copy_is_made_again_when_it_is_encoded(app, upload, make_picture, files):
    data = make_picture("TIFF")
    image = upload(data)
    spoil(files(image)["display"], "cut short")
    services = app.extensions["samphire"]
    rgb = services.image_files.rgb(services.images.get(image["id"]))
    assert np.array_equal(rgb, np.asarray(Image.open(io.BytesIO(data))))


def test_all_files_lost_come_back(client, upload, make_picture, files):
    data = make_picture("TIFF")
    image = upload(data)
    paths = files(image)
    before = {name: path.read_bytes() for name, path in paths.items()}
    for path in paths.values():
        path.unlink()
    upload(data)
    assert {name: path.read_bytes() for name, path in paths.items()} == before
