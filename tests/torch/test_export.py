"""Exports answer as PyTorch does, hold what they say, and leave nothing behind when they fail or are stopped."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

import export_models
from server.domain.frames import InputFrame
from server.domain.masks import full_size_mask
from server.inference.catalog import read_spec
from server.modelkit.export import encoder_graph, verify
from server.modelkit.export.pictures import drawn, photograph
from server.modelkit.export.reference_decoder import build_reference_decoder
from server.modelkit.export.steps import memory_gb
from server.modelkit.torch_sam.build import build_encoder, build_sam
from server.modelkit.torch_sam.sizes import ARCHITECTURES
from server.paths import PUBLISHED_DECODER
from tests.torch.bundled import decoder_state
from tests.torch.exporting import FILES, ROOT, export


def test_the_folder_is_one_the_server_runs(exported, mobile_sam):
    spec = read_spec(exported)
    assert (spec.id, spec.title, spec.licence) == ("my_sam", "<Mine>", "Apache-2.0")
    trials = drawn()[:1]
    result = verify.compare(
        trials, verify.ask_torch(mobile_sam, trials, print), verify.ask_onnx(exported, trials, print)
    )
    assert result.mean_mask_iou > 0.999
    assert result.largest_logit_difference < 0.1  # of float16 storage in the decoder


def test_the_encoder_is_pytorchs(exported, mobile_sam):
    pixels = torch.randn(1, 3, 1024, 1024)
    session = onnxruntime.InferenceSession(str(exported / "encoder.onnx"))
    (ours,) = session.run(["output"], {"input": pixels.numpy()})
    assert np.abs(ours - mobile_sam.image_encoder(pixels).numpy()).max() < 1e-4


def test_files_say_what_they_are(exported, mobile_sam_checkpoint):
    described = json.loads((exported / "segmenter.json").read_text("utf-8"))
    assert sorted([*described["files"], "segmenter.json"]) == FILES
    assert (exported / "reference_decoder.onnx").is_file()
    source = described["source"]
    assert (source["file"], source["architecture"]) == (mobile_sam_checkpoint.name, "vit_t")
    model = onnx.load(str(exported / "encoder.onnx"))
    onnx.checker.check_model(model, full_check=True)
    assert [(one.domain, one.version) for one in model.opset_import] == [("", 20)]
    said = {one.key: one.value for one in model.metadata_props}
    assert (said["segmenter"], said["licence"], said["source_sha256"]) == (
        "my_sam",
        "Apache-2.0",
        source["sha256"],
    )
    assert json.loads(said["preprocessing"]) == described["preprocessing"]
    for name in ("prepare", "decoder", "reference_decoder"):
        other = onnx.load(str(exported / f"{name}.onnx"))
        told = {one.key: one.value for one in other.metadata_props}
        assert said.items() <= told.items()
        assert [(one.domain, one.version) for one in other.opset_import] == [("", 20)]
    assert not {"Transpose"} & {
        node.op_type for node in model.graph.node if node.input[0] in weights_of(model)
    }


def test_the_graph_is_simple_and_tells_nothing_of_this_machine(exported):
    model = onnx.load(str(exported / "encoder.onnx"))
    used = {name for node in model.graph.node for name in node.input} | {
        one.name for one in model.graph.output
    }
    assert all(used.intersection(node.output) for node in model.graph.node)
    assert used >= weights_of(model)
    shapes = {one.name: one.type.tensor_type.shape.dim for one in model.graph.value_info}
    assert all(size.dim_value > 0 for shape in shapes.values() for size in shape)
    computed = {name for node in model.graph.node for name in node.output if name}
    assert computed - shapes.keys() <= {"output"}
    assert len(model.graph.node) < 500
    assert not {"Shape", "Identity", "Constant", "Dropout", "If"} & {
        node.op_type for node in model.graph.node
    }
    assert not any(
        one.metadata_props or one.doc_string for one in (*model.graph.node, *model.graph.value_info)
    )
    assert str(ROOT).encode() not in (exported / "encoder.onnx").read_bytes()


def weights_of(model: onnx.ModelProto) -> set[str]:
    return {one.name for one in model.graph.initializer}


def test_the_report_stands_alone(exported):
    page = exported.with_suffix(".html").read_text("utf-8")
    assert "&lt;Mine&gt; exported" in page
    assert page.count("data:image/png;base64,") == 3 * sum(len(trial.prompts) for trial in drawn())
    assert "<svg" in page
    assert all(f"<th>{name}</th>" in page for name in (*FILES[:3], "mobile_sam.pt", "PyTorch"))
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.slow
def test_half_storage_is_half_the_size_and_the_same_masks(
    exported, mobile_sam_checkpoint, tmp_path, one_picture
):
    assert export(mobile_sam_checkpoint, tmp_path / "half", "--storage", "fp16") == 0
    sizes = [(folder / "encoder.onnx").stat().st_size for folder in (exported, tmp_path / "half")]
    assert sizes[1] < 0.6 * sizes[0]


def test_a_result_below_the_threshold_is_refused_unless_accepted(
    mobile_sam_checkpoint, tmp_path, capsys, one_picture
):
    out, hard = tmp_path / "out", ("--quantize", "dynamic", "--least-iou", "0.99999")
    assert export(mobile_sam_checkpoint, out, *hard) == 1
    assert "worse than asked: mean mask IoU 0.9" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert export(mobile_sam_checkpoint, out, *hard, "--accept-worse") == 0
    assert "WARNING" in capsys.readouterr().err
    assert sorted(path.name for path in out.iterdir()) == FILES
    assert (out / "encoder.onnx").stat().st_size < 9_500_000
    model = onnx.load(str(out / "encoder.onnx"))
    assert "segmenter" in {one.key for one in model.metadata_props}


def test_the_reference_decoder_takes_and_gives_what_the_reference_does():
    weights = {name: tensor.numpy() for name, tensor in decoder_state().items()}
    ours = onnxruntime.InferenceSession(build_reference_decoder(weights).SerializeToString())
    theirs = onnxruntime.InferenceSession(str(PUBLISHED_DECODER))
    assert [one.name for one in ours.get_inputs()] == [one.name for one in theirs.get_inputs()]
    numbers = np.random.default_rng(4)
    for size in ((600, 900), (1080, 810)):
        feeds = {
            "image_embeddings": numbers.normal(0, 0.1, (1, 256, 64, 64)).astype(np.float32),
            "point_coords": np.array([[[500, 400], [0, 0]]], np.float32),
            "point_labels": np.array([[1, -1]], np.float32),
            "mask_input": np.zeros((1, 1, 256, 256), np.float32),
            "has_mask_input": np.zeros(1, np.float32),
            "orig_im_size": np.array(size, np.float32),
        }
        masks, iou, low_res = ours.run(["masks", "iou_predictions", "low_res_masks"], feeds)
        one, one_iou, one_low = theirs.run(["masks", "iou_predictions", "low_res_masks"], feeds)
        token = int(np.abs(iou[0] - one_iou[0, 0]).argmin())
        assert np.abs(low_res[0, token] - one_low[0, 0]).max() < 1e-3
        assert np.abs(masks[0, token] - one[0, 0]).max() < 1e-3
        frame = InputFrame(size[1], size[0])
        assert verify.mask_iou(masks[0, token] > 0, full_size_mask(low_res[0, token], frame)) > 0.999


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--segmenter", "vit_t"], "--checkpoint and --segmenter belong together"),
        (["--checkpoint", "x.pt", "--segmenter", "vit_q"], "Known: vit_b, vit_h, vit_l, vit_t"),
        (["--checkpoint", "x.pt", "--segmenter", "vit_t"], "x.pt cannot be read"),
        (
            ["--checkpoint", "x.pt", "--segmenter", "vit_t", "--storage", "fp16", "--quantize", "dynamic"],
            "8-bit weights cannot be stored as fp16",
        ),
        (["--checkpoint", "x.pt", "--segmenter", "vit_t", "--calibration", "a"], "Only --quantize static is"),
        (
            ["--checkpoint", "x.pt", "--segmenter", "vit_t", "--id", "../up"],
            "'../up' cannot be a segmenter's id",
        ),
        (
            ["--checkpoint", "x.pt", "--segmenter", "vit_t", "--image", "no.jpg"],
            "no.jpg cannot be read as an",
        ),
    ],
)
def test_wrong_words_are_refused(words, sentence, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert export_models.main([*words, "--out", "out"]) == 1
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_left_alone(mobile_sam_checkpoint, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert export(mobile_sam_checkpoint, tmp_path) == 1
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_full_disk_keeps_what_is_finished_and_a_folder_that_cannot_be_made_nothing(
    mobile_sam_checkpoint, tmp_path, capsys, monkeypatch
):
    (tmp_path / "file").write_text("")
    assert export(mobile_sam_checkpoint, tmp_path / "file" / "out") == 1
    assert capsys.readouterr().err.endswith("could not be written (Not a directory).\n")

    def full(*_):
        raise OSError(28, "No space left on device", "decoder.onnx")

    monkeypatch.setattr("server.modelkit.export.steps.complete_segmenter", full)
    monkeypatch.setattr("server.modelkit.export.steps.write_encoder", lambda *_: None)
    assert export(mobile_sam_checkpoint, tmp_path / "out") == 1
    assert "decoder.onnx could not be written (No space left on device). Finished" in capsys.readouterr().err
    assert sorted(path.name for path in (tmp_path / "out.partial").iterdir()) == ["encoder", "server.lock"]


def test_a_persons_picture_is_asked_about_too(tmp_path):
    from PIL import Image

    Image.new("RGB", (80, 40), (200, 30, 60)).save(tmp_path / "red.png")
    trial = photograph(tmp_path / "red.png")
    assert trial.rgb.shape == (40, 80, 3)
    assert trial.prompts[0].points == ((40.0, 20.0, 1),)


@pytest.mark.parametrize("name", ["vit_l", "vit_h"])
@pytest.mark.slow
def test_large_encoders_export_their_structure(name):
    encoder = build_sam(ARCHITECTURES[name].encoder, "meta").image_encoder
    model = encoder_graph.export_structure(encoder)
    inputs = {one.name for one in model.graph.input}
    assert inputs == {"input", *encoder.state_dict(), *dict(encoder.named_buffers())}
    depth = ARCHITECTURES[name].encoder.depth
    ops = Counter(node.op_type for node in model.graph.node)
    assert (ops["Softmax"], ops["MatMul"], ops["Gelu"], ops["LayerNormalization"]) == (
        depth, 8 * depth, depth, 2 * depth + 2,
    )  # fmt: skip
    assert model.ByteSize() < 10_000_000


def test_two_files_are_written_where_one_would_be_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(encoder_graph, "_LARGEST_FILE_BYTES", 100_000)
    encoder = build_encoder(ARCHITECTURES["vit_t"].encoder).eval().requires_grad_(False)
    encoder_graph.write_encoder(encoder, tmp_path / "encoder.onnx", "fp32", {"segmenter": "s"}, print)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["encoder.onnx", "encoder.onnx.data"]
    assert len({path.stat().st_mode for path in tmp_path.iterdir()}) == 1
    pixels = torch.randn(1, 3, 1024, 1024)
    session = onnxruntime.InferenceSession(str(tmp_path / "encoder.onnx"))
    (ours,) = session.run(["output"], {"input": pixels.numpy()})
    assert np.abs(ours - encoder(pixels).numpy()).max() < 1e-3


@pytest.fixture(scope="module")
def vit_b_checkpoint(tmp_path_factory) -> Path:
    """Random weights at the true size."""
    torch.manual_seed(6)
    sam = build_sam(ARCHITECTURES["vit_b"].encoder)
    for name, parameter in sam.named_parameters():
        if "rel_pos" in name or "pos_embed" in name:
            parameter.data.copy_(torch.randn_like(parameter) / 10)
    path = tmp_path_factory.mktemp("checkpoints") / "vit_b.pth"
    torch.save(sam.state_dict(), path)
    return path


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="asks a child process for the memory it used")
@pytest.mark.parametrize(
    ("more", "megabytes"),
    [(("--storage", "fp16"), 180), (("--quantize", "static", "--least-iou", "0.95"), 106)],
    ids=["fp16", "static"],
)
def test_vit_b_at_its_true_size_and_in_the_memory_it_tells_of(more, megabytes, vit_b_checkpoint, tmp_path):
    out = tmp_path / "sam_vit_b"
    words = ["--checkpoint", vit_b_checkpoint, "--segmenter", "vit_b", "--out", out, *more]
    process = subprocess.Popen([sys.executable, ROOT / "export_models.py", *words])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert read_spec(out).id == "sam_vit_b"
    assert (out / "encoder.onnx").stat().st_size == pytest.approx(1e6 * megabytes, rel=0.05)
    unit = 1 if sys.platform == "darwin" else 1024
    assert unit * used.ru_maxrss < 1e9 * memory_gb(ARCHITECTURES["vit_b"])
