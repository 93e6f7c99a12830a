"""What processes of one database agree on."""

import pytest

from server.storage.engine import Database
from server.storage.facts import ID, SEAL, agreed, forget_id


@pytest.fixture
def opened(tmp_path):
    made = []

    def open_it(name):
        made.append(Database.open(f"sqlite:///{tmp_path / name}.db"))
        return made[-1]

    yield open_it
    for each in made:
        each.close()


def test_processes_of_one_database_agree_and_no_others(opened):
    here, there, other = opened("one"), opened("one"), opened("other")
    seal = agreed(here, SEAL)
    assert agreed(there, SEAL) == agreed(here, SEAL) == seal
    assert len({seal, agreed(here, ID), agreed(other, SEAL), agreed(other, ID)}) == 4


def test_a_copy_may_get_an_id_of_its_own(opened):
    database = opened("one")
    before = agreed(database, ID), agreed(database, SEAL)
    forget_id(database)
    assert agreed(database, ID) != before[0]
    assert agreed(database, SEAL) == before[1]
