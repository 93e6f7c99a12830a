"""Managers add webhooks, try and change them; nothing inside the network is asked, and nothing told that is hidden."""

import logging

import pytest

from server.domain.policy import OWNER
from server.features.webhooks import service
from server.storage.rows import members
from server.storage.rows.webhooks import deliveries
from server.storage.tables import Webhook
from tests.web.webhooks.hooked import at, deliver, hook, signature, state


def test_pings_and_redeliveries_are_sent_at_once_also_when_it_is_paused(project, receiver):
    made = hook(project, receiver)
    state(project, project.max)
    deliver(project, made)
    project.max.patch(at(project, made), json={"paused": True})
    pinged = project.max.post(f"{at(project, made)}/ping")
    assert pinged.status_code == 202
    project.services.queue.wait(("webhook", made["id"]), 20)
    assert (receiver.told[1]["type"], receiver.told[1]["events"]) == ("ping", [])
    [_, first] = project.max.get(f"{at(project, made)}/deliveries").json["deliveries"]
    address = f"{at(project, made)}/deliveries/{first['id']}/redeliver"
    assert project.max.post(address).json["kind"] == "again"
    project.services.queue.wait(("webhook", made["id"]), 20)
    assert receiver.told[2]["events"] == receiver.told[0]["events"]
    assert receiver.got[2][0]["webhook-id"] != receiver.got[0][0]["webhook-id"]
    none = project.max.post(f"{at(project, made)}/deliveries/msg_none/redeliver")
    assert none.status_code == 404
    receiver.status = 500
    project.max.post(f"{at(project, made)}/ping")
    project.services.queue.wait(("webhook", made["id"]), 20)
    latest = project.max.get(f"{at(project, made)}/deliveries").json["deliveries"][0]
    assert (latest["kind"], latest["state"], latest["attempts"]) == ("ping", "failed", 1)


def test_trying_has_a_pace_and_the_list_an_end(project, receiver, monkeypatch):
    monkeypatch.setattr(deliveries, "KEPT", 5)
    made = hook(project, receiver)
    statuses = [project.max.post(f"{at(project, made)}/ping").status_code for _ in range(31)]
    assert (statuses[:30], statuses[30]) == ([202] * 30, 429)
    project.services.queue.wait(("webhook", made["id"]), 20)
    assert len(project.max.get(f"{at(project, made)}/deliveries").json["deliveries"]) == 5


def test_nobody_learns_independent_work(project, receiver, make_annotation):
    assert project.max.patch(project.path, json={"settings": {"annotators_per_image": 2}}).status_code == 200
    made = hook(project, receiver)
    image = f"{project.path}/images/{project.images[0]}"
    mine = project.ann.post(f"{image}/annotations", json=make_annotation(1, label="dog"))
    assert mine.status_code == 201, mine.json
    common = project.max.post(f"{image}/annotations", json=make_annotation(2, label="dog"))
    deliver(project, made)
    drawn = [event["annotation"]["id"] for event in receiver.events if event["event"] == "annotation:changed"]
    assert drawn == [common.json["id"]]
    assert not any(mine.json["id"] in str(each) for each in receiver.told)


def test_it_ends_with_the_role_of_who_is_behind_it(project, receiver):
    made = hook(project, receiver)
    with project.services.db.write() as session:
        members.put(session, project.id, project.max.account, "annotator")
    state(project, project.mia)
    deliver(project, made)
    assert receiver.got == []
    [listed] = project.mia.get(f"{project.path}/webhooks").json["webhooks"]
    assert "may no longer manage" in listed["paused_because"]
    taken = project.mia.patch(at(project, made), json={"paused": False}).json
    assert taken["created_by"] == project.mia.account
    deliver(project, made)
    assert len(receiver.events) == 1


def test_the_secret_is_told_once_and_never_logged(project, receiver, caplog):
    caplog.set_level(logging.DEBUG)
    made = hook(project, receiver)
    assert made["secret"].startswith("whsec_")
    listed = project.max.get(f"{project.path}/webhooks").text
    changed = project.max.patch(at(project, made), json={"events": None})
    assert made["secret"] not in listed + changed.text
    renewed = project.max.post(f"{at(project, made)}/secret").json
    state(project, project.max)
    deliver(project, made)
    [(headers, body)] = receiver.got
    assert headers["webhook-signature"] == signature(renewed["secret"], headers, body)
    for secret in (made["secret"], renewed["secret"]):
        assert secret not in caplog.text + body.decode()


WRONG = [
    {}, {"url": 7}, {"url": "ftp://hooks.example"}, {"url": "http://10.0.0.1/"}, {"url": "http://[::1]/"},
    {"url": "http://169.254.169.254/latest"}, {"url": "https://user:pass@hooks.example"},
    {"url": "https://hooks.example", "events": []}, {"url": "https://hooks.example", "events": ["none"]},
    {"url": "https://hooks.example", "events": "all"}, {"url": "https://hooks.example/" + "a" * 2000},
]  # fmt: skip


@pytest.mark.parametrize("body", WRONG)
def test_what_is_no_webhook_is_refused(project, body, check_error):
    check_error(project.max.post(f"{project.path}/webhooks", json=body), 400, "bad_request")
    assert project.max.get(f"{project.path}/webhooks").json == {"webhooks": []}


def test_a_name_that_leads_inside_is_not_asked_and_does_not_tell_where(project, receiver):
    made = hook(project, receiver)
    assert project.max.patch(at(project, made), json={"url": "http://localhost.:1/"}).status_code == 200
    project.services.delivering._outside._allowed = ()
    project.max.post(f"{at(project, made)}/ping")
    project.services.queue.wait(("webhook", made["id"]), 20)
    [delivery] = project.max.get(f"{at(project, made)}/deliveries").json["deliveries"]
    assert delivery["reason"] == "No public host has this address."


def test_there_are_ten_at_most_and_a_deleted_one_is_told_nothing(project, receiver, check_error):
    made = [hook(project, receiver) for _ in range(service.MOST)]
    check_error(project.max.post(f"{project.path}/webhooks", json={"url": receiver.url}), 409, "conflict")
    for each in made:
        assert project.max.delete(at(project, each)).status_code == 204
    check_error(project.max.delete(at(project, made[0])), 404, "not_found")
    state(project, project.max)
    deliver(project, made[0])
    assert receiver.got == []


def test_the_end_of_a_project_is_told_and_purging_it_takes_them_along(project, receiver):
    made = hook(project, receiver, events=["project:deleted"])
    project.services.projects.delete(OWNER, project.id)
    deliver(project, made)
    assert [event["event"] for event in receiver.events] == ["project:deleted"]
    project.services.projects.delete_forever(OWNER, project.id)
    with project.services.db.read() as session:
        assert session.get(Webhook, made["id"]) is None
