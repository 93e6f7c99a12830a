"""The pages carry what the browser's part starts from; errors are pages for people and JSON for programs."""

import json
import re

from server.paths import STATIC

HTML = {  # as Chromium sends it
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
}


def boot(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    page = answer.get_data(as_text=True)
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


def check_page(page):
    """What the content policy forbids is not there."""
    assert not re.search(r"<script(?![^>]*(\bsrc=|application/json))", page)
    assert not re.search(r"\son\w+=|\sstyle=", page)


def test_home(client):
    answer = client.get("/", headers=HTML)
    data = boot(answer)
    assert set(data) == {
        "version", "static", "project", "image", "segmenters", "segmenter", "limits", "languages", "messages",
    }  # fmt: skip
    assert (data["project"], data["image"]) == (None, None)
    assert data["segmenter"] == "mobile_sam"
    assert data["segmenters"] == client.get("/api/segmenters").json["segmenters"]
    assert data["limits"]["max_upload_bytes"] == 1_500_000
    assert re.fullmatch(r"/static/[0-9a-f]{12}", data["static"])
    check_page(answer.get_data(as_text=True))


def test_the_first_page_of_a_newcomer_is_all_invitation(client, upload):
    small = '<section id="drop-zone" class="drop-zone" aria-labelledby="drop-title" data-small>'
    assert small not in client.get("/", headers=HTML).get_data(as_text=True)
    upload()
    assert small in client.get("/", headers=HTML).get_data(as_text=True)


def test_annotate(client, upload):
    image = upload(name="</script><script>alert(1)</script>.png")
    answer = client.get(f"/projects/default/images/{image['id']}", headers=HTML)
    data = boot(answer)
    assert data["image"] == client.get(f"/api/projects/default/images/{image['id']}").json
    assert data["project"]["id"] == "default"
    page = answer.get_data(as_text=True)
    assert "alert(1)</script>" not in page
    check_page(page)


def test_an_image_without_a_project_is_in_the_default_one(client, upload):
    image = upload()
    answer = client.get(f"/images/{image['id']}?sort=added&sort=name", headers=HTML)
    place = f"/projects/default/images/{image['id']}?sort=added&sort=name"
    assert (answer.status_code, answer.headers["Location"]) == (302, place)


def test_a_project_and_its_settings(client):
    project = client.post("/api/projects", json={"name": "<b>Streets</b>"}).json
    for place, page in (("", "project"), ("/settings", "settings")):
        answer = client.get(f"/projects/{project['id']}{place}", headers=HTML)
        assert boot(answer)["project"] == project
        text = answer.get_data(as_text=True)
        assert f'data-page="{page}"' in text
        assert "<b>Streets" not in text
        check_page(text)
        sheets = re.findall(r'href="/static/\w+/(css/[^"]+)"', text)
        assert sheets
        assert all((STATIC / sheet).is_file() for sheet in sheets)
    assert client.get("/projects/gone", headers=HTML).status_code == 404


def test_an_unknown_image_is_a_page_with_a_way_on(client):
    answer = client.get("/images/gone", headers=HTML)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "There is no such image." in page
    assert 'href="/"' in page
    check_page(page)


def test_programs_get_json(client, check_error):
    check_error(client.get("/images/gone"), 404, "image_not_found")
    check_error(client.get("/nowhere", headers={"Accept": "*/*"}), 404, "not_found")
    check_error(client.get("/api/nowhere", headers=HTML), 404, "not_found")
    check_error(client.get("/api/images/gone/file", headers=HTML), 404, "image_not_found")


def test_a_wrong_method_names_the_right_ones(client, check_error):
    answer = client.put("/api/images")
    check_error(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_status(client):
    status = client.get("/api/status").json
    assert status["ok"] is True
    assert status["segmenter"] == "mobile_sam"
    assert status["segmenters"] == client.get("/api/segmenters").json["segmenters"]
    assert status["outdated_embeddings"] == 0


def preloaded(page):
    return set(re.findall(r'<link rel="modulepreload" href="/static/\w+/([^"]+)">', page))


def test_pages_name_their_modules_at_once(client, upload):
    """Each page's own script and all that it imports, whatever it was reached by."""
    image = upload()["id"]
    pages = {
        "home": "/",
        "trash": "/trash",
        "project": "/projects/default",
        "settings": "/projects/default/settings",
        "project-trash": "/projects/default/trash",
        "annotate": f"/projects/default/images/{image}",
    }
    for name, place in pages.items():
        page = client.get(place, headers=HTML).get_data(as_text=True)
        named = preloaded(page)
        assert {f"js/pages/{name}.js", "js/core/text.js", "vendor/signals-core/signals-core.mjs"} <= named
        assert all((STATIC / path).is_file() for path in named)
        assert re.search(rf'<script type="module" src="/static/\w+/js/pages/{name}\.js">', page)
        [sheet] = re.findall(r'<link rel="stylesheet" href="/static/\w+/([^"]+)">', page)
        assert (STATIC / sheet).is_file()
        assert ("js/editor/render/stage.js" in named) == (name == "annotate")
        assert not {path for path in named if "/workers/" in path}  # module graphs of their own
