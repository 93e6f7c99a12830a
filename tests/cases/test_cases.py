"""Every case does what is expected of it; see `tests/cases/__init__.py`."""

import pytest

from tests.cases import EXPECTED
from tests.cases.world import World


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_case(name, eval_data, tmp_path):
    folder = eval_data / "cases"
    if not folder.is_dir():
        pytest.skip(f"{eval_data} has no folder cases")
    EXPECTED[name](World(folder / name, tmp_path))


def test_every_case_has_an_expectation(eval_data):
    folder = eval_data / "cases"
    if not folder.is_dir():
        pytest.skip(f"{eval_data} has no folder cases")
    assert {path.name for path in folder.iterdir() if path.is_dir()} <= EXPECTED.keys()
