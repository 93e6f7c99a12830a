"""What visitors cannot make of sandboxes: any number of them, images that take much room, files that stay."""

import io
from contextlib import nullcontext
from datetime import timedelta

import pytest
from PIL import Image as Pillow

from server import errors
from server.domain import visits as sizes
from server.features.accounts.limits import Limit
from server.features.links import sandboxes
from server.features.upkeep import janitor
from server.storage.rows import embeddings
from server.storage.rows.visits import sandboxes as rows
from server.storage.tables import Embedding, Image, Link, Project, Visitor, now
from tests.web.team import visitor
from tests.web.visiting import filled, follow, listed, make_link, visiting


@pytest.fixture
def app(make_app):
    return make_app(team=True, max_sandboxes=4)


@pytest.fixture
def place(app, make_picture, make_annotation):
    return filled(app, make_picture, make_annotation)


@pytest.fixture
def link(place):
    return make_link(place.owner, place.project, "try", sandbox=True)


@pytest.fixture
def guest(app, link):
    return visiting(app, link)


def services(app):
    return app.extensions["samphire"]


def project_of(guest):
    return guest.get("/api/account").json["visit"]["project"]


def add(guest, picture, name="mine.png"):
    return guest.post(f"/api/projects/{project_of(guest)}/images", data={"file": (io.BytesIO(picture), name)})


def sandboxes_of(app):
    with services(app).db.read() as session:
        return rows.count(session)


def files(app):
    """Those of images and embeddings."""
    return sorted(each.key for each in services(app).blobs.stored())


def test_a_link_has_half_of_the_sandboxes(app, place, link, check_error):
    other = make_link(place.owner, place.project, "try", sandbox=True)
    for each in (link, link, other, other):
        visiting(app, each)
    uses = [each["uses"] for each in listed(place.owner, place.project)]
    check_error(follow(visitor(app), link["token"]), 409, "sandboxes_taken")
    third = make_link(place.owner, place.project, "try", sandbox=True)
    check_error(follow(visitor(app), third["token"]), 409, "sandboxes_taken")  # nor has another any left
    assert sandboxes_of(app) == 4
    assert [each["uses"] for each in listed(place.owner, place.project)] == [0, *uses]


def test_sandboxes_are_free_again_when_they_are_gone(app, link, check_error):
    first, second = visiting(app, link), visiting(app, link)
    assert follow(first, link["token"]).status_code == 200  # theirs goes on
    check_error(follow(visitor(app), link["token"]), 409, "sandboxes_taken")
    first.post("/api/links/leave")
    services(app).janitor.end_sandboxes()
    visiting(app, link)
    assert project_of(second)


def test_other_links_need_no_sandbox(app, place, link):
    for _ in range(2):
        visiting(app, link)
    visiting(app, make_link(place.owner, place.project, "try"))


def test_an_address_makes_only_so_many_sandboxes(app, place, link, check_error):
    services(app).visits._made = Limit(1, 60.0, refusal=errors.TooManyVisits)
    visiting(app, link)
    check_error(follow(visitor(app), link["token"]), 429, "too_many_visits")
    visiting(app, make_link(place.owner, place.project, "try"))


def test_sandboxes_are_ended_many_at_once(app, place, monkeypatch):
    monkeypatch.setattr(janitor, "_SANDBOXES_AT_ONCE", 3)
    link_id = make_link(place.owner, place.project, "try", sandbox=True)["id"]
    with services(app).db.write() as session:
        link = session.get_one(Link, link_id)
        for _ in range(7):
            rows.make(session, link)
    writes = []
    write = services(app).db.write
    monkeypatch.setattr(services(app).db, "write", lambda **options: writes.append(1) or write(**options))
    assert services(app).janitor.end_sandboxes() == 7
    assert len(writes) == 4  # 3, 3, 1 and none
    assert sandboxes_of(app) == 0


def test_a_sandbox_has_not_all_of_many_labels(app, place):
    names = [f"label {number:03}" for number in range(120)]
    many = place.owner.post("/api/projects", json={"name": "Many"}).json["id"]
    known = place.owner.get(f"/api/projects/{many}/labels").json
    labels = [{"name": name, "color": "#112233"} for name in names]
    sent = {"labels": labels, "version": known["version"]}
    assert place.owner.put(f"/api/projects/{many}/labels", json=sent).status_code == 200
    guest = visiting(app, make_link(place.owner, many, "try", sandbox=True))
    copied = guest.get(f"/api/projects/{project_of(guest)}/labels").json["labels"]
    assert [each["name"] for each in copied] == names[:100]


def test_an_image_has_a_quota_of_pixels(app, place, guest, check_error):
    wide = io.BytesIO()
    Pillow.new("L", (5001, 5000)).save(wide, "PNG")
    before = files(app)
    check_error(add(guest, wide.getvalue()), 413, "visitor_image_too_large")
    assert files(app) == before
    sent = {"file": (io.BytesIO(wide.getvalue()), "wide.png")}
    assert place.owner.post(f"/api/projects/{place.project}/images", data=sent).status_code == 201


class _Unread(io.BytesIO):
    """A body of which nothing must be read."""

    def read(self, *_args):
        raise AssertionError("The body was read.")

    readline = readinto = read


@pytest.mark.parametrize("size", [1000, 21_000_000])
def test_a_body_beyond_the_quota_is_not_read(guest, monkeypatch, size, check_error):
    if size < sizes.MOST_BYTES:
        monkeypatch.setattr(sandboxes, "MOST_IMAGES", 0)
    path = f"/api/projects/{project_of(guest)}/images"
    answer = guest.post(
        path,
        input_stream=_Unread(b"x" * size),
        content_type="multipart/form-data; boundary=x",
    )
    code = "sandbox_full" if size < sizes.MOST_BYTES else "visitor_image_too_large"
    check_error(answer, 409 if size < sizes.MOST_BYTES else 413, code)


def test_the_body_of_who_does_not_say_its_size_has_an_end(app, guest, monkeypatch, make_picture, check_error):
    monkeypatch.setattr(sandboxes, "MOST_BODY_BYTES", 100)
    monkeypatch.setattr("server.features.projects.images_http.MOST_BODY_BYTES", 100)
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + make_picture()
    answer = guest.post(
        f"/api/projects/{project_of(guest)}/images",
        input_stream=io.BytesIO(body + b"\r\n--x--\r\n"),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    check_error(answer, 413, "too_large")


def test_embeddings_count(app, guest, make_picture):
    image = add(guest, make_picture()).json
    with services(app).db.write() as session:
        images, expected = rows.filled(session)
        assert images == 1
        small = expected - rows.EMBEDDING_BYTES  # which is still to be made
        for weights, size in (("a", 700), ("b", 5_000_000)):
            made = Embedding(
                image_id=image["id"], segmenter="s", weights=weights, blob_key=weights, bytes=size, seconds=1
            )
            embeddings.save(session, made)
        session.flush()
        assert rows.filled(session).bytes == small + 5_000_700


def test_what_takes_too_much_room_goes_again(app, guest, make_picture, monkeypatch, check_error):
    monkeypatch.setattr(sandboxes, "_BYTES_OF_ALL", rows.EMBEDDING_BYTES + 40_000)
    before = files(app)
    deep = io.BytesIO()
    Pillow.new("RGB", (200, 100)).save(deep, "TIFF", compression="tiff_lzw")  # shown as a file of its own
    check_error(add(guest, deep.getvalue(), "mine.tif"), 409, "sandboxes_full")
    assert files(app) == before
    assert guest.get(f"/api/projects/{project_of(guest)}/images").json["images"] == []
    assert add(guest, make_picture()).status_code == 201


def test_images_that_come_in_at_several_processes_are_counted_when_they_are_there(
    app, guest, make_picture, monkeypatch, check_error
):
    monkeypatch.setattr(sandboxes, "MOST_IMAGES", 1)
    assert add(guest, make_picture()).status_code == 201
    before = files(app)
    monkeypatch.setattr(
        services(app).sandboxes, "adding", lambda *asked: nullcontext()
    )  # as before the first came
    check_error(add(guest, make_picture(seed=5)), 409, "sandbox_full")
    assert files(app) == before


def test_a_copy_that_is_mended_while_the_sandbox_ends_goes_too(app, guest, make_picture, monkeypatch):
    picture, own = make_picture(), project_of(guest)
    image = add(guest, picture).json["id"]
    with services(app).db.read() as session:
        services(app).blobs.delete({session.get_one(Image, image).original_key})
    uploads = services(app).uploads
    mend = uploads._files.mend

    def mended(*args):
        with services(app).db.write() as session:
            session.get_one(Visitor, guest.visitor).expires_at = now() - timedelta(days=1)
        services(app).janitor.end_sandboxes()
        mend(*args)

    monkeypatch.setattr(uploads._files, "mend", mended)
    sent = {"file": (io.BytesIO(picture), "mine.png")}
    assert guest.post(f"/api/projects/{own}/images", data=sent).status_code == 404
    with services(app).db.read() as session:
        assert session.get(Project, own) is None
    assert not [key for key in files(app) if image in key]


def test_visitors_remove_their_own_images(app, place, guest, make_picture, monkeypatch):
    monkeypatch.setattr(sandboxes, "MOST_IMAGES", 2)
    own = f"/api/projects/{project_of(guest)}/images"
    first, second = (add(guest, make_picture(seed=seed)).json["id"] for seed in (1, 2))
    forgotten = []
    services(app).embeddings.on_forget.append(forgotten.extend)
    answer = guest.delete(f"{own}/{first}")
    assert (answer.status_code, answer.json) == (200, {"changed": 1})
    assert [each["id"] for each in guest.get(own).json["images"]] == [second]
    assert not [key for key in files(app) if first in key]
    assert forgotten == [first]
    with services(app).db.read() as session:
        assert session.get(Image, first) is None
    assert guest.delete(f"{own}/{first}").status_code == 404
    assert add(guest, make_picture(seed=3)).status_code == 201  # there is room again
    again = add(guest, make_picture(seed=2))
    assert (again.status_code, again.json["error"]["code"]) == (409, "sandbox_full")


def test_visitors_remove_nothing_else(app, place, link, guest, make_picture):
    other = visiting(app, link)
    theirs = add(other, make_picture()).json["id"]
    add(guest, make_picture())
    own = project_of(guest)
    for path in (
        f"/api/projects/{own}/images/{theirs}", f"/api/projects/{project_of(other)}/images/{theirs}",
        f"/api/projects/{own}/images/{place.one}", place.of(place.one), f"/api/images/{theirs}",
    ):  # fmt: skip
        assert guest.delete(path).status_code == 404, path
    assert other.get(f"/api/images/{theirs}").status_code == 200
    tries = visiting(app, make_link(place.owner, place.project, "try"))
    assert tries.delete(place.of(place.one)).status_code == 403
    removing = {"ids": [theirs], "remove": True}
    assert guest.post(f"/api/projects/{own}/images/bulk", json=removing).status_code == 403


def test_what_is_refused_says_the_quotas():
    assert f"at most {sizes.MOST_IMAGES} images" in errors.SandboxFull.sentence
    sentence = errors.VisitorImageTooLarge.sentence
    assert f"{sizes.MOST_BYTES // 1_000_000} MB" in sentence
    assert f"{sizes.MOST_PIXELS // 1_000_000} million pixels" in sentence
