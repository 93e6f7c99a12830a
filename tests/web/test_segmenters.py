"""Which segmenters there are, what is told of each, and their networks, also of those in the data folder."""

import json
import shutil

import brotli
import pytest

from server.errors import SegmenterNotFound
from server.storage.tables import Embedding
from tests.installing import install

KEYS = {
    "id", "title", "weights", "encoder", "encoding", "licence", "resize", "prepare", "decoder", "encoder_bytes",
    "encoder_seconds", "quality", "trained_from", "default",
}  # fmt: skip
WEIGHTS = "5" * 64
FILES = {"encoder.onnx": b"e" * 3000, "prepare.onnx": b"p" * 200, "decoder.onnx": bytes(range(256)) * 20}
QUALITY = {"dataset": "Objects", "objects": 100, "one_click": 0.7, "best_of_three": 0.8, "box": 0.75}


@pytest.fixture
def data(tmp_path):
    """The data folder, with one more segmenter in it."""
    install(tmp_path / "data" / "segmenters", "squeezed", WEIGHTS, FILES, quality=QUALITY)
    return tmp_path / "data"


@pytest.fixture
def segmenters(client):
    """What the API says now, by id."""

    def ask():
        return {each["id"]: each for each in client.get("/api/segmenters").json["segmenters"]}

    return ask


def test_what_comes_along_and_what_was_added(data, segmenters):
    told = segmenters()
    assert list(told) == ["mobile_sam", "squeezed"]
    assert all(set(each) == KEYS for each in told.values())
    assert [each["default"] for each in told.values()] == [True, False]
    added = told["squeezed"]
    assert (added["weights"], added["encoder_bytes"], added["encoder_seconds"]) == (WEIGHTS, 3000, None)
    assert added["quality"] == QUALITY
    assert (added["prepare"]["bytes"], added["decoder"]["bytes"]) == (200, 5120)


def test_added_measured_replaced_and_removed_under_a_running_server(data, segmenters):
    assert len(segmenters()) == 2
    install(data / "segmenters", "another", "7" * 64)
    (data / "quality").mkdir()
    (data / "quality" / f"{WEIGHTS}.json").write_text(json.dumps(QUALITY | {"dataset": "Mine"}))
    told = segmenters()
    assert list(told) == ["mobile_sam", "another", "squeezed"]
    assert told["squeezed"]["quality"]["dataset"] == "Mine"
    url = told["another"]["decoder"]["url"]
    install(data / "segmenters", "another", "8" * 64)
    assert segmenters()["another"]["weights"] == "8" * 64
    assert segmenters()["another"]["decoder"]["url"] != url
    (data / "segmenters" / "another" / "segmenter.json").unlink()
    assert list(segmenters()) == ["mobile_sam", "squeezed"]


def test_speed_is_of_this_segmenter_and_these_weights(app, data, upload, segmenters):
    image, services = upload(), app.extensions["samphire"]
    with services.db.write() as session:
        for number, weights in enumerate((WEIGHTS, "1" * 64)):
            session.add(
                Embedding(
                    image_id=image["id"], segmenter="squeezed", weights=weights, blob_key=f"embeddings/{number}",
                    bytes=1, seconds=2.5 + number,
                )
            )  # fmt: skip
    told = segmenters()
    assert told["squeezed"]["encoder_seconds"] == 2.5
    assert told["mobile_sam"]["encoder_seconds"] is None


@pytest.mark.parametrize("name", ["prepare", "decoder"])
@pytest.mark.parametrize("accepted", ["", "br"])
def test_networks_in_the_data_folder_are_sent_compressed_to_who_takes_it(
    client, data, segmenters, name, accepted
):
    url = segmenters()["squeezed"][name]["url"]
    answer = client.get(url, headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers.get("Content-Encoding") == (accepted or None)
    sent = brotli.decompress(answer.data) if accepted else answer.data
    assert sent == FILES[f"{name}.onnx"]


def test_networks_of_another_version_or_another_name_are_not_found(client, data, segmenters, check_error):
    url = segmenters()["squeezed"]["decoder"]["url"]
    install(data / "segmenters", "squeezed", "6" * 64)
    assert "/segmenters/squeezed/" in check_error(client.get(url), 404, "not_found")["hint"]
    folder, _ = segmenters()["squeezed"]["decoder"]["url"].rsplit("/", 1)
    for file in ("encoder.onnx", "segmenter.json", "..%2fsegmenter.json"):  # with the decoder's digits
        assert client.get(f"{folder}/{file}").status_code == 404
    gone = client.get("/segmenters/gone/000000000000/decoder.onnx")
    assert "mobile_sam, squeezed" in check_error(gone, 404, "segmenter_not_found")["hint"]


def test_embeddings_are_asked_for_by_segmenter(client, data, upload, check_error):
    image = upload()
    url = f"/api/images/{image['id']}/embedding"
    assert image["embedding"]["segmenter"] == "mobile_sam"
    state = client.post(f"{url}?segmenter=squeezed").json
    assert (state["segmenter"], state["weights"]) == ("squeezed", WEIGHTS)
    assert state["url"] == f"{url}?segmenter=squeezed&weights={WEIGHTS}"
    assert client.get(f"{url}?segmenter=squeezed").json["segmenter"] == "squeezed"
    outdated = client.get(f"{url}?segmenter=squeezed&weights={'4' * 64}")
    assert WEIGHTS in check_error(outdated, 404, "not_found")["hint"]


def test_a_trained_one_tells_what_it_shares_and_where_it_comes_from(client, data, upload, segmenters):
    source = {"trained_from": {"segmenter": "squeezed", "weights": WEIGHTS}, "images": 40, "objects": 123,
              "at": "2030-01-02T03:04:05Z", "project": "secret"}  # fmt: skip
    install(data / "segmenters", "mine", "7" * 64, encoding=WEIGHTS, source=source)
    told = segmenters()
    shared = [(each["encoder"], each["encoding"]) for each in (told["mine"], told["squeezed"])]
    assert shared == 2 * [("squeezed", WEIGHTS)]
    assert told["squeezed"]["trained_from"] is None
    from_ = {"segmenter": "squeezed", "images": 40, "objects": 123, "at": "2030-01-02T03:04:05Z"}
    assert told["mine"]["trained_from"] == from_
    image = upload()
    url = f"/api/images/{image['id']}/embedding"
    state = client.post(f"{url}?segmenter=mine").json
    assert state["url"] == f"{url}?segmenter=squeezed&weights={WEIGHTS}"
    shutil.rmtree(data / "segmenters" / "squeezed")  # an address that a page has goes on to lead there
    assert client.get(state["url"]).json["segmenter"] == "mine"
    assert segmenters()["mine"]["encoder"] == "mine"


@pytest.mark.parametrize(
    "source",
    [
        {"trained_from": "squeezed"},
        {"trained_from": {"segmenter": "<b>"}},
        {"trained_from": {}},
        {"images": 4},
    ],
)
def test_a_source_is_for_people_and_may_say_anything(data, segmenters, source):
    install(data / "segmenters", "mine", "7" * 64, source=source)
    assert segmenters()["mine"]["trained_from"] is None
    odd = {"trained_from": {"segmenter": "squeezed"}, "images": True, "objects": -1, "at": 7}
    install(data / "segmenters", "mine", "7" * 64, source=odd)
    none = {"images": None, "objects": None, "at": None}
    assert segmenters()["mine"]["trained_from"] == {"segmenter": "squeezed", **none}


@pytest.mark.parametrize(
    "name", ["", "gone", "../mobile_sam", "MOBILE_SAM", "x" * 5000, "%00", "mobile_sam%20"]
)
def test_a_segmenter_that_is_not_there_is_told_with_those_that_are(client, upload, name, check_error):
    url = f"/api/images/{upload()['id']}"
    for answer in (
        client.post(f"{url}/embedding?segmenter={name}"),
        client.get(f"{url}/embedding?segmenter={name}"),
        client.post(f"{url}/predict", json={"points": [[1, 1, 1]], "segmenter": name}),
    ):
        assert "mobile_sam" in check_error(answer, 404, "segmenter_not_found")["hint"]


@pytest.mark.parametrize("name", [7, True, [], {}, ["mobile_sam"]])
def test_what_is_no_name_is_refused(client, upload, name, check_error):
    body = {"points": [[1, 1, 1]], "segmenter": name}
    answer = client.post(f"/api/images/{upload()['id']}/predict", json=body)
    told = check_error(answer, 400, "bad_request")["message"]
    assert told == '"segmenter" must be the id of a segmenter, or null for the configured one.'


def test_a_configured_segmenter_that_is_not_there(make_app):
    app = make_app(segmenter="gone")
    with pytest.raises(SegmenterNotFound, match="'gone'"):
        app.extensions["samphire"].segmenters.find()
    answer = app.test_client().get("/api/status")
    assert answer.json["error"]["code"] == "segmenter_not_found"
