"""Two people talk on an image: pinned, mentioned, answered, told in an inbox, resolved; and nothing written is lost."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.annotating import Annotating
from tests.browser.pictures import still_life
from tests.browser.team import rectangle
from tests.browser.test_people import Connection

HOSTILE = '<img src=x onerror=alert(1)> & "so" on'


@pytest.fixture
def talk(team) -> SimpleNamespace:
    """A project's image with one object, a rectangle of 200 x 150 pixels at (100, 100), and people of the project."""
    owner, picture = team.person(), still_life(93)
    project = owner.ask("post", "/api/projects", {"name": "Talking"})["id"]
    people = {}
    for name, role in (("ada", "annotator"), ("rob", "reviewer")):
        people[name] = team.person()
        body = {"account": people[name].id, "role": role}
        owner.ask("post", f"/api/projects/{project}/members", body)
    files = {"file": (picture.name, picture.data)}
    image = owner.ask("post", f"/api/projects/{project}/images", files=files)
    body = {
        "id": "the-only-object",
        "label": "car",
        "color": "#e69f00",
        "rle": rectangle(image, (100, 100, 200, 150)),
    }
    owner.ask("post", f"/api/projects/{project}/images/{image['id']}/annotations", body)
    return SimpleNamespace(path=f"/projects/{project}/images/{image['id']}", **people)


def enter(person, page: Page, path: str) -> Annotating:
    return Annotating(person.enter(page, f"{path}?decoder=server"), person.base).arrived()


def card(page: Page):
    return page.get_by_role("dialog", name=re.compile("omment"))


def test_two_people_talk_about_an_object_until_it_is_resolved(talk, new_page):
    ada, rob = enter(talk.ada, new_page(), talk.path), enter(talk.rob, new_page(), talk.path)
    page = ada.page
    page.mouse.move(*ada.on_page(200, 175))
    page.keyboard.press("Shift+C")
    writing = card(page).get_by_label("Write a comment")
    expect(writing).to_be_focused()
    expect(card(page).get_by_role("combobox", name="About")).to_have_text(re.compile("This object: car"))
    page.keyboard.type(f"{HOSTILE} @{talk.rob.name.lower()}")
    expect(card(page).get_by_role("option", name=talk.rob.name)).to_be_visible()
    page.keyboard.press("Enter")
    expect(writing).to_have_value(f"{HOSTILE} @{talk.rob.name} ")
    page.keyboard.type("look?")
    page.keyboard.press("Control+Enter")
    words = card(page).locator(".comment-text")
    expect(words).to_have_text(f"{HOSTILE} @{talk.rob.name} look?")
    expect(words.locator("img")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()

    pin = rob.page.get_by_role("button", name=f"Comment 1 by {talk.ada.name}")
    expect(pin).to_be_visible()
    expect(rob.page.get_by_role("link", name="Inbox: 1 unread")).to_be_visible()
    rob.page.goto(f"{rob.base}/inbox")
    item = rob.page.get_by_role("link", name=re.compile(f"{talk.ada.name} mentioned you"))
    expect(item).to_contain_text(f"{HOSTILE} @{talk.rob.name} look?")
    item.click()
    rob.page.wait_for_url("**/images/*#comment=*")
    rob.arrived()
    answer = card(rob.page).get_by_label("Reply")
    expect(answer).to_be_focused()
    expect(rob.page.get_by_role("link", name="Inbox", exact=True)).to_be_visible()
    rob.page.keyboard.type("It is a car.")
    rob.page.keyboard.press("Control+Enter")
    expect(card(rob.page).locator(".comment-text").nth(1)).to_have_text("It is a car.")

    expect(page.get_by_role("link", name="Inbox: 1 unread")).to_be_visible()
    page.keyboard.press("Shift+N")
    expect(card(page).locator(".comment-text").nth(1)).to_have_text("It is a car.")
    card(page).get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("button", name="1 resolved")).to_be_visible()
    expect(page.locator(".pin")).to_have_count(0)
    page.get_by_role("button", name="1 resolved").click()
    expect(page.locator(".pin[data-resolved]")).to_have_count(1)


def test_what_is_written_offline_is_said_kept_and_sent_once(talk, new_page, problems):
    page = new_page()
    connection = Connection(page)
    annotate = enter(talk.ada, page, talk.path)
    page.get_by_role("button", name="Add a comment").click()
    expect(page.locator(".comment-placing")).to_be_visible()
    page.mouse.click(*annotate.on_page(500, 400))
    card(page).get_by_label("Write a comment").fill("Draft")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+C")
    expect(card(page).get_by_label("Write a comment")).to_have_value("Draft")
    problems.allow("ERR_INTERNET_DISCONNECTED|WebSocket")
    connection.cut()
    page.keyboard.press("Control+Enter")
    expect(card(page).get_by_text("Not sent yet.")).to_be_visible()
    connection.restore()
    expect(card(page).get_by_text("Not sent yet.")).to_have_count(0)

    def said() -> list[list[str]]:
        threads = talk.ada.ask("get", f"/api{talk.path}/comments")["threads"]
        return [[each["text"] for each in thread["comments"]] for thread in threads]

    assert said() == [["Draft"]]
    card(page).get_by_role("button", name="Edit").click()
    card(page).get_by_label("Edit comment").fill("Final")
    page.keyboard.press("Control+Enter")
    expect(card(page).locator(".comment-text")).to_have_text("Final")
    assert said() == [["Final"]]
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+K")
    expect(page.locator(".pin")).to_have_count(0)
    page.keyboard.press("Shift+N")
    expect(page.locator(".pin")).to_have_count(1)  # for as long as its card is open
    card(page).get_by_role("button", name="Delete").click()
    card(page).get_by_role("button", name="Delete", exact=True).last.click()
    expect(card(page)).to_be_hidden()
    expect(page.locator(".comment-item")).to_have_count(0)
    assert said() == []


def test_what_is_refused_can_be_edited_where_it_was(talk, new_page, problems):
    page = new_page()
    annotate = enter(talk.ada, page, talk.path)
    problems.allow("status of 400 ")
    refuse = {"error": {"code": "invalid", "message": "Not like this.", "hint": ""}}
    comments = re.compile("/comments$")

    def write(label: str, text: str) -> None:
        card(page).get_by_label(label).fill(text)
        page.keyboard.press("Control+Enter")

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=400, json=refuse)
        else:
            route.continue_()

    page.route(comments, answer)
    page.mouse.move(*annotate.on_page(500, 400))
    page.keyboard.press("Shift+C")
    write("Write a comment", "First")
    expect(card(page).get_by_text("Not sent: Not like this.")).to_be_visible()
    card(page).get_by_role("button", name="Edit").click()
    expect(card(page).get_by_label("Write a comment")).to_have_value("First")
    expect(card(page).get_by_label("Write a comment")).to_be_focused()
    expect(page.locator(".pin")).to_have_count(1)  # of what is being begun, on its spot
    page.unroute(comments)
    page.keyboard.press("Control+Enter")
    expect(card(page).get_by_role("button", name="Resolve")).to_be_visible()

    page.route(comments, answer)
    write("Reply", "Second")
    card(page).get_by_label("Reply").fill("And more")
    card(page).get_by_role("button", name="Edit").last.click()
    expect(card(page).get_by_label("Reply")).to_have_value("And more\nSecond")
    page.unroute(comments)
    page.keyboard.press("Control+Enter")
    expect(card(page).locator(".comment-text")).to_have_text(["First", "And more\nSecond"])
    threads = talk.ada.ask("get", f"/api{talk.path}/comments")["threads"]
    assert [round(threads[0][axis]) for axis in ("x", "y")] == pytest.approx([500, 400], abs=2)
    assert [each["text"] for each in threads[0]["comments"]] == ["First", "And more\nSecond"]


def test_pins_and_the_card_follow_the_image(talk, new_page):
    page = new_page()
    annotate = enter(talk.ada, page, talk.path)
    page.mouse.move(*annotate.on_page(500, 400))
    page.keyboard.press("Shift+C")
    begun, pin = page.locator(".pin[aria-hidden]"), page.locator("button.pin")
    before, beside = begun.get_attribute("style"), card(page).get_attribute("style")
    page.mouse.move(*annotate.on_page(300, 200))
    page.mouse.wheel(0, -200)
    expect(begun).not_to_have_attribute("style", before)
    expect(card(page)).not_to_have_attribute("style", beside)
    moved = begun.get_attribute("style")
    card(page).get_by_label("Write a comment").fill("Here")
    page.keyboard.press("Control+Enter")
    expect(begun).to_have_count(0)
    expect(pin).to_have_attribute("style", re.compile(re.escape(moved)))
    page.mouse.wheel(0, 200)
    expect(pin).to_have_attribute("style", re.compile(re.escape(before)))
    expect(card(page)).to_have_attribute("style", beside)
