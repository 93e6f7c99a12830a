"""What every test may ask for."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """The folder of photographs, goldens and evaluation sets that SAMPHIRE_EVAL_DATA names; the repository has none."""
    folder = os.environ.get("SAMPHIRE_EVAL_DATA")
    if not folder:
        pytest.skip("set SAMPHIRE_EVAL_DATA to a folder with goldens and photographs to run this")
    return Path(folder)
