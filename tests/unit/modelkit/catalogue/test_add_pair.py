"""Two networks of another program: rebuilt where the weights are found, wrapped else, refused if mixed."""

import json
import sys

import numpy as np
import onnx
import pytest

from server.inference.catalog import read_spec
from server.inference.decoder import DecoderOutput
from server.modelkit.catalogue.foreign_pair import apart, random_prompts
from server.modelkit.catalogue.trying import try_out
from server.modelkit.foreign import graph as foreign_graph
from server.paths import SEGMENTERS
from tests.unit.modelkit.catalogue import exports
from tests.unit.modelkit.catalogue.conftest import names


def test_a_pair_is_rebuilt_as_the_bundled_segmenter(samphire, reference_decoder, installed, capsys):
    assert samphire("add", exports.ENCODER, reference_decoder, "--id", "mini", "--licence", "MIT") == 0
    out = capsys.readouterr().out
    assert "encoder: BCHW float, normalised outside" in out
    assert "decoder: rebuilt from its weights: logits within 0.0" in out
    spec, bundled = read_spec(installed / "mini"), read_spec(SEGMENTERS / "mobile_sam")
    assert spec.sha256["prepare.onnx"] != bundled.sha256["prepare.onnx"]  # they carry their segmenter's id
    assert spec.bytes["encoder.onnx"] == exports.ENCODER.stat().st_size
    assert (spec.id, spec.title, spec.licence, spec.resize) == ("mini", "mini", "MIT", "longest_side")
    assert spec.source["from"] == "encoder.onnx and sam.onnx"
    assert spec.sha256["encoder.onnx"] == spec.source["encoder"]["sha256"]
    assert samphire("list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["installed"][1]["from"] == "encoder.onnx and sam.onnx"


def test_what_cannot_be_rebuilt_runs_as_it_is(samphire, reference_decoder, installed, tmp_path, capsys):
    encoder = exports.write(exports.pixels_hwc(), tmp_path / "encoder.onnx")
    decoder = exports.write(exports.three_masks(), tmp_path / "decoder.onnx")
    assert samphire("add", encoder, decoder, "--id", "foreign", "--title", "A foreign one") == 0
    out = capsys.readouterr().out
    assert "encoder: HWC float, pixels from 0 to 255, normalised inside" in out
    assert "decoder: run as it is: 3 masks" in out
    spec = read_spec(installed / "foreign")
    assert spec.title == "A foreign one"
    assert spec.source["decoder"]["graph"] == "run as it is: 3 masks"
    assert [(one.name, one.output) for one in spec.embedding] == [("image_tokens", "samphire_image_tokens")]
    assert try_out(spec).object_iou > 0.97


@pytest.mark.slow
def test_networks_of_two_checkpoints_are_refused_unless_one_insists(
    samphire, reference_decoder, installed, tmp_path, capsys
):
    encoder = exports.write(exports.of_another_training(), tmp_path / "encoder.onnx")
    assert samphire("add", encoder, reference_decoder, "--id", "mixed") == 2
    err = capsys.readouterr().err.splitlines()[-1]
    assert "Encoder and decoder do not seem to belong together" in err
    assert "--accept-mismatch" in err
    assert "mixed" not in names(installed)
    assert samphire("add", encoder, reference_decoder, "--id", "mixed", "--accept-mismatch") == 0
    assert "WARNING" in capsys.readouterr().err
    assert "mixed" in names(installed)


def test_swapped_or_foreign_files_are_refused(samphire, reference_decoder, installed, tmp_path, capsys):
    assert samphire("add", reference_decoder, exports.ENCODER, "--id", "swapped") == 2
    assert "has no input point_coords" in capsys.readouterr().err
    assert samphire("add", reference_decoder, reference_decoder, "--id", "twice") == 2
    assert "takes one input, the image; this network takes 6" in capsys.readouterr().err
    (tmp_path / "text.onnx").write_text("hello", "utf-8")
    assert samphire("add", tmp_path / "text.onnx", reference_decoder, "--id", "text") == 2
    assert "text.onnx is not an ONNX network" in capsys.readouterr().err
    (tmp_path / "text.ort").write_text("hello", "utf-8")
    assert samphire("add", tmp_path / "text.ort", reference_decoder, "--id", "text") == 2
    assert "text.ort is no network onnxruntime can read" in capsys.readouterr().err
    assert names(installed) == ["server.lock"]


def test_without_onnx_it_says_what_to_install(samphire, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.setattr("server.modelkit.catalogue.needs.find_spec", lambda name: None)
    assert samphire("add", exports.ENCODER, exports.ENCODER, "--id", "mini") == 2
    assert 'pip install "samphire[segmenters]"' in capsys.readouterr().err


def test_differences_are_between_the_same_masks():
    def output(*levels):
        return DecoderOutput(np.stack([np.full((8, 8), level, np.float32) for level in levels]), np.zeros(4))

    theirs, ours = output(1, 2, 3, 4), output(1, 2, 3, 4.25)
    assert apart(theirs, ours, 4) == 0.25
    assert apart(output(3, 2, 3, 4), ours, 4) == 2
    assert apart(output(3, 2, 3, 4), ours, 3) == 0.25  # token 0 was only picked from the others
    assert apart(output(3, 3, 3, 3), ours, 1) == 0  # one mask, whichever it is
    assert apart(output(32, 32, 32, 32), output(50, 0, 0, 0), 1) == 0  # clipped by some


def test_random_prompts_are_points_and_boxes_within_the_picture():
    prompts = random_prompts()
    assert [prompt.box is not None for prompt in prompts] == [False, True] * 3
    assert all(prompt.points or prompt.box for prompt in prompts)
    assert all(0 <= x <= 900 and 0 <= y <= 600 for prompt in prompts for x, y, _ in prompt.points)


def test_an_encoder_too_large_for_one_file_keeps_its_weights_beside_it(
    samphire, reference_decoder, installed, tmp_path, monkeypatch, capsys
):
    encoder = tmp_path / "encoder.onnx"
    onnx.save_model(
        onnx.load(str(exports.ENCODER)), str(encoder), save_as_external_data=True, location="theirs.bin"
    )
    monkeypatch.setattr(foreign_graph, "_LARGEST_FILE_BYTES", 1_000_000)
    assert samphire("add", encoder, reference_decoder, "--id", "large") == 0
    spec = read_spec(installed / "large")
    networks = {
        "prepare.onnx",
        "decoder.onnx",
        "automatic_prepare.onnx",
        "automatic.onnx",
        "automatic_upscaling.onnx",
    }
    assert set(spec.sha256) == {"encoder.onnx", "encoder.onnx.data"} | networks
    assert spec.encoder_bytes > 28_000_000
    assert spec.bytes["encoder.onnx.data"] > 20_000_000
    (installed / "large" / "encoder.onnx.data").write_bytes(b"")
    capsys.readouterr()
    assert samphire("verify", "large") == 1
    assert "encoder.onnx.data has 0 bytes instead of" in capsys.readouterr().out
