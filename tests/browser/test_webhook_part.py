"""Managers add webhooks in a project's settings, try them, choose their events, and see what did not arrive."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

URL = "http://nowhere.invalid/<b>hook</b>"


@pytest.fixture
def ann(team):
    return team.person()


@pytest.fixture
def hooks(ann) -> str:
    """The API of a project's webhooks."""
    return f"/api/projects/{ann.project()['id']}/webhooks"


@pytest.fixture
def page(ann, hooks, new_page) -> Page:
    project = hooks.split("/")[3]
    return ann.enter(new_page(), f"/projects/{project}/settings#webhooks")


@pytest.fixture
def part(page) -> Locator:
    return page.get_by_role("region", name="Webhooks")


def delete(page: Page, part: Locator, url: str) -> None:
    part.get_by_role("button", name=f"Delete {url}").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(part.get_by_text(url)).to_have_count(0)


def test_a_webhook_is_added_tried_paused_and_deleted(page, part):
    part.get_by_label("Endpoint URL").fill(URL)
    page.keyboard.press("Enter")
    secret = part.get_by_role("textbox", name=f"Signing secret for {URL}")
    expect(secret).to_have_value(re.compile("^whsec_"))
    opener = part.get_by_role("button", name=f"Deliveries to {URL}")
    expect(opener).to_have_attribute("aria-expanded", "false")
    test = part.get_by_role("button", name=f"Send test to {URL}")
    test.click()
    deliveries = part.get_by_role("list", name="Deliveries")
    expect(deliveries).to_contain_text("No public host has this address.")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(test).to_be_focused()
    part.get_by_role("button", name="Resend: Test").first.click()
    expect(deliveries.get_by_role("listitem")).to_have_count(2)
    part.get_by_role("button", name=f"Pause {URL}").click()
    expect(part).to_contain_text("Paused. Someone paused it.")
    resume = part.get_by_role("button", name=f"Resume {URL}")
    expect(resume).to_be_focused()
    resume.click()
    expect(part).to_contain_text("All events · Active")
    opener.click()
    expect(deliveries).to_be_hidden()
    delete(page, part, URL)
    expect(secret).to_have_count(0)
    expect(part.get_by_label("Endpoint URL")).to_be_focused()


def test_a_secret_is_gone_when_it_is_closed_and_stays_when_another_webhook_is_deleted(page, part, ann, hooks):
    ann.ask("post", hooks, {"url": "http://other.invalid"})
    page.reload()
    part.get_by_label("Endpoint URL").fill(URL)
    add = part.get_by_role("button", name="Add webhook")
    add.click()
    secret = part.get_by_role("textbox", name=f"Signing secret for {URL}")
    expect(secret).to_be_focused()
    delete(page, part, "http://other.invalid")
    expect(secret).to_be_visible()
    part.get_by_role("button", name="Dismiss").click()
    expect(secret).to_have_count(0)
    expect(add).to_be_focused()


def test_events_are_chosen_and_changed_with_the_keyboard(page, part, ann, hooks):
    url = part.get_by_label("Endpoint URL")
    url.fill(URL)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(part.get_by_role("radio", name="Only these")).to_be_checked()
    url.focus()
    page.keyboard.press("Enter")  # with none ticked the browser asks for one
    assert ann.ask("get", hooks)["webhooks"] == []
    part.get_by_role("checkbox", name="Images added").check()
    part.get_by_role("checkbox", name="Object deleted").check()
    url.focus()
    page.keyboard.press("Enter")
    expect(part).to_contain_text("2 kinds of events · Active")
    [made] = ann.ask("get", hooks)["webhooks"]
    assert made["events"] == ["images:added", "annotation:deleted"]

    editor = part.get_by_role("button", name=f"Events for {URL}")
    editor.press("Enter")
    expect(editor).to_have_attribute("aria-expanded", "true")
    row = part.get_by_role("listitem").filter(has_text=URL)
    expect(row.get_by_role("checkbox", name="Images added")).to_be_checked()
    row.get_by_role("radio", name="All events").check()
    page.keyboard.press("Enter")
    expect(row).to_contain_text("All events · Active")
    expect(editor).to_be_focused()
    assert ann.ask("get", hooks)["webhooks"][0]["events"] is None


def test_nothing_is_asked_about_a_webhook_that_was_deleted(page, part, ann, hooks):
    """Deliveries are on show, and a reading of them is under way, when it is deleted."""
    ann.ask("post", hooks, {"url": URL})
    page.reload()
    part.get_by_role("button", name=f"Send test to {URL}").click()
    expect(part.get_by_role("list", name="Deliveries")).to_be_visible()
    late = []

    def hold(route) -> None:
        if route.request.method == "GET":
            late.append((route, route.fetch()))  # it still lists the webhook
        else:
            route.continue_()

    page.route("**/webhooks", hold)
    part.get_by_role("button", name=f"Deliveries to {URL}").click()
    part.get_by_role("button", name=f"Deliveries to {URL}").click()
    part.get_by_role("button", name=f"Delete {URL}").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_timeout(2000)  # longer than the page waits until it looks whether the test arrived
    for route, answer in late:
        route.fulfill(response=answer)
    expect(part.get_by_text(URL)).to_have_count(0)


def test_whoever_may_not_manage_sees_none(ann, hooks, team, new_page):
    bob = team.person()
    project = hooks.split("/")[3]
    ann.ask("post", f"/api/projects/{project}/members", {"account": bob.name, "role": "viewer"})
    page = bob.enter(new_page(), f"/projects/{project}/settings")
    expect(page.get_by_role("region", name="Members")).to_be_visible()
    assert page.get_by_role("region", name="Webhooks").count() == 0
