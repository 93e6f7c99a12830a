"""`samphire segmenters pull` and `export` of a checkpoint with real weights: fetched, compared, installed."""

import hashlib

import pytest

from server.cli.main import main
from server.inference.catalog import read_spec
from server.modelkit.catalogue import sources
from server.modelkit.catalogue.download import Wanted
from server.modelkit.catalogue.sources import Checkpoint
from server.modelkit.catalogue.trying import try_out
from tests.unit.modelkit.catalogue.file_server import FileServer


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
def test_a_checkpoint_is_pulled_over_http(mobile_sam_checkpoint, tmp_path, monkeypatch, capsys):
    pytest.importorskip("sqlalchemy")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    data = mobile_sam_checkpoint.read_bytes()
    wanted = Wanted("mobile_sam.pt", len(data), f"sha256-{hashlib.sha256(data).hexdigest()}")
    with FileServer({"mobile_sam.pt": data}, cut_after=[len(data) // 3]) as server:
        row = Checkpoint("sam_vit_t", "SAM ViT-T", "vit_t", server.url("mobile_sam.pt"), wanted)
        monkeypatch.setattr(sources, "PULLABLE", (row,))
        assert main(["segmenters", "pull", "sam_vit_t", "--data", str(tmp_path)]) == 0
        assert server.asked == [None, f"bytes={len(data) // 3}-"]
    assert "sam_vit_t is installed in" in capsys.readouterr().out
    assert names(tmp_path / "downloads") == []
    spec = read_spec(tmp_path / "segmenters" / "sam_vit_t")
    assert spec.source["sha256"] == hashlib.sha256(data).hexdigest()
    assert try_out(spec).object_iou > 0.98


@pytest.mark.slow
def test_a_checkpoint_on_disk_is_exported_and_installed(mobile_sam_checkpoint, tmp_path, capsys):
    pytest.importorskip("sqlalchemy")
    words = [
        "--checkpoint",
        str(mobile_sam_checkpoint),
        "--segmenter",
        "vit_t",
        "--id",
        "mine",
        "--reference-decoder",
    ]
    assert main(["segmenters", "export", *words, "--data", str(tmp_path)]) == 0
    assert names(tmp_path / "segmenters") == ["mine", "server.lock"]
    assert names(tmp_path / "downloads") == []
    capsys.readouterr()
    assert main(["segmenters", "verify", "mine", "--data", str(tmp_path)]) == 0
    assert "of the reference decoder's" in capsys.readouterr().out
    assert main(["segmenters", "export", *words, "--data", str(tmp_path)]) == 2
    assert "A segmenter 'mine' is already installed." in capsys.readouterr().err
