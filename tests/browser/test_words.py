"""Pages in Chinese say nothing in English, but for names and what has no translation."""

import json
import re

import pytest
import requests

from server import paths
from tests.browser.desk import Desk

CHINESE = json.loads((paths.TEMPLATES / "messages.json").read_text("utf-8"))["zh"]
# Latin words that Chinese texts have too: names of formats, keys, programs.
BORROWED = {
    word for text in CHINESE.values() for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", text))
}
NAMES = set(
    re.findall(r"\w+", "Samphire MobileSAM English CVAT LabelMe Ctrl Esc Backspace Del Tab Page API ms px")
)
SAID = """() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const spoken = document.querySelectorAll("button, a, input, select, option, label, h1, h2, h3, dt, dd, legend, th, "
    + "p, [role=radio], [role=option], [role=status], .muted, [title], [aria-label]");
  const texts = new Set();
  for (const element of spoken) {
    if (!shown(element)) continue;
    for (const name of ["aria-label", "title", "placeholder", "aria-description"])
      texts.add(element.getAttribute(name) ?? "");
    if (!element.querySelector("button, a, input, select, p, dt")) texts.add(element.innerText ?? element.textContent);
  }
  return [...texts].filter((text) => text.trim());
}"""


@pytest.fixture
def desk(server):
    desk = Desk(server.base, key_preset="cvat")
    desk.label({"name": "vase", "attributes": [
        {"name": "glazed", "type": "flag", "required": False, "choices": []},
        {"name": "form", "type": "text", "required": True, "choices": []},
    ]})  # fmt: skip
    image = desk.picture(330)
    desk.draw(image, [("vase", (20, 20, 60, 90)), ("vase", (200, 100, 50, 50))])
    return desk


def left_over(page, desk: Desk) -> list[str]:
    """Texts with Latin words that are neither borrowed nor names of things of this test."""
    others = requests.get(
        f"{desk.base}/api/projects", timeout=30
    ).text  # other tests' projects have names, too
    data = json.dumps(desk.images) + others + " Desk vase glazed form still life png My images object"
    known = BORROWED | NAMES | set(re.findall(r"[A-Za-z]{2,}", data))
    texts = page.evaluate(SAID)
    assert len(texts) > 8
    return [text for text in texts if set(re.findall(r"[A-Za-z]{2,}", text)) - known]


def test_no_page_in_chinese_has_english_left(annotating, desk, server):
    annotate = annotating(locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = annotate.page
    page.goto(server.base)
    page.locator(".language-menu").wait_for()
    assert page.evaluate("document.documentElement.lang") == "zh"
    assert left_over(page, desk) == []
    page.goto(f"{server.base}/projects/{desk.id}")
    page.locator(".tile-name").first.wait_for()
    assert left_over(page, desk) == []
    page.goto(f"{server.base}/projects/{desk.id}/settings")
    page.locator(".language-menu").wait_for()
    assert left_over(page, desk) == []

    desk.open(annotate, desk.images[0])
    annotate.until("() => document.querySelectorAll('.object-row').length === 2")
    annotate.page.locator(".object-row").first.click()
    assert left_over(page, desk) == []
    annotate.key("?")
    assert left_over(page, desk) == []
    annotate.key("Escape", "Control+k")
    assert left_over(page, desk) == []


def test_the_language_is_chosen_in_the_header_and_stays(annotating, server):
    page = annotating().page
    page.goto(server.base)
    page.get_by_role("button", name="Language: English").click()
    page.get_by_role("menuitem", name="中文").click()
    page.get_by_role("button", name=CHINESE["Language: {language}"].format(language="中文")).wait_for()
    assert page.evaluate("document.documentElement.lang") == "zh"
    page.goto(f"{server.base}/projects/default")
    assert page.evaluate("document.documentElement.lang") == "zh"
