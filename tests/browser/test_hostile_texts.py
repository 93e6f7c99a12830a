"""Whatever people write is shown as they wrote it, on every page that shows it, and is never run."""

from urllib.parse import quote
from uuid import uuid4

import requests
from playwright.sync_api import expect

from tests.browser.annotating import Annotating
from tests.browser.pictures import one_object
from tests.browser.projects import a_disc
from tests.browser.team import PASSWORD

RUN = "window.ran=1"
SHORT = f"<img src=x onerror={RUN}>"
EVIL = f"{SHORT}'\"><script>{RUN}</script>{{{{7*7}}}}"
LINK = f"[press](javascript:{RUN}) <svg onload={RUN}>"


def hostile_project(team) -> tuple[object, dict, dict]:
    """(its owner, the project, its image), with such a text wherever one can be written."""
    ann, bob = team.person(f"{SHORT} Ann", is_admin=True), team.person(f"{SHORT} Bob")
    project = ann.ask("post", "/api/projects", {
        "name": EVIL, "description": EVIL, "guidelines": f"{EVIL}\n\n{LINK}", "settings": {"review": True},
    })  # fmt: skip
    at = f"/api/projects/{project['id']}"
    ann.ask("post", f"{at}/members", {"account": bob.id, "role": "annotator"})
    attribute = {"name": SHORT, "type": "choice", "choices": [SHORT]}
    label = {"name": SHORT, "color": "#e69f00", "attributes": [attribute]}
    ann.ask("put", f"{at}/labels", {"version": 1, "labels": [label]})
    picture = one_object(120, 80, 960)
    image = ann.ask("post", f"{at}/images", files={"file": (f"{EVIL.replace('/', '_')}.png", picture.data)})
    made = a_disc(f"evil-{project['id']}", SHORT) | {"attributes": {SHORT: SHORT}}
    bob.ask("post", f"{at}/images/{image['id']}/annotations", made)
    bob.ask("patch", f"{at}/images/{image['id']}", {"state": "done"})
    ann.ask("post", f"{at}/images/{image['id']}/review", {"decision": "return", "note": EVIL})
    said = {
        "id": str(uuid4()),
        "text": f"<@{ann.id}> {EVIL} {LINK}",
        "annotation_id": made["id"],
        "x": 9,
        "y": 9,
    }
    bob.ask("post", f"{at}/images/{image['id']}/comments", said)
    ann.ask("post", "/api/account/tokens", {"name": SHORT, "scope": "read", "days": 1})
    ann.ask("post", f"{at}/invitations", {"role": "viewer"})
    requests.post(  # what the browser is called is a text of its user's, too
        f"{team.base}/api/account/sign-in",
        json={"name": ann.name, "password": PASSWORD},
        headers={"Origin": team.base, "User-Agent": EVIL},
        timeout=60,
    ).raise_for_status()
    return ann, project, image


def test_no_text_is_run_on_any_page(team, new_page):
    ann, project, image = hostile_project(team)
    page = ann.enter(new_page())
    of_project = f"/projects/{project['id']}"
    parts = [
        "",
        "/settings",
        "/history",
        "/agreement",
        "/numbers",
        "/training",
        "/trash",
        "/own",
        f"?label={quote(SHORT)}",
        f"/images/{image['id']}/compare",
    ]
    addresses = ["/", "/trash", "/account", "/people", "/inbox", *(of_project + part for part in parts)]
    for address in addresses:
        page.goto(team.base + address, wait_until="networkidle")
        assert page.evaluate("window.ran") is None, address
        assert page.locator("img[src=x], svg[onload], a[href^=javascript]").count() == 0, address
    page.goto(f"{team.base}{of_project}/images/{image['id']}?decoder=server")
    annotate = Annotating(page, team.base).arrived()
    expect(page.locator(".object-row")).to_contain_text(SHORT)
    page.locator(".object-row").first.click()
    for key in ("Shift+G", "Escape", "?", "Escape", "Control+k"):
        annotate.key(key)
    page.keyboard.type(EVIL[:20])
    annotate.key("Escape", "Delete")
    expect(page.locator(".toast")).to_contain_text(SHORT)
    assert page.evaluate("window.ran") is None
    assert page.locator("img[src=x], svg[onload], a[href^=javascript]").count() == 0
