"""An exported folder is installed as it is or refused in a sentence, and never by half."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from server.inference.catalog import read_spec
from tests.unit.modelkit.catalogue.conftest import change, names

LOCK = "server.lock"


def files_of(folder: Path) -> dict:
    return json.loads((folder / "segmenter.json").read_text("utf-8"))["files"]


def test_a_folder_is_installed_listed_verified_and_removed(samphire, exported, installed, capsys):
    (exported / "notes.txt").write_text("not a part of it", "utf-8")
    assert samphire("add", exported) == 0
    assert "my_sam is installed" in capsys.readouterr().out
    assert names(installed) == ["my_sam", LOCK]
    assert names(installed / "my_sam") == sorted([*files_of(exported), "segmenter.json"])
    assert read_spec(installed / "my_sam").title == "Mine"

    assert samphire("list") == 0
    assert "my_sam" in capsys.readouterr().out
    assert samphire("verify", "my_sam") == 0
    assert capsys.readouterr().out.startswith("ok  my_sam: 6 files intact, encodes in ")

    (installed / "my_sam" / "prepare.onnx").write_bytes(b"")
    assert samphire("verify") == 1
    out = capsys.readouterr().out
    assert "ok  mobile_sam" in out
    assert "!!  my_sam: my_sam: prepare.onnx has 0 bytes instead of" in out
    assert "`samphire segmenters remove my_sam`" in out

    assert samphire("remove", "my_sam") == 0
    assert names(installed) == [LOCK]


def test_it_may_be_given_another_name(samphire, exported, installed):
    assert samphire("add", exported, "--id", "sam-2", "--title", "Second") == 0
    spec = read_spec(installed / "sam-2")
    assert (spec.id, spec.title) == ("sam-2", "Second")


@pytest.mark.parametrize("taken", ["mobile_sam", "my_sam"])
def test_a_name_that_is_taken_is_refused(taken, samphire, exported, installed, capsys):
    if taken == "my_sam":
        assert samphire("add", exported) == 0
    change(exported, id=taken)
    assert samphire("add", exported) == 2
    assert f"A segmenter '{taken}' is already installed." in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../up", "a/b", "Upper", "", ".hidden", "a" * 65, "a\nb"])
def test_a_name_that_could_be_a_path_is_refused(name, samphire, exported, installed, tmp_path, capsys):
    before = names(tmp_path)
    assert samphire("add", exported, "--id", name) == 2
    assert "cannot be a segmenter's id" in capsys.readouterr().err
    change(exported, id=name)
    assert samphire("add", exported) == 2
    assert names(installed) in ([], [LOCK])
    assert [one for one in names(tmp_path) if one not in (*before, "data")] == []


def _cut(folder):
    (folder / "encoder.onnx").write_bytes((folder / "encoder.onnx").read_bytes()[:-1])


def _flip(folder):
    data = bytearray((folder / "decoder.onnx").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "decoder.onnx").write_bytes(data)


def _link(folder):
    (folder / "prepare.onnx").rename(folder.parent / "elsewhere.onnx")
    (folder / "prepare.onnx").symlink_to(folder.parent / "elsewhere.onnx")


def _pipe(folder):
    (folder / "prepare.onnx").unlink()
    os.mkfifo(folder / "prepare.onnx")


def _outside(folder):
    change(folder, files={**files_of(folder), "../../secret": {"bytes": 1, "sha256": "0" * 64}})


def _unlisted(folder):
    files = files_of(folder)
    del files["encoder.onnx"]
    change(folder, files=files)


def _deep(folder):
    (folder / "segmenter.json").write_text("[" * 400_000, "utf-8")


def _huge(folder):
    (folder / "segmenter.json").write_text(" " * 2_000_000, "utf-8")


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_cut, "encoder.onnx has 9,385,774 bytes instead of 9,385,775"),
        (_flip, "decoder.onnx has changed: SHA-256"),
        (lambda folder: (folder / "encoder.onnx").unlink(), "encoder.onnx is missing"),
        pytest.param(_link, "prepare.onnx is no plain file", marks=pytest.mark.skipif(os.name == "nt", reason="links")),
        pytest.param(_pipe, "prepare.onnx is no plain file", marks=pytest.mark.skipif(os.name == "nt", reason="pipes")),
        (_outside, "'../../secret' is not a file it lists"),
        (_unlisted, "'encoder.onnx' is not a file it lists"),
        (_deep, "does not describe a segmenter"),
        (_huge, "holds no segmenter.json"),
        (lambda folder: change(folder, preprocessing={"resize": "stretch"}), "resize 'stretch'"),
        (lambda folder: (folder / "segmenter.json").write_text("not JSON", "utf-8"), "does not describe a segmenter"),
        (lambda folder: (folder / "segmenter.json").unlink(), "holds no segmenter.json"),
    ],
)  # fmt: skip
def test_a_harmed_folder_is_refused_and_leaves_nothing(harm, says, samphire, exported, installed, capsys):
    harm(exported)
    assert samphire("add", exported) == 2
    err = capsys.readouterr().err
    assert says in err
    assert len(err.splitlines()) == 1
    assert names(installed) in ([], [LOCK])


def test_weights_from_elsewhere_are_refused(samphire, exported, installed, tmp_path, capsys):
    onnx = pytest.importorskip("onnx")
    (tmp_path / "secret").write_bytes(bytes(4096))
    model = onnx.load(str(exported / "prepare.onnx"))
    tensor = next(one for one in model.graph.initializer if len(one.raw_data) > 1000)
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../secret"
    data = model.SerializeToString()
    (exported / "prepare.onnx").write_bytes(data)
    listed = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    change(exported, files={**files_of(exported), "prepare.onnx": listed})
    assert samphire("add", exported) == 2
    assert "prepare.onnx wants weights from '../secret'" in capsys.readouterr().err
    assert names(installed) in ([], [LOCK])


def test_a_network_that_is_none_is_refused(samphire, exported, installed, capsys):
    for name in ("encoder.onnx", "prepare.onnx"):
        (exported / name).write_bytes(b"not a network")
        listed = {"bytes": 13, "sha256": hashlib.sha256(b"not a network").hexdigest()}
        change(exported, files={**files_of(exported), name: listed})
    assert samphire("add", exported) == 2
    assert "encoder.onnx is not an ONNX network" in capsys.readouterr().err
    assert names(installed) in ([], [LOCK])


def test_words_that_make_no_sense_are_told(samphire, exported, capsys):
    for words, says in (
        (["nowhere"], "nowhere is not there."),
        ([exported, exported, exported], "`add` takes one folder as an export writes it, or two files."),
        ([exported / "encoder.onnx"], "Give the encoder, then the decoder."),
        ([exported / "encoder.onnx", exported / "decoder.onnx"], "Give one with --id."),
    ):
        assert samphire("add", *words) == 2
        assert says in capsys.readouterr().err
