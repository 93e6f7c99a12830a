"""Managers add webhooks in a project's settings, try them, and see what did not arrive."""

import re

from playwright.sync_api import expect

URL = "http://nowhere.invalid/<b>hook</b>"


def test_a_webhook_is_added_tried_paused_and_deleted(new_page, team):
    ann, bob = team.person(), team.person()
    project = ann.project()
    page = ann.enter(new_page(), f"/projects/{project['id']}/settings#webhooks")
    part = page.get_by_role("region", name="Webhooks")
    part.get_by_label("Address of the program").fill(URL)
    page.keyboard.press("Enter")
    expect(part.get_by_role("textbox", name=f"Secret for {URL}")).to_have_value(re.compile("^whsec_"))
    part.get_by_role("button", name=f"Send a test to {URL}").click()
    deliveries = part.get_by_role("list", name="Deliveries")
    expect(deliveries).to_contain_text("There is no host of this name.")
    part.get_by_role("button", name="Send again: Test").first.click()
    expect(deliveries.get_by_role("listitem")).to_have_count(2)
    part.get_by_role("button", name=f"Pause {URL}").click()
    expect(part).to_contain_text("Paused. Someone paused it.")
    part.get_by_role("button", name=f"Resume {URL}").click()
    expect(part.get_by_text("On", exact=True)).to_be_visible()
    part.get_by_role("button", name=f"Delete {URL}").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(part.get_by_text(URL)).to_have_count(0)
    ann.ask("post", f"/api/projects/{project['id']}/members", {"account": bob.name, "role": "viewer"})
    other = bob.enter(new_page(), f"/projects/{project['id']}/settings")
    expect(other.get_by_role("region", name="Members")).to_be_visible()
    assert other.get_by_role("region", name="Webhooks").count() == 0
