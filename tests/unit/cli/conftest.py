"""What commands find in a process of their own."""

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture
def own_ctrl_c() -> Iterator[None]:
    """As Python has it: python-socketio's client, of other tests, takes it for the rest of the process."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
