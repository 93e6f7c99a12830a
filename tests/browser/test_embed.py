"""An image in a frame of a stranger's page, which has no cookie, no isolation and another origin."""

from types import SimpleNamespace

import pytest

from tests.browser.pictures import still_life
from tests.serving import Quiet, serving

_PAGE = """<!doctype html><title>A page of somebody's</title>
<iframe src="FRAME" width="800" height="560"></iframe>
<script>
  const heard = [];
  addEventListener("message", ({ data, source }) => source === frames[0] && heard.push(data));
</script>"""


@pytest.fixture
def outside():
    """Somebody else's page: `.frame` is what it shows in its frame."""

    made = SimpleNamespace()

    class Page(Quiet):
        def do_GET(self) -> None:
            self.reply(200, _PAGE.replace("FRAME", made.frame).encode(), {"Content-Type": "text/html"})

    with serving(Page) as made.url:
        yield made


def test_a_stranger_s_page_segments_and_hears_of_it(team, new_page, eventually, problems, outside):
    max_ = team.person()
    picture = still_life(560)
    project = max_.ask("post", "/api/projects", {"name": "Fruit"})["id"]
    files = {"file": (picture.name, picture.data)}
    image = max_.ask("post", f"/api/projects/{project}/images", files=files)
    links = f"/api/projects/{project}/links"
    made = max_.ask("post", links, {"kind": "try", "days": 1, "image": image["id"]})
    outside.frame = f"{team.base}{made['path']}/embed"
    page = new_page()
    page.goto(outside.url.replace("127.0.0.1", "localhost"))

    def heard(name):
        return [each for each in page.evaluate("heard") if each["samphire"] == name]

    eventually(lambda: heard("ready"))
    assert heard("ready")[0]["image"] == {
        "id": image["id"],
        "name": image["name"],
        "width": 900,
        "height": 600,
    }
    frame = page.frames[-1]
    assert frame.evaluate("crossOriginIsolated") is False
    x, y = picture.objects[0].centre
    page.evaluate(
        "(message) => frames[0].postMessage(message, '*')", {"samphire": "prompt", "points": [[x, y, 1]]}
    )
    frame.get_by_role("radio").first.wait_for()
    page.evaluate("frames[0].postMessage({ samphire: 'label', name: 'orange' }, '*')")
    page.evaluate("frames[0].postMessage({ samphire: 'accept' }, '*')")
    eventually(lambda: heard("objects") and heard("objects")[-1]["objects"])
    [taken] = heard("objects")[-1]["objects"]
    assert taken["label"] == "orange"
    assert taken["area"] == pytest.approx(picture.mask(0).sum(), rel=0.1)
    page.evaluate("frames[0].postMessage({ samphire: 'prompt', points: 'none', box: [1] }, '*')")
    page.evaluate("frames[0].postMessage({ samphire: 'constructor' }, '*')")
    page.evaluate("(id) => frames[0].postMessage({ samphire: 'delete', id }, '*')", taken["id"])
    eventually(lambda: not heard("objects")[-1]["objects"])
    assert max_.ask("get", f"/api/projects/{project}/images/{image['id']}/annotations")["annotations"] == []

    max_.ask("delete", f"{links}/{made['id']}")
    problems.allow("404|frame-ancestors|ERR_BLOCKED_BY_RESPONSE")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not heard("ready")
