"""For an image there is one run of proposals, whichever process has it."""

import json

import requests

from tests.machines.conftest import until
from tests.machines.pages import add_image


def last(answer: requests.Response) -> dict:
    return [*map(json.loads, answer.iter_lines())][-1]


def test_a_run_at_one_is_known_and_stopped_at_the_other(several, pair):
    a, b = pair
    path = f"/api/projects/default/images/{add_image(several, a, 60)['id']}"

    def begin(server, name):
        return requests.post(
            f"{server.base}{path}/proposals",
            json={"points_per_side": 64},
            headers=several.headers(name),
            stream=True,
            timeout=120,
        )

    def is_running(server):
        return requests.get(
            f"{server.base}{path}/proposals", headers=several.headers("Ben"), timeout=30
        ).json()["running"]

    first = begin(a, "Ann")
    assert first.status_code == 200, first.text
    assert is_running(b)
    refused = begin(b, "Ben")
    assert refused.json()["error"]["code"] == "conflict"
    own = begin(b, "Ann")  # hers takes the place of hers
    assert own.status_code == 200, own.text
    assert last(first)["state"] == "stopped"
    stopped = requests.post(f"{a.base}{path}/stop-proposing", headers=several.headers("Ann"), timeout=30)
    assert stopped.status_code == 204
    assert last(own)["state"] == "stopped"
    until(lambda: not is_running(a) and not is_running(b))
