"""What the container image installs is locked, hashed, licensed and told, and is what pyproject.toml asks for."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.files import DEPLOY, ROOT, supply

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.txt", "build-requirements.txt")
NOT_SERVED = {"test", "segmenters", "remote", "heic", "export"}  # extras that a server in a container has not


def extras():
    [line] = re.findall(r"^EXTRAS = (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return line.split()


def wanted(name):
    """Requirements of a lock file."""
    if name == "build-requirements.txt":
        return PROJECT["build-system"]["requires"]
    more = PROJECT["project"]["optional-dependencies"]
    return [*PROJECT["project"]["dependencies"], *(each for extra in extras() for each in more[extra])]


def test_the_image_has_all_that_several_machines_need():
    assert set(extras()) == set(PROJECT["project"]["optional-dependencies"]) - NOT_SERVED


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_is_what_the_project_asks_for(name):
    locked = {canonicalize_name(each): version for each, version in supply().locked(DEPLOY / name).items()}
    for text in wanted(name):
        asked = Requirement(text)
        version = locked.get(canonicalize_name(asked.name))
        assert version is not None, f"{text} is not locked: make lock"
        assert asked.specifier.contains(version), f"{text} is locked as {version}: make lock"


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_hashes_and_no_registry_is_named(name):
    text = (DEPLOY / name).read_text("utf-8")
    for package in re.split(r"\n(?=\S)", text.strip()):
        assert re.fullmatch(r"[\w.-]+==\S+ \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n?)+", package), package
    assert "://" not in text
    assert "--index" not in text


def test_the_notice_tells_each_package_and_its_licence():
    made = supply()
    told = dict(
        re.findall(r"^  (\S+ \S+): (.+)$", made.NOTICE.read_text("utf-8").partition(made.HEADING)[2], re.M)
    )
    assert set(told) == {f"{name} {version}" for name, version in made.locked().items()}, "make notice"
    same = [
        (name, version)
        for name, version in made.locked().items()
        if name not in ("pip", "setuptools") and _installed(name) == version
    ]
    for name, version in same:
        assert told[f"{name} {version}"] == made.licence(name), "make notice"


def _installed(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
