"""`pull`: what is fetched over HTTP is checked, built, tried and installed, or nothing is."""

import hashlib
import shutil
from pathlib import Path

import pytest

from server.config import Settings
from server.errors import Unavailable
from server.inference.catalog import read_spec
from server.modelkit.catalogue import download, needs, pull, sources
from server.modelkit.catalogue.download import Wanted
from server.modelkit.catalogue.sources import Checkpoint, NpmPackage
from server.modelkit.export import command
from server.modelkit.torch_sam.sizes import ARCHITECTURES
from server.paths import SEGMENTERS
from tests.unit.modelkit.catalogue.conftest import change, copy_networks, names
from tests.unit.modelkit.catalogue.file_server import FileServer

DATA = hashlib.sha512(b"a checkpoint").digest() * 3000
FILE = "sam_vit_b_01ec64.pth"


@pytest.fixture
def server(monkeypatch):
    """Serves the checkpoint, which the table now names."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FileServer({FILE: DATA}) as running:
        archive = Wanted(FILE, len(DATA), f"sha256-{hashlib.sha256(DATA).hexdigest()}")
        row = Checkpoint("sam_vit_b", "SAM ViT-B", "vit_b", running.url(FILE), archive)
        monkeypatch.setattr(sources, "PULLABLE", (row,))
        yield running


@pytest.fixture
def exports(monkeypatch) -> list:
    """Stands in for the export, which needs torch: MobileSAM's files come of it. Every Options it was given."""
    asked = []

    def export(options) -> None:
        asked.append(options)
        options.out.mkdir()
        copy_networks(options.out)
        source = {"sha256": hashlib.sha256(options.checkpoint.read_bytes()).hexdigest()}
        change(options.out, id=options.id, title=options.title, source=source)

    monkeypatch.setattr(command, "export", export)
    monkeypatch.setattr(needs, "find_spec", lambda name: True)
    return asked


def test_a_checkpoint_is_fetched_exported_and_installed(
    samphire, server, exports, installed, settings, capsys
):
    assert samphire("pull", "sam_vit_b") == 0
    assert "sam_vit_b is installed in" in capsys.readouterr().out
    assert read_spec(installed / "sam_vit_b").title == "SAM ViT-B"
    assert (exports[0].segmenter, exports[0].id) == (ARCHITECTURES["vit_b"], "sam_vit_b")
    assert names(settings.data_path / "downloads") == []
    assert samphire("pull", "sam_vit_b") == 0
    assert "already installed" in capsys.readouterr().out
    assert len(server.asked) == 1
    (installed / "sam_vit_b" / "decoder.onnx").unlink()
    assert samphire("pull", "sam_vit_b") == 0  # damaged: again
    assert len(server.asked) == 2
    assert (installed / "sam_vit_b" / "decoder.onnx").is_file()


@pytest.mark.parametrize("harm", [None, "decoder.onnx", "segmenter.json"])
def test_a_network_of_ones_own_under_the_same_id_stays(
    harm, samphire, server, exports, installed, exported, capsys
):
    change(exported, id="sam_vit_b", source={"file": "finetuned.pth", "sha256": "0" * 64})
    installed.mkdir(parents=True)
    shutil.copytree(exported, installed / "sam_vit_b")
    if harm:
        (installed / "sam_vit_b" / harm).unlink()
    before = names(installed / "sam_vit_b")
    assert samphire("pull", "sam_vit_b") == 2
    err = capsys.readouterr().err
    assert "is not what `pull sam_vit_b` installs" in err
    assert "`samphire segmenters remove sam_vit_b`" in err
    assert "another --id" in err
    assert samphire("verify", "sam_vit_b") == (1 if harm else 0)
    assert "pull" not in capsys.readouterr().out
    assert names(installed / "sam_vit_b") == before
    assert (server.asked, exports) == ([], [])


def test_what_was_pulled_and_came_to_harm_is_fetched_again(samphire, server, exports, installed, capsys):
    assert samphire("pull", "sam_vit_b") == 0
    (installed / "sam_vit_b" / "decoder.onnx").unlink()
    capsys.readouterr()
    assert samphire("verify", "sam_vit_b") == 1
    assert "`samphire segmenters pull sam_vit_b` fetches it again." in capsys.readouterr().out


def test_a_package_is_known_by_the_hashes_of_its_files():
    row = next(one for one in sources.PULLABLE if one.id == "sam2_hiera_tiny")
    assert isinstance(row, NpmPackage)
    assert row.is_in({"from": row.origin, "sha256": dict(row.sha256)})
    assert not row.is_in({"from": "encoder.onnx and sam.onnx"})


def test_nothing_is_fetched_that_could_not_be_exported(samphire, server, monkeypatch, capsys):
    monkeypatch.setattr(needs, "find_spec", lambda name: None if name == "torch" else True)
    assert samphire("pull", "sam_vit_b") == 2
    err = capsys.readouterr().err
    assert "Building sam_vit_b needs torch, which is not installed." in err
    assert 'pip install "samphire[export]"' in err
    assert server.asked == []


def test_an_export_that_fails_leaves_the_download(
    samphire, server, exports, installed, settings, monkeypatch, capsys
):
    def fail(options) -> None:
        options.out.mkdir()
        raise Unavailable("The export failed.", hint="Because.")

    monkeypatch.setattr(command, "export", fail)
    assert samphire("pull", "sam_vit_b") == 2
    assert "The export failed." in capsys.readouterr().err
    assert names(installed) == ["server.lock"]
    assert names(settings.data_path / "downloads") == [FILE]


def test_ctrl_c_leaves_only_what_arrived(samphire, server, installed, settings, exports, monkeypatch, capsys):
    def interrupt(progress, done) -> None:
        if done > 100_000:
            raise KeyboardInterrupt

    monkeypatch.setattr(download, "_PIECE_BYTES", 50_000)
    monkeypatch.setattr(download.Progress, "at", interrupt)
    assert samphire("pull", "sam_vit_b") == 130
    assert "`samphire segmenters pull sam_vit_b` goes on from there" in capsys.readouterr().err
    assert names(settings.data_path / "downloads") == [f"{FILE}.part"]
    assert names(installed) == ["server.lock"]


@pytest.mark.parametrize("how", ["file", "address"])
def test_the_file_may_come_from_elsewhere(how, samphire, server, exports, installed, tmp_path, monkeypatch):
    path = tmp_path / "mine.pth"
    path.write_bytes(DATA)
    server.files["mirror/mine.pth"] = DATA
    source = path if how == "file" else server.url("mirror/mine.pth")
    assert samphire("pull", "sam_vit_b", "--from", source) == 0
    assert len(server.asked) == (how == "address")
    assert path.is_file()
    assert "sam_vit_b" in names(installed)


def test_another_file_from_elsewhere_is_refused(samphire, server, exports, installed, tmp_path, capsys):
    (tmp_path / "mine.pth").write_bytes(DATA[:-1])
    assert samphire("pull", "sam_vit_b", "--from", tmp_path / "mine.pth") == 2
    assert f"is not {FILE}: its hash is another." in capsys.readouterr().err
    assert samphire("pull", "sam_vit_b", "--from", tmp_path / "nowhere.pth") == 2
    assert "nowhere.pth cannot be read" in capsys.readouterr().err
    assert names(installed) == ["server.lock"]


def test_a_damaged_bundled_one_says_how_to_mend_it(samphire, tmp_path, monkeypatch, capsys):
    shutil.copytree(SEGMENTERS / "mobile_sam", tmp_path / "shipped" / "mobile_sam")
    (tmp_path / "shipped" / "mobile_sam" / "prepare.onnx").unlink()
    monkeypatch.setattr(pull, "SEGMENTERS", tmp_path / "shipped")
    assert samphire("pull", "mobile_sam") == 2
    err = capsys.readouterr().err
    assert "mobile_sam: prepare.onnx is missing" in err
    assert "pip install" in err


def test_the_table_names_the_published_files():
    rows = {one.id: one for one in sources.PULLABLE}
    sam = rows["sam_vit_h"]
    assert isinstance(sam, Checkpoint)
    assert sam.url.endswith("/segment_anything/sam_vit_h_4b8939.pth")
    assert all(len(one.archive.integrity) == 71 for one in rows.values() if isinstance(one, Checkpoint))
    assert {one.architecture for one in rows.values() if isinstance(one, Checkpoint)} < set(ARCHITECTURES)


@pytest.mark.slow
def test_sam_2_comes_from_the_registry_and_finds_objects(
    samphire, settings: Settings, installed: Path, capsys
):
    """184 MB through npm's registry; skips where there is none."""
    if samphire("pull", "sam2_hiera_tiny") == 2:
        pytest.skip(capsys.readouterr().err)
    spec = read_spec(installed / "sam2_hiera_tiny")
    assert spec.weights.startswith("72dc0da61aa3")
    assert [(one.name, one.grid, one.channels) for one in spec.embedding] == [
        ("image_tokens", 64, 256), ("half_features", 128, 64), ("full_features", 256, 32),
    ]  # fmt: skip
    assert names(settings.data_path / "downloads") == []
    trial = pull.try_out(spec)
    assert trial.object_iou > 0.99
    capsys.readouterr()
    assert samphire("verify", "sam2_hiera_tiny") == 0
    assert "ok  sam2_hiera_tiny: 3 files intact" in capsys.readouterr().out
