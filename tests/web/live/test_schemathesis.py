"""What Schemathesis makes of the OpenAPI document is answered as the document says, by a real server, with every check
it has, whoever asks. What no schema can say stands in `schemathesis.toml`."""

import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from server.app import build_services
from server.config import Settings
from server.domain.policy import OWNER, ROLES, Actor
from server.runtime.queue.eager import EagerQueue
from server.storage.rows import members
from tests.web.live.running import Server, picture, running

_CONFIG = Path(__file__).with_name("schemathesis.toml").read_text()
_PARAMETERS = """
[parameters]
"path.project_id" = "{project}"
"path.image_id" = "{image}"
"""
_REFUSED = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "400", "404", "409", "410", "413", "415", "429", "5xx"]

"""
_PEOPLE = ("admin", "stranger", *ROLES)

pytestmark = pytest.mark.slow


def check(server: Server, folder: Path, examples: int, *words: str, config: str = _CONFIG) -> None:
    pytest.importorskip("schemathesis")
    (folder / "schemathesis.toml").write_text(config)
    options = ["--checks", "all", "--max-examples", str(examples), "--seed", "1", "--continue-on-failure"]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "schemathesis.cli",
            "run",
            f"{server.base}/api/openapi.json",
            *options,
            *words,
        ],
        cwd=folder,  # it keeps what it found
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr


def test_every_answer_is_as_described(tmp_path):
    with running(tmp_path / "data") as server:
        requests.post(f"{server.base}/api/sample", timeout=60)
        check(server, tmp_path, 10)


@dataclass(frozen=True)
class Somebody:
    """`project`, `image`: of a project in which they have the role that is their name; a stranger has none."""

    token: str
    project: str
    image: str


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> Iterator[tuple[Server, dict[str, Somebody]]]:
    """A team's server, and people by name. Each has a project, since an owner may delete theirs."""
    data = tmp_path_factory.mktemp("team")
    services = build_services(Settings(data=str(data)), EagerQueue)
    made = {}
    for name in _PEOPLE:
        account = services.administration.create({"name": name, "is_admin": name == "admin"})
        asked = {"name": "a test", "scope": "manage", "days": 1}
        token = services.api_tokens.create(Actor("account", account.id, name), asked).secret
        project = services.projects.create(OWNER, {"name": f"Of {name}"}).id
        image, _ = services.uploads.add(OWNER, io.BytesIO(picture(331, 203)), "a.png", project)
        if name in ROLES:
            with services.db.write() as session:
                members.put(session, project, account.id, name)
        made[name] = Somebody(token, project, image.id)
    services.close()
    with running(data, "--team") as server:
        yield server, made


def config_of(who: Somebody | None) -> str:
    """For somebody who may not do everything; None: nobody is signed in."""
    at_top, operations = _CONFIG.split("[[operations]]", 1)
    asks = "" if who is None else _PARAMETERS.format(project=who.project, image=who.image)
    return f"{at_top}{asks}{_REFUSED}[[operations]]{operations}".replace('["2xx",', '["2xx", "401", "403",')


@pytest.mark.parametrize("name", _PEOPLE)
def test_every_answer_to_a_role_is_as_described(people, tmp_path, name):
    server, known = people
    token = f"Authorization: Bearer {known[name].token}"
    check(server, tmp_path, 3, "-H", token, config=config_of(known[name]))


def test_every_answer_to_nobody_is_as_described(people, tmp_path):
    check(people[0], tmp_path, 3, config=config_of(None))
