"""Programs elsewhere are told what happens in a project: signed, in order, until it arrives."""

from datetime import timedelta

from server.features.webhooks import delivering
from server.features.webhooks.delivering import record
from server.runtime.outside import NotReached
from server.storage.tables import Project, Webhook, WebhookDelivery, now
from tests.web.webhooks.hooked import NEAR, at, deliver, hook, row, signature, state
from tests.web.working import make_project


def test_what_happens_is_told_signed_and_in_order(project, receiver):
    made = hook(project, receiver)
    state(project, project.max)
    state(project, project.max, state="done")
    deliver(project, made)
    [(headers, body)] = receiver.got
    [told] = receiver.told
    assert [event["event"] for event in told["events"]] == ["image:changed", "image:changed"]
    assert [event["state"] for event in told["events"]] == ["in_progress", "done"]
    assert (told["type"], told["project"], told["missed"]) == (
        "events",
        {"id": project.id, "name": "Streets"},
        False,
    )
    assert headers["webhook-signature"] == signature(made["secret"], headers, body)
    assert abs(int(headers["webhook-timestamp"]) - now().timestamp()) < 60
    [delivery] = project.max.get(f"{at(project, made)}/deliveries").json["deliveries"]
    assert (delivery["id"], delivery["state"], delivery["status"]) == (
        headers["webhook-id"],
        "delivered",
        200,
    )
    deliver(project, made)
    assert len(receiver.got) == 1


def test_only_what_was_chosen_is_told(project, receiver):
    made = hook(project, receiver, events=["labels:changed"])
    state(project, project.max)
    deliver(project, made)
    assert receiver.got == []
    assert project.max.get(f"{project.path}/webhooks").json["webhooks"][0]["seq"] > made["seq"]
    labels = project.max.get(f"{project.path}/labels").json
    project.max.put(f"{project.path}/labels", json=labels | {"labels": [{"name": "cat", "color": "#ff0000"}]})
    deliver(project, made)
    assert [event["event"] for event in receiver.events] == ["labels:changed"]


def test_more_than_a_delivery_takes_comes_in_several(project, receiver, monkeypatch):
    monkeypatch.setattr(delivering, "_EVENTS", 2)
    made = hook(project, receiver)
    for number in range(5):
        state(project, project.max, state=("done", "in_progress")[number % 2])
    deliver(project, made)
    assert [len(each["events"]) for each in receiver.told] == [2, 2, 1]
    seqs = [event["seq"] for event in receiver.events]
    assert seqs == list(range(made["seq"] + 1, made["seq"] + 6))


def test_what_does_not_arrive_is_sent_again_later_under_the_same_id(project, receiver):
    made = hook(project, receiver)
    receiver.status = 503
    state(project, project.max)
    deliver(project, made)
    [waiting] = project.max.get(f"{at(project, made)}/deliveries").json["deliveries"]
    assert (waiting["state"], waiting["status"], waiting["reason"]) == (
        "waiting",
        503,
        "It answered with 503.",
    )
    [listed] = project.max.get(f"{project.path}/webhooks").json["webhooks"]
    assert (listed["failures"], listed["seq"]) == (1, made["seq"])
    assert listed["next_at"] > listed["failing_since"]
    deliver(project, made)
    assert len(receiver.got) == 1  # it is not time yet
    receiver.status = 200
    state(project, project.max, state="done")
    row(project, made, next_at=now())
    deliver(project, made)
    first, second = receiver.got
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert len(receiver.told[1]["events"]) == 2
    [listed] = project.max.get(f"{project.path}/webhooks").json["webhooks"]
    assert (listed["failures"], listed["failing_since"], listed["next_at"]) == (0, None, None)


def test_pauses_grow_and_after_a_day_it_is_paused_with_the_reason():
    moment = now()
    hook = Webhook(id="h", project_id="p", seq=1, failures=0)
    delivery = WebhookDelivery(kind="events", attempts=0, last_seq=2, state="waiting")
    waits = []
    while hook.paused_at is None:
        record(hook, delivery, NotReached("It cannot be reached."), moment)
        waits.append((hook.next_at - moment).total_seconds())
        moment = hook.next_at
    assert 5 <= waits[0] <= 10
    assert 10 <= waits[1] <= 20
    assert max(waits) <= 3600
    assert hook.paused_at - hook.failing_since >= timedelta(days=1)
    assert len(waits) < 70
    assert hook.paused_because == "Nothing arrived for a day."
    assert (delivery.state, hook.seq) == ("failed", 1)


def test_who_wants_to_be_told_nothing_is_paused_and_goes_on_where_it_stopped(project, receiver):
    made = hook(project, receiver)
    receiver.status = 410
    state(project, project.max)
    deliver(project, made)
    [listed] = project.max.get(f"{project.path}/webhooks").json["webhooks"]
    assert "410" in listed["paused_because"]
    receiver.status = 200
    state(project, project.max, state="done")
    deliver(project, made)
    assert len(receiver.got) == 1
    resumed = project.max.patch(at(project, made), json={"paused": False})
    assert resumed.json["paused_at"] is None
    deliver(project, made)
    assert [event["state"] for event in receiver.told[1]["events"]] == ["in_progress", "done"]
    project.max.patch(at(project, made), json={"paused": True})
    state(project, project.max)
    deliver(project, made)
    assert len(receiver.got) == 2


def test_what_is_no_longer_kept_is_told_to_be_missed(project, receiver):
    made = hook(project, receiver)
    state(project, project.max)
    state(project, project.max, state="done")
    with project.services.db.write() as session:
        session.get_one(Project, project.id).replay_from = made["seq"] + 2
    deliver(project, made)
    [told] = receiver.told
    assert (told["missed"], [event["seq"] for event in told["events"]]) == (True, [made["seq"] + 2])


def test_it_is_told_so_too_when_nothing_is_left_and_once(project, receiver):
    made = hook(project, receiver)
    state(project, project.max)
    with project.services.db.write() as session:
        kept = session.get_one(Project, project.id)
        kept.replay_from = kept.last_seq + 1
    receiver.status = 503
    deliver(project, made)
    receiver.status = 200
    row(project, made, next_at=now())
    deliver(project, made)
    deliver(project, made)
    assert [(told["type"], told["missed"], told["events"]) for told in receiver.told] == [
        ("events", True, [])
    ] * 2
    state(project, project.max, state="done")
    deliver(project, made)
    last = receiver.told[2]
    assert (last["missed"], [event["state"] for event in last["events"]]) == (False, ["done"])
    [_, emptied] = project.max.get(f"{at(project, made)}/deliveries").json["deliveries"]
    assert (emptied["state"], emptied["first_seq"]) == ("delivered", made["seq"] + 1)
    assert project.max.post(f"{at(project, made)}/deliveries/{emptied['id']}/redeliver").status_code == 410


def test_a_restart_goes_on(make_app, make_picture, receiver):
    app = make_app(team=True, **NEAR)
    project = make_project(app, make_picture, images=1, max="manager")
    made = hook(project, receiver)
    state(project, project.max)
    app.extensions["samphire"].close()
    again = make_app(team=True, **NEAR).extensions["samphire"]
    again.queue.start()
    again.delivering.send_due()
    again.queue.wait(("webhook", made["id"]), 20)
    assert [event["event"] for event in receiver.events] == ["image:changed"]


def test_it_looks_again_when_the_next_attempt_is_due(project, receiver):
    assert project.services.delivering.send_due() == delivering._LATEST_LOOK
    made = hook(project, receiver)
    state(project, project.max)
    row(project, made, next_at=now() + timedelta(seconds=30))
    assert 25 < project.services.delivering.send_due() <= 30
    assert project.services.delivering._projects == {project.id}
