"""A world for each test of imports."""

import pytest

from tests.unit.features.transfer.imports.importing import World


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.close()
