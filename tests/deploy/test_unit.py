"""The systemd unit: its command, and what systemd itself says of it."""

import configparser
import re
import shutil

import pytest

from tests.deploy.files import DEPLOY, settings_of, tool, words

FILE = DEPLOY / "samphire.service"
PROGRAM = "/opt/samphire/bin/samphire"
MOST_EXPOSURE = 2.0  # of 10, as `systemd-analyze security` counts


@pytest.fixture
def unit():
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(FILE)
    lines = re.findall(
        r"^Environment=(.*)$", FILE.read_text("utf-8"), re.MULTILINE
    )  # of which there are several
    variables = dict(pair.split("=", 1) for line in lines for pair in words(line))
    return {**parser["Service"], "Environment": variables}


def test_its_command_is_one_that_samphire_knows(unit):
    program, *rest = words(unit["ExecStart"])
    found = settings_of(rest, unit["Environment"])
    assert program == PROGRAM
    assert (found.is_team, found.data) == (True, f"/var/lib/{unit['StateDirectory']}")
    assert found.drain_s + 5 < float(unit["TimeoutStopSec"])


def test_its_file_of_settings_has_the_last_word(unit):
    """Flags would be stronger."""
    wanted = {"SAMPHIRE_TEAM": "no", "SAMPHIRE_TRUSTED_PROXIES": "", "SAMPHIRE_DRAIN_S": "0"}
    found = settings_of(words(unit["ExecStart"])[1:], unit["Environment"] | wanted)
    assert (found.is_team, found.trusted_proxies, found.drain_s) == (False, "", 0)


def test_systemd_takes_it_and_finds_little_exposed(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    copy = tmp_path / FILE.name
    copy.write_text(FILE.read_text("utf-8").replace(PROGRAM, "/bin/true"))
    verified = tool("systemd-analyze", "verify", str(copy))
    assert (verified.returncode, verified.stderr) == (0, "")
    graded = tool("systemd-analyze", "security", "--offline=true", "--no-pager", str(copy))
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", graded.stdout)
    assert exposure is not None, graded.stdout + graded.stderr
    assert float(exposure[1]) <= MOST_EXPOSURE
