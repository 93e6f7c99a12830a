"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from server.cli import main

settings.register_profile("any machine", deadline=None)  # a busy one is no failure
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """The folder of photographs, goldens and evaluation sets that SAMPHIRE_EVAL_DATA names; the repository has none."""
    folder = os.environ.get("SAMPHIRE_EVAL_DATA")
    if not folder:
        pytest.skip("set SAMPHIRE_EVAL_DATA to a folder with goldens and photographs to run this")
    return Path(folder)


@pytest.fixture(scope="session")
def sam2(tmp_path_factory) -> Path:
    """The installed folder of SAM 2 tiny, pulled (184 MB) once a run, or once for all into SAMPHIRE_TEST_SEGMENTERS."""
    folder = os.environ.get("SAMPHIRE_TEST_SEGMENTERS") or tmp_path_factory.mktemp("sam2")
    installed = Path(folder) / "segmenters" / "sam2_hiera_tiny"
    if not installed.is_dir() and main(["segmenters", "pull", installed.name, "--data", str(folder)]) != 0:
        pytest.skip("SAM 2 tiny could not be pulled from the registry")
    return installed
