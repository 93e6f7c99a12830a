"""Two images open in one page: one worker, one socket, and each document has its own masks, objects and saves."""

import pytest

from server.domain.masks import decode_rle
from server.lab.bundled import FOLDER
from tests.browser.native import Native, iou
from tests.browser.pictures import still_life
from tests.web.live.running import running

# The page's own modules, as a checkout serves them; a page of two images would begin like this.
OPEN_BOTH = """
async ([project, images]) => {
  const boot = JSON.parse(document.getElementById("boot").textContent);
  const load = (name) => import(`${boot.static}/js/${name}.js`);
  const names = ["core/state", "net/api", "net/socket", "net/outbox-store", "engine/engine"];
  const of_page = await Promise.all([...names, "document/prompt/preference", "document/document"].map(load));
  const all = Object.assign({}, ...of_page);
  const { online, status } = all;
  const api = all.createApi();
  const socket = all.createSocket({ online, project: project.id });
  const engine = all.createEngine({ api, socket, boot, status, search: "?decoder=wasm" });
  const [store, preference] = [all.createOutboxStore(), all.createPreference(project.id)];
  const docs = images.map(() => all.createDocument({ api, socket, engine, project, store, preference }));
  await Promise.all(docs.map((doc, i) => doc.open(images[i])));
  Object.assign(window, { docs, engine });
}
"""
CLICK_BOTH = """
async (points) => {
  docs.forEach((doc, i) => doc.prompting.add({ x: points[i][0], y: points[i][1], label: 1 }));
  const standing = await Promise.all(docs.map(async (doc) => {
    await doc.prompting.settled();
    const { candidates, where } = doc.prompting.decoded.peek();
    return { where, masks: await Promise.all(candidates.map(({ lowRes }) => doc.maskRle(lowRes))) };
  }));
  return standing;
}
"""
ACCEPT = """
async (i) => {
  const made = await docs[i].accept();
  const counts = docs.map((doc) => doc.objects.all.peek().length);
  return { made, counts, undo: docs.map((doc) => doc.history.undoTitle.peek()) };
}
"""
SAVED = "(i) => docs[i].outbox.summary.peek().state === 'saved'"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A server whose pages load the modules one by one, by their names."""
    monkeypatch.delenv(FOLDER, raising=False)
    with running(tmp_path) as server:
        yield server


def test_two_images_in_one_page(checkout, new_page):
    pictures = [still_life(seed) for seed in (810, 811)]
    natives = [Native.upload(checkout.base, picture) for picture in pictures]
    points = [list(picture.objects[0].centre) for picture in pictures]
    page = new_page()
    page.goto(checkout.base, wait_until="domcontentloaded")
    project = page.request.get(f"{checkout.base}/api/projects/default").json()
    page.evaluate(OPEN_BOTH, [project, [native.image for native in natives]])

    answers = page.evaluate(CLICK_BOTH, points)
    for answer, native, point in zip(answers, natives, points, strict=True):
        assert answer["where"] == "wasm"
        expected = native.predict([[*point, 1]])["candidates"]
        for mine, theirs in zip(answer["masks"], expected, strict=True):
            assert iou(decode_rle(mine["rle"]), theirs["mask"]) >= 0.99

    first = page.evaluate(ACCEPT, 0)
    assert first["counts"] == [1, 0]
    assert first["undo"] == ["Accept object", "Point"]
    page.wait_for_function(SAVED, arg=0)
    assert [each["id"] for each in natives[0].annotations()] == [first["made"]["id"]]
    assert natives[1].annotations() == []

    page.evaluate("docs[0].close()")
    second = page.evaluate(ACCEPT, 1)
    page.wait_for_function(SAVED, arg=1)
    (kept,) = natives[1].annotations()
    assert kept["rle"] == second["made"]["rle"]
    assert len(natives[0].annotations()) == 1
    page.evaluate("engine.close()")
