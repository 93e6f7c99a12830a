"""Label Studio's smart tools ask a project, as they ask any ML backend, and get brush strokes."""

import base64
from copy import deepcopy
from types import SimpleNamespace

import numpy as np
import pytest

from server.domain.masks import encode_rle
from server.errors import BadRequest
from server.features.annotations.mask_schema import RLE
from server.features.label_studio import service
from server.features.label_studio.fetching import ImageSource
from server.features.prediction.schema import Candidate, Prediction
from server.features.transfer.formats.label_studio import brush_rle
from server.runtime.outside import Answer
from tests.serving import Quiet, serving
from tests.web.label_studio_requests import KEY_POINT, RECTANGLE, SETUP, WEBHOOK, predicting
from tests.web.team import person
from tests.web.working import make_project

MASK = np.zeros((30, 40), bool)
MASK[5:20, 6:30] = True


@pytest.fixture
def studio():
    """Label Studio's own server, which has images; `asked`: paths and tokens."""

    made = SimpleNamespace(asked=[], images={})

    class Handler(Quiet):
        def do_GET(self):
            made.asked.append((self.path, self.headers.get("Authorization")))
            data = made.images.get(self.path, b"")
            self.reply(200 if data else 404, data)

    with serving(Handler) as made.url:
        yield made


@pytest.fixture
def project(make_app, make_picture, studio, monkeypatch):
    monkeypatch.setenv("SAMPHIRE_LABEL_STUDIO_TOKEN", "of-label-studio")
    app = make_app(team=True, outgoing_networks="127.0.0.0/8", label_studio=studio.url)
    return make_project(app, make_picture, images=0, max="manager", ann="annotator", vic="viewer")


@pytest.fixture
def prompts(project, monkeypatch):
    """What the decoder was asked; it answers with one mask."""
    asked = []

    def predict(image, data):
        asked.append({"image": image.id, **data})
        rle = encode_rle(MASK)
        candidate = Candidate(1, RLE(rle["size"], rle["counts"]), 0.9, 0.8, 360, [6, 5, 24, 15], "m-1")
        return Prediction([candidate], 0, "m", "mobile_sam", "0" * 64, None, {})

    monkeypatch.setattr(project.services.prediction, "predict", predict)
    return asked


def ask(project, request, client=None, path="predict"):
    return (client or project.max).post(f"{project.path}/label-studio/{path}", json=request)


def inside(picture):
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def test_a_backend_is_there_and_says_what_makes_its_masks(project):
    base = f"{project.path}/label-studio"
    assert project.vic.get(f"{base}/health").json == {"status": "UP", "model_class": "Samphire"}
    made = ask(project, SETUP, path="setup")
    assert made.status_code == 200
    version = made.json["model_version"]
    assert version.startswith("mobile_sam-")
    assert project.max.get(f"{base}/versions?project=1.1714742010").json["versions"] == [version]
    assert ask(project, WEBHOOK, path="webhook").status_code == 201


def test_a_key_point_is_answered_with_a_brush_stroke(project, prompts, make_picture):
    answer = ask(project, predicting(inside(make_picture()), KEY_POINT))
    assert answer.status_code == 200, answer.json
    [prediction] = answer.json["results"]
    [region] = prediction["result"]
    assert (region["from_name"], region["to_name"], region["type"]) == ("strokes", "image", "brushlabels")
    assert (region["original_width"], region["original_height"]) == (40, 30)
    assert (region["value"]["format"], region["value"]["brushlabels"]) == ("rle", ["Cat"])
    assert np.array_equal(brush_rle.decode(bytes(region["value"]["rle"]), 40, 30), MASK)
    assert prediction["score"] == 0.9
    [asked] = prompts
    [[x, y, label]] = asked["points"]
    assert (x, y, label) == (pytest.approx(19.4), pytest.approx(18.375), 1)
    assert asked["box"] is None


def test_points_to_leave_out_and_the_last_box_go_with_them(project, prompts, make_picture):
    outside = deepcopy(KEY_POINT) | {"is_positive": False}
    second = deepcopy(RECTANGLE)
    second["value"]["x"] = 25
    answer = ask(project, predicting(inside(make_picture()), RECTANGLE, KEY_POINT, outside, second))
    assert answer.json["results"][0]["result"][0]["value"]["brushlabels"] == ["Dog"]
    [asked] = prompts
    assert [point[2] for point in asked["points"]] == [1, 0]
    assert asked["box"] == [10, 15, 14, 18]


def test_nobody_draws_and_nothing_is_predicted(project, prompts, make_picture):
    assert ask(project, predicting(inside(make_picture()))).json == {"results": []}
    assert prompts == []
    assert project.listed(project.max) == []


def test_an_image_of_label_studio_is_fetched_once_with_its_token(project, prompts, studio, make_picture):
    studio.images["/data/upload/1/a%20b.png"] = make_picture()
    for _ in range(2):
        answer = ask(project, predicting("/data/upload/1/a%20b.png", KEY_POINT))
        assert answer.status_code == 200, answer.json
    whole = ask(project, predicting(f"{studio.url}/data/upload/1/a%20b.png", KEY_POINT))
    assert whole.status_code == 200
    assert studio.asked == [("/data/upload/1/a%20b.png", "Token of-label-studio")] * 2
    assert len({asked["image"] for asked in prompts}) == 1
    [image] = project.listed(project.max)
    named = project.max.get(f"{project.path}/images/{image}").json["name"]
    assert named == "a b.png"
    project.max.delete(f"{project.path}/images/{image}")
    assert ask(project, predicting("/data/upload/1/a%20b.png", KEY_POINT)).status_code == 200
    assert len(studio.asked) == 3  # it was removed here, and comes again


ELSEWHERE = [
    "http://10.0.0.1/a.png", "http://169.254.169.254/latest/meta-data", "https://elsewhere.example/a.png",
    "file:///etc/passwd", "s3://bucket/a.png", "http://127.0.0.1:1@10.0.0.1/a.png",
    "http://[::1/", "ftp://127.0.0.1/a",
]  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE)
def test_images_elsewhere_are_not_fetched(project, prompts, studio, address, check_error):
    check_error(ask(project, predicting(address, KEY_POINT)), 400, "bad_request")
    assert (studio.asked, prompts) == ([], [])


def test_only_below_the_places_that_were_named(project, studio):
    outside = project.services.outside
    source = ImageSource(
        outside, [f"{studio.url}/studio", f"{studio.url}/bucket/"], "of-label-studio", 10_000
    )
    studio.images |= {"/studio/data/a.png": b"a", "/bucket/b.png": b"b", "/secret": b"c"}
    assert source.fetch("/data/a.png").data == b"a"
    assert source.fetch(f"{studio.url}/bucket/b.png").data == b"b"
    assert [token for _, token in studio.asked] == ["Token of-label-studio", None]
    for address in ("/secret", "/bucket/../secret", "/studio/%2e%2e/secret", "/studiosecret"):
        with pytest.raises(BadRequest):
            source.fetch(f"{studio.url}{address}")
    assert len(studio.asked) == 2


def test_hosts_are_compared_without_regard_to_case_or_usual_port(project, studio, monkeypatch):
    asked = []

    def ask(method, address, *, headers, **_options):
        asked.append((address, headers.get("Authorization")))
        return Answer(200, b"a", 0.0)

    monkeypatch.setattr(project.services.outside, "ask", ask)
    places = ["http://Studio.example/Of", "https://bucket.example:443"]
    source = ImageSource(project.services.outside, places, "of-label-studio", 10_000)
    for address in ("HTTP://STUDIO.Example/Of/a.png", "http://studio.example.:80/Of/a.png", "/a.png"):
        source.fetch(address)
    source.fetch("https://Bucket.Example/a.png?b=../c")
    assert [token for _, token in asked] == ["Token of-label-studio"] * 3 + [None]
    assert asked[2][0] == "http://studio.example/Of/a.png"
    for address in (
        "http://studio.example/of/a.png",
        "http://bucket.example/a.png",
        "https://studio.example/Of/a",
    ):
        with pytest.raises(BadRequest, match="does not fetch"):
            source.fetch(address)


def test_images_asked_for_lately_are_not_fetched_again(project, prompts, studio, make_picture, monkeypatch):
    monkeypatch.setattr(service, "_REMEMBERED", 2)
    studio.images |= {f"/{name}.png": make_picture(seed=seed) for seed, name in enumerate("abc")}
    for name in "abaca":
        assert ask(project, predicting(f"/{name}.png", KEY_POINT)).status_code == 200
    assert [path for path, _ in studio.asked] == ["/a.png", "/b.png", "/c.png"]


WRONG = [
    b"", b"[]", b"nonsense", b'{"tasks": 3}', b'{"params": {"context": {"result": [{"type": 7}]}}}',
    b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("body", WRONG)
def test_what_is_no_request_of_label_studios_is_refused(project, body, check_error):
    answer = project.max.post(
        f"{project.path}/label-studio/predict", data=body, content_type="application/json"
    )
    check_error(answer, 400, "bad_request")


BAD = [
    ({"label_config": "<View/>"}, "no <BrushLabels>"),
    ({"label_config": "<View><Image"}, "cannot be read"),
    ({"label_config": '<!DOCTYPE a [<!ENTITY b "c">]><View>&b;</View>'}, "cannot be read"),
    ({"tasks": []}, "no image"),
    ({"tasks": [{"data": {"image": 7}}]}, "no image"),
]


@pytest.mark.parametrize(("change", "says"), BAD)
def test_odd_requests_say_what_is_odd(project, prompts, make_picture, check_error, change, says):
    request = predicting(inside(make_picture()), KEY_POINT) | change
    assert says in check_error(ask(project, request), 400, "bad_request")["message"]
    assert prompts == []


def test_what_is_no_image_and_what_is_rotated(project, prompts, make_picture, check_error):
    check_error(ask(project, predicting("data:image/png;base64,AAAA", KEY_POINT)), 415, "unsupported_image")
    check_error(ask(project, predicting("data:image/png;base64,?", KEY_POINT)), 400, "bad_request")
    check_error(ask(project, predicting("data:," + "A" * 10, KEY_POINT)), 400, "bad_request")
    large = "data:image/png;base64," + "A" * 3_000_000
    check_error(ask(project, predicting(large, KEY_POINT)), 413, "too_large")
    turned = deepcopy(KEY_POINT) | {"image_rotation": 90}
    check_error(ask(project, predicting(inside(make_picture()), turned)), 400, "bad_request")
    assert prompts == []


def test_who_may_not_add_images_is_refused(project, prompts, make_picture, check_error):
    request = predicting(inside(make_picture()), KEY_POINT)
    check_error(ask(project, request, project.ann), 403, "forbidden")
    check_error(ask(project, request, person(project.app, "eve")), 404, "project_not_found")


def test_an_api_token_counts_as_the_password_of_basic(project, prompts, make_picture):
    made = project.max.post("/api/account/tokens", json={"name": "ls", "scope": "write", "days": 1}).json
    program = project.app.test_client()

    def status(password):
        program.environ_base["HTTP_AUTHORIZATION"] = (
            "Basic " + base64.b64encode(f"samphire:{password}".encode()).decode()
        )
        return ask(project, predicting(inside(make_picture()), KEY_POINT), program).status_code

    assert status(made["secret"]) == 200
    assert status(made["secret"] + "x") == 401
    assert status("of-a-proxy") == 401
