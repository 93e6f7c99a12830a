"""The few lines of docs/webhooks.md that check a signature: they take what is sent, and nothing old or altered."""

import re
import time
from pathlib import Path

import pytest

from server.features.webhooks.signing import make_secret, sign

DOCS = Path(__file__).parents[3] / "docs" / "webhooks.md"
BODY = b'{"type": "events"}'


@pytest.fixture
def is_from_samphire():
    [code] = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    names = {}
    exec(compile(code, str(DOCS), "exec"), names)
    return names["is_from_samphire"]


def sent(secret, seconds):
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign(secret, "msg_1", seconds, BODY),
    }


def test_what_is_sent_is_taken_and_what_is_replayed_later_is_not(is_from_samphire):
    secret, now = make_secret(), int(time.time())
    assert is_from_samphire(secret, sent(secret, now), BODY)
    for old in (now - 310, now + 310):
        assert not is_from_samphire(secret, sent(secret, old), BODY)


def test_nothing_altered_is_taken(is_from_samphire):
    secret, now = make_secret(), int(time.time())
    headers = sent(secret, now)
    assert not is_from_samphire(make_secret(), headers, BODY)
    assert not is_from_samphire(secret, headers, BODY + b" ")
    assert not is_from_samphire(secret, headers | {"webhook-id": "msg_2"}, BODY)
    assert not is_from_samphire(secret, headers | {"webhook-timestamp": str(now - 1)}, BODY)


def test_one_right_signature_of_several_is_enough(is_from_samphire):
    secret = make_secret()
    headers = sent(secret, int(time.time()))
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']}"
    assert is_from_samphire(secret, headers, BODY)
