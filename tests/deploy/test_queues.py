"""Workers of the examples are given queues that there are."""

import yaml

from server.app import create_app
from server.config import Settings
from tests.deploy.files import DEPLOY


def test_queues_are_those_of_the_program(tmp_path):
    chart = yaml.safe_load((DEPLOY / "chart/values.yaml").read_text("utf-8"))
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    commands = [each.get("command", [])[1:] for each in compose["services"].values()]
    named = [words[words.index("--queues") + 1] for words in commands if "--queues" in words]
    named += [worker["queues"] for worker in chart["workers"] if worker["queues"]]
    services = create_app(Settings(data=str(tmp_path))).extensions["samphire"]
    lanes = {handler.lane.name for handler in services.handlers.values()}
    services.close()
    assert len(named) == 2
    assert {name for text in named for name in text.split(",")} <= lanes
