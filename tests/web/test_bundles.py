"""Images as one page: what goes into it, and what does not."""

import json
import re

import pytest

from server import paths
from server.features.bundles import page


@pytest.fixture
def built(tmp_path, monkeypatch, upload, app):
    """The browser's files, as far as a bundle takes them; and an image that is encoded."""
    static = tmp_path / "static"
    for name in page.PARTS:
        page.put(static / name, f"/* {name} </script> </style> <!-- */".encode())
    monkeypatch.setattr(paths, "STATIC", static)
    page.put(static / page._ICONS, b"<svg x></svg>")
    embeddings = app.extensions["samphire"].embeddings
    monkeypatch.setattr(embeddings, "wait", lambda *_: None)
    monkeypatch.setattr(embeddings, "content", lambda *_: b"an embedding")
    return upload()


def boot_of(answer):
    [text] = re.findall(r'<script type="application/json" id="boot">(.*?)</script>', answer.text, re.DOTALL)
    return json.loads(text)


def bundle(client, *ids, more=""):
    return client.get(f"/api/projects/default/bundle?images={','.join(ids)}{more}")


def test_a_page_has_its_images_and_asks_nobody(client, built):
    answer = bundle(client, built["id"])
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="a.png.html"')
    boot = boot_of(answer)
    [image] = boot["demo"]["images"]
    assert (image["name"], image["width"], image["height"]) == ("a.png", 40, 30)
    assert image["file_url"].startswith("data:image/png;base64,")
    assert image["embedding"]["state"] == "ready"
    assert boot["demo"]["annotations"] == []
    carried = re.findall(r'data-carried="([^"]+)"', answer.text)
    assert {"decoder/decoder.onnx", f"{image['id']}.embedding", page.WORKER} <= set(carried)
    assert "default-src &#39;none&#39;" in answer.text
    assert answer.text.count("</script>") == len(carried) + 3  # what is carried, the data, and two scripts
    assert answer.text.partition("</style>")[0].count("</") == 1  # that of its title
    assert "<!-- */" not in answer.text.partition("<script")[2]


def test_objects_come_along_when_they_are_wanted(client, built, make_annotation):
    made = client.post(f"/api/images/{built['id']}/annotations", json=make_annotation(1, label="</script>"))
    assert made.status_code == 201
    boot = boot_of(bundle(client, built["id"], more="&objects=1"))
    assert [each["label"] for each in boot["demo"]["annotations"]] == ["</script>"]
    assert boot_of(bundle(client, built["id"]))["demo"]["annotations"] == []


def test_it_speaks_the_page_s_language(client, built):
    client.set_cookie("samphire_language", "zh")
    answer = bundle(client, built["id"])
    assert '<html lang="zh"' in answer.text
    assert boot_of(answer)["messages"]["Objects"] == "对象"


def test_what_is_asked_wrongly_is_refused(client, built, check_error, monkeypatch):
    check_error(client.get("/api/projects/default/bundle"), 404, "image_not_found")
    check_error(bundle(client, "0" * 16), 404, "image_not_found")
    check_error(bundle(client, *(f"{n:016x}" for n in range(51))), 400, "bad_request")
    monkeypatch.setattr(paths, "STATIC", paths.STATIC / "js")
    check_error(bundle(client, built["id"]), 503, "unavailable")
