"""What tests of webhooks do."""

import base64
import hashlib
import hmac

from server.storage.tables import Webhook

NEAR = {"outgoing_networks": "127.0.0.0/8"}


def hook(project, receiver, client=None, **more):
    answer = (client or project.max).post(f"{project.path}/webhooks", json={"url": receiver.url, **more})
    assert answer.status_code == 201, answer.json
    return answer.json


def at(project, made):
    return f"{project.path}/webhooks/{made['id']}"


def deliver(project, made):
    """What is due is sent now."""
    project.services.delivering.send_due()
    project.services.queue.wait(("webhook", made["id"]), 20)


def state(project, client, number=0, state="in_progress"):
    image = project.images[number]
    assert client.patch(f"{project.path}/images/{image}", json={"state": state}).status_code == 200


def row(project, made, **values):
    with project.services.db.write() as session:
        found = session.get_one(Webhook, made["id"])
        for name, value in values.items():
            setattr(found, name, value)
        return found


def signature(secret, headers, body):
    """The header that is right."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
