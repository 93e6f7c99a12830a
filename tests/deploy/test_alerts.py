"""The rules for Prometheus, and the documentation, name metrics that there are."""

import re
from types import SimpleNamespace

import pytest
import yaml

from server.app import create_app
from server.config import Settings
from server.features.upkeep import figures
from server.runtime.metrics import COUNTED, process
from tests.deploy.files import DEPLOY, ROOT

_ENDS = re.compile(r"_(bucket|count|sum)$")


@pytest.fixture
def names(tmp_path):
    app = create_app(Settings(data=str(tmp_path)))
    services, server = app.extensions["samphire"], SimpleNamespace(connections=(), answering=0)
    serving = figures.of_serving(server, app.extensions["socketio"])
    yield {each.name for each in (*COUNTED, *figures.readings(services), *serving, *process.readings())}
    services.close()


def test_alerts_are_of_metrics_that_there_are(names):
    [group] = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"]
    for rule in group["rules"]:
        used = {_ENDS.sub("", name) for name in re.findall(r"\b(?:samphire|process)_\w+", rule["expr"])}
        assert used, rule["alert"]
        assert used <= names, used - names
        assert set(rule) == {"alert", "expr", "for", "annotations"}


def test_the_documentation_tells_of_every_metric(names):
    told = set(re.findall(r"`((?:samphire|process)_\w+)`", (ROOT / "docs/operating.md").read_text("utf-8")))
    assert told == names - {"samphire_info", "process_start_time_seconds"}
