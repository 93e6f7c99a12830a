"""A project of a team whose webhooks may lead to this machine, and a program that is told things there."""

import pytest

from tests.web.receiving import receiving
from tests.web.webhooks.hooked import NEAR
from tests.web.working import make_project


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def project(make_app, make_picture):
    made = make_project(
        make_app(team=True, **NEAR), make_picture, images=2, max="manager", mia="manager", ann="annotator"
    )
    made.services.queue.start()
    return made
