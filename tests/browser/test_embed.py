"""An image in a frame of a stranger's page, which has no cookie, no isolation and another origin."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from tests.browser.pictures import still_life
from tests.serving import Quiet, serving

_PAGE = """<!doctype html><title>A page of somebody's</title>
<iframe src="FRAME" width="800" height="560"></iframe>
<iframe src="data:text/html,<script>
  onmessage = ({ data }) => parent.frames[0].postMessage(data, '*')
</script>"></iframe>
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

    with serving(Page) as base:
        made.url = base.replace("127.0.0.1", "localhost")  # another site than the server's
        yield made


@pytest.fixture
def link(team, outside):
    """To try an image, which is in the frame: `.path`, and how it is revoked."""
    max_ = team.person()
    picture = still_life(560)
    project = max_.ask("post", "/api/projects", {"name": "Fruit"})["id"]
    images = f"/api/projects/{project}/images"
    image = max_.ask("post", images, files={"file": (picture.name, picture.data)})
    made = max_.share(project, "try", image["id"])
    outside.frame = f"{team.base}{made['path']}/embed"
    return SimpleNamespace(
        path=made["path"],
        picture=picture,
        image=image,
        revoke=lambda: max_.revoke(project, made),
        saved=lambda: max_.ask("get", f"{images}/{image['id']}/annotations")["annotations"],
    )


def test_a_stranger_s_page_segments_and_hears_of_it(link, new_page, eventually, problems, outside):
    picture, image = link.picture, link.image
    page = new_page()
    page.goto(outside.url)

    def heard(name):
        return [each for each in page.evaluate("heard") if each["samphire"] == name]

    eventually(lambda: heard("ready"))
    assert heard("ready")[0]["image"] == {
        "id": image["id"],
        "name": image["name"],
        "width": 900,
        "height": 600,
    }
    frame = page.frames[1]
    assert frame.evaluate("crossOriginIsolated") is False
    assert frame.locator("#header, #rail, #objects").count() == 0
    assert frame.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")
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
    page.evaluate("(id) => frames[0].postMessage({ samphire: 'delete', id }, '*')", taken["id"])
    eventually(lambda: not heard("objects")[-1]["objects"])
    assert link.saved() == []

    link.revoke()
    problems.allow("404|frame-ancestors|ERR_BLOCKED_BY_RESPONSE")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not heard("ready")


HOSTILE = """() => {
  const names = [null, 7, {}, ["prompt"], { toString: 1 }, "constructor", "__proto__", "toString", "hasOwnProperty"];
  const points = [
    undefined, null, "none", 7, {}, [1], [[]], [[{}, {}]], [["1", "2"]], [[NaN, 1]], [[1, 1, 0]], [[1, 1, 9]],
    Array(1e5).fill([1, 1]),
  ];
  const boxes = ["none", 7, {}, [1], [1, 1, 1, 1], [0, 0, NaN, 9], [-9, -9, -1, -1]];
  const words = [undefined, null, 7, {}, { toString: 1 }, "", "  "];
  const shapes = [
    null, 7, "prompt", [], {}, new Date(), new Map([["samphire", "clear"]]),
    ...names.map((samphire) => ({ samphire })),
    ...points.map((points) => ({ samphire: "prompt", points })),
    ...boxes.map((box) => ({ samphire: "prompt", box })),
    ...words.flatMap((word) => [{ samphire: "label", name: word }, { samphire: "delete", id: word }]),
    { samphire: "accept" }, { samphire: "clear" },
  ];
  for (const shape of shapes) frames[0].postMessage(shape, "*");
}"""


def test_messages_of_a_wrong_shape_or_from_another_frame_do_nothing(link, new_page, eventually, outside):
    page = new_page()
    page.goto(outside.url)
    eventually(lambda: page.evaluate("heard.some(({ samphire }) => samphire === 'ready')"))
    frame = page.frames[1]
    page.evaluate("frames[1].postMessage({ samphire: 'prompt', points: [[100, 100]] }, '*')")
    page.evaluate("frames[1].postMessage({ samphire: 'label', name: 'theirs' }, '*')")
    page.evaluate(HOSTILE)
    page.evaluate("frames[0].postMessage({ samphire: 'label', name: ' mine ' }, '*')")
    eventually(lambda: frame.evaluate("samphire.doc.labels.active.peek().name") == "mine")
    assert "theirs" not in frame.evaluate("samphire.doc.labels.all.peek().map(({ name }) => name)")
    assert frame.evaluate("samphire.doc.prompting.empty.peek()")
    page.evaluate("frames[0].postMessage({ samphire: 'prompt', box: [1e9, 400, 300, -5] }, '*')")
    eventually(lambda: frame.evaluate("samphire.doc.prompting.prompt.peek().box") == [300, 0, 900, 400])


def test_what_fails_does_not_tell_the_link_s_secret(link, new_page, problems, outside):
    problems.allow("status of 500")
    page = new_page()
    page.route("**/embed/embedding", lambda route: route.fulfill(status=500))
    page.goto(outside.url)
    frame = page.frames[1]
    expect(frame.get_by_role("alert")).to_contain_text("The server returned 500.")
    assert link.path.split("/")[-1] not in frame.locator("body").inner_text()
