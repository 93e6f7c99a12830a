"""A server that says what a test has it say, and a client of it that does not really wait."""

from collections.abc import Iterator

import pytest

from server.client import Client, waiting
from tests.unit.client.scripted import Scripted, scripted


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as script:
        yield script
        assert script.answers == []


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """Seconds that the client would have waited."""
    waited: list[float] = []
    monkeypatch.setattr(waiting.time, "sleep", waited.append)
    return waited


@pytest.fixture
def client(server, pauses) -> Iterator[Client]:
    with Client(server.url, "smp_secret", timeout=5) as client:
        yield client
