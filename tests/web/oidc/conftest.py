"""A provider, and a team's server that knows it."""

import pytest

from tests.web.oidc.provided import provided, refusing
from tests.web.oidc.provider import provider
from tests.web.team import person


@pytest.fixture
def idp():
    with provider() as made:
        yield made


@pytest.fixture
def app(make_app, monkeypatch, idp):
    """Of a team with an administrator, Ada."""
    app = provided(make_app, monkeypatch, idp)
    app.ada = person(app, "Ada")
    return app


@pytest.fixture
def refused(app, check_error):
    return refusing(app, check_error)
