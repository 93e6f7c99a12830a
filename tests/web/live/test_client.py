"""The client on real servers: the examples of its documentation as they stand there, and a team's."""

import re
from pathlib import Path

import numpy as np
import pytest
import requests
from PIL import Image

from server.client import Client, Conflict, Forbidden, Unauthorized
from server.client import images as client_images
from tests.web.live.running import ROOT, Server, picture

EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """Address of a team's server, and an administrator's tokens by scope."""
    data = tmp_path_factory.mktemp("team")
    server = Server(data, "--team")
    secret = re.search(r"/join#(\S+)", "".join([server.first_line, server.process.stdout.readline()]))
    assert secret, server.first_line
    joined = {"secret": secret[1], "name": "Ann", "password": PASSWORD}
    browser = requests.Session()
    browser.headers["Origin"] = server.base
    answer = browser.post(f"{server.base}/api/invitations/accept", json=joined, timeout=30)
    assert answer.status_code in (200, 201), answer.text
    tokens = {}
    for scope in ("read", "write", "manage"):
        asked = {"name": scope, "scope": scope, "days": 1}
        tokens[scope] = browser.post(f"{server.base}/api/account/tokens", json=asked, timeout=30).json()[
            "secret"
        ]
    yield server.base, tokens
    assert server.stop() == 0


def stored(folder: Path, data: bytes) -> Path:
    path = folder / "picture.png"
    path.write_bytes(data)
    return path


def examples(document: Path) -> list[str]:
    return EXAMPLE.findall(document.read_text("utf-8"))


def run(code: str, names: dict) -> None:
    """With the package under the name it is installed as."""
    exec(compile(code.replace("samphire.client", "server.client"), "example", "exec"), names)


def test_the_examples_run_as_they_stand(server, team, tmp_path, monkeypatch, capsys):
    """Those of the second chapter ask the team's server, all others one on this machine."""
    address, tokens = team
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMPHIRE_URL", address)
    monkeypatch.setenv("SAMPHIRE_API_TOKEN", tokens["manage"])
    Path("dogs.jpg").write_bytes(picture(640, 480, seed=71))
    Path("photos").mkdir()
    Path("photos/one.png").write_bytes(picture(331, 203, seed=72))
    Path("photos/broken.jpg").write_bytes(b"nothing")
    first, of_a_team, *rest = examples(ROOT / "docs/client.md")
    names: dict = {}
    run(first.replace("http://127.0.0.1:8765", server.base), names)
    assert Path("dogs.json").stat().st_size > 100
    run(of_a_team, {})
    for code in rest:
        run(code, names)
    said = capsys.readouterr().out
    assert "(480, 640)" in said
    assert "owner ['Ann']" in said
    assert f"{address}/s/" in said
    assert "('For the reviewers', 0, 'works')" in said
    assert "1 images; [('broken.jpg'," in said
    assert "['crate']" in said
    assert "done " in said
    assert Path("dogs.zip").read_bytes()[:2] == b"PK"


def test_the_readme_has_the_same_first_lines():
    [readme] = [each for each in examples(ROOT / "README.md") if "samphire.client" in each]
    assert readme == examples(ROOT / "docs/client.md")[0]


def test_a_mask_saved_comes_back_to_the_pixel(server, tmp_path):
    with Client(server.base) as client:
        project = client.projects.create("To the pixel")
        image = client.images.upload(project, stored(tmp_path, picture(97, 61, seed=73)), name="in/ü.png")
        assert (image.name, image.existing) == ("in/ü.png", False)
        mask = np.random.default_rng(7).random((61, 97)) > 0.5
        saved = client.annotations.save(image, mask, "noise", id="an-id-of-mine")
        again = client.annotations.save(image, ~mask, "other", id="an-id-of-mine")
        assert np.array_equal(again.mask, mask)
        [listed] = client.annotations.list(image)
        assert listed == saved == client.annotations.get(saved)
        changed = client.annotations.change(saved, mask=~mask, z=7)
        assert (changed.version, changed.z, changed.label) == (2, 7, "noise")
        with pytest.raises(Conflict) as caught:
            client.annotations.delete(saved)
        assert caught.value.details["current"]["version"] == 2
        client.annotations.delete(changed)
        assert [each.name for each in client.projects.labels(project)] == ["noise"]
        assert client.projects.add_label(project, "noise").name == "noise"
        assert client.projects.add_label(project, "signal", key="s").key == "s"
        kinds = [event.event for event in client.projects.events(project)]
        assert kinds[-2:] == ["annotation:deleted", "labels:changed"]
        done = client.images.set_state(image, "done")
        assert [each.id for each in client.images.list(project, state="done")] == [done.id]
        back = client.images.download(image, tmp_path / "back.png")
        assert Image.open(back).size == (97, 61)
        client.images.remove(image)
        assert list(client.images.list(project)) == []


def test_every_image_is_listed_page_by_page(server, tmp_path, monkeypatch):
    monkeypatch.setattr(client_images, "_PAGE", 2)
    with Client(server.base) as client:
        project = client.projects.create("Pages")
        for seed in range(5):
            client.images.upload(
                project, stored(tmp_path, picture(20, 20, seed=80 + seed)), name=f"{seed}.png"
            )
        assert [image.name for image in client.images.list(project)] == [f"{n}.png" for n in range(5)]


def test_tokens_may_what_their_scope_allows(team, tmp_path):
    address, tokens = team
    with pytest.raises(Unauthorized):
        Client(address).projects.list()
    with pytest.raises(Unauthorized):
        Client(address, "smp_nobodys").projects.list()
    with pytest.raises(Forbidden, match="token"):
        Client(address, tokens["write"]).projects.create("No")
    project = Client(address, tokens["manage"]).projects.create("Scopes")
    image = Client(address, tokens["write"]).images.upload(
        project, stored(tmp_path, picture(64, 48, seed=90))
    )
    reader = Client(address, tokens["read"])
    assert reader.predict(image, points=[[25, 24]]).best.mask.shape == (48, 64)
    with pytest.raises(Forbidden):
        reader.annotations.save(image, np.ones((48, 64), bool), "all")
