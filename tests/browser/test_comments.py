"""Two people talk on an image: pinned, mentioned, answered, told in an inbox, resolved; and nothing written is lost."""

import os
import re

from playwright.sync_api import Page, expect

from tests.browser.annotating import Annotating
from tests.browser.test_people import Connection, image, people  # noqa: F401

HOSTILE = '<img src=x onerror=alert(1)> & "so" on'


def enter(person, new_page, image, **options) -> Annotating:  # noqa: F811
    path = f"/projects/{image['project_id']}/images/{image['id']}?decoder=server"
    return Annotating(person.enter(new_page(**options), path), person.base).arrived()


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def card(page: Page):
    return page.get_by_role("dialog", name=re.compile("omment"))


def test_two_people_talk_about_an_object_until_it_is_resolved(people, image, new_page, eventually):  # noqa: F811
    ann = enter(people["Ann Ash"], new_page, image)
    rita = enter(people["Rita Roe"], new_page, image)
    page = ann.page
    page.mouse.move(*ann.on_page(200, 175))
    page.keyboard.press("Shift+C")
    writing = card(page).get_by_label("Write a comment")
    expect(writing).to_be_focused()
    expect(card(page).get_by_role("combobox", name="About")).to_have_text(re.compile("This object: car"))
    page.keyboard.type(f"{HOSTILE} @ri")
    expect(card(page).get_by_role("option", name="Rita Roe")).to_be_visible()
    shot(page, "suggesting")
    page.keyboard.press("Enter")
    expect(writing).to_have_value(f"{HOSTILE} @Rita Roe ")
    page.keyboard.type("look?")
    page.keyboard.press("Control+Enter")
    words = card(page).locator(".comment-text")
    expect(words).to_have_text(f"{HOSTILE} @Rita Roe look?")
    expect(words.locator("img")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    shot(page, "pinned")

    pin = rita.page.get_by_role("button", name="Comment 1 by Ann Ash")
    expect(pin).to_be_visible()
    expect(rita.page.get_by_role("link", name="Inbox: 1 unread")).to_be_visible()
    rita.page.goto(f"{rita.base}/inbox")
    item = rita.page.get_by_role("link", name=re.compile("Ann Ash mentioned you"))
    expect(item).to_contain_text(f"{HOSTILE} @Rita Roe look?")
    shot(rita.page, "inbox")
    item.click()
    rita.page.wait_for_url("**/images/*#comment=*")
    rita.arrived()
    answer = card(rita.page).get_by_label("Reply")
    expect(answer).to_be_focused()
    expect(rita.page.get_by_role("link", name="Inbox", exact=True)).to_be_visible()
    rita.page.keyboard.type("It is a car.")
    rita.page.keyboard.press("Control+Enter")
    expect(card(rita.page).locator(".comment-text").nth(1)).to_have_text("It is a car.")
    shot(rita.page, "answered")

    expect(page.get_by_role("link", name="Inbox: 1 unread")).to_be_visible()
    page.keyboard.press("Shift+N")
    expect(card(page).locator(".comment-text").nth(1)).to_have_text("It is a car.")
    card(page).get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("button", name="1 resolved")).to_be_visible()
    expect(page.locator(".pin")).to_have_count(0)
    page.get_by_role("button", name="1 resolved").click()
    expect(page.locator(".pin[data-resolved]")).to_have_count(1)
    shot(page, "resolved")


def test_what_is_written_offline_is_said_kept_and_sent_once(people, image, new_page, problems, eventually):  # noqa: F811
    page = new_page()
    connection = Connection(page)
    ben = people["Ben"]
    annotate = Annotating(
        ben.enter(page, f"/projects/{image['project_id']}/images/{image['id']}?decoder=server"), ben.base
    ).arrived()
    page.get_by_role("button", name="Add a comment").click()
    page.mouse.click(*annotate.on_page(500, 400))
    card(page).get_by_label("Write a comment").fill("Draft")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+C")
    expect(card(page).get_by_label("Write a comment")).to_have_value("Draft")
    problems.allow("ERR_INTERNET_DISCONNECTED|WebSocket")
    connection.cut()
    page.keyboard.press("Control+Enter")
    expect(card(page).get_by_text("Not sent yet.")).to_be_visible()
    shot(page, "offline")
    connection.restore()
    expect(card(page).get_by_text("Not sent yet.")).to_have_count(0)
    path = f"/api/projects/{image['project_id']}/images/{image['id']}/comments"
    said = [[each["text"] for each in thread["comments"]] for thread in ben.ask("get", path)["threads"]]
    assert said == [["Draft"]]
