"""Exports that are stopped, killed and started again, as processes."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from server.modelkit.export.pictures import drawn
from tests.torch.exporting import FILES, ROOT, export

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


def stopped_at(line: str, told: signal.Signals, checkpoint: Path, out: Path, *more: str) -> tuple[int, str]:
    """Start an export, send it the signal when it says `line`; its exit status and what else it said."""
    command = [sys.executable, ROOT / "export_models.py", "--checkpoint", checkpoint]
    command += ["--segmenter", "vit_t", "--out", out, *more]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for said in process.stderr:
            if line in said:
                break
        process.send_signal(told)
        rest = process.stderr.read()
    return process.returncode, rest


@pytest.mark.parametrize("line", ["exporting the encoder's structure", "building the decoder"])
def test_at_ctrl_c_it_leaves_nothing(line, mobile_sam_checkpoint, tmp_path):
    status, said = stopped_at(line, signal.SIGINT, mobile_sam_checkpoint, tmp_path / "out")
    assert status == 130
    assert "stopped; nothing was left behind" in said
    assert list(tmp_path.iterdir()) == []


def test_ended_from_outside_it_says_where_the_finished_steps_are(mobile_sam_checkpoint, tmp_path):
    status, said = stopped_at("building the decoder", signal.SIGTERM, mobile_sam_checkpoint, tmp_path / "out")
    assert status == 143
    assert (
        f"Finished steps are kept in {tmp_path / 'out.partial'}: the same command goes on from them." in said
    )
    assert [path.name for path in tmp_path.iterdir()] == ["out.partial"]
    assert sorted(path.name for path in (tmp_path / "out.partial").iterdir()) == ["encoder", "server.lock"]


def test_killed_while_it_calibrates_it_keeps_the_encoder_for_other_flags_too(
    mobile_sam_checkpoint, tmp_path, capsys, one_picture
):
    out, work = tmp_path / "out", tmp_path / "out.partial"
    static = ("--quantize", "static")
    status, _ = stopped_at("calibrating: ", signal.SIGKILL, mobile_sam_checkpoint, out, *static)
    assert status == -signal.SIGKILL
    assert {path.name for path in (work / "encoder").iterdir()} == {"encoder.onnx", "made.json"}
    assert {path.name for path in (work / "calibration.making").iterdir()} == {"observing.onnx"}
    assert export(mobile_sam_checkpoint, out) == 0
    assert "encoder: finished by an earlier export" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_killed_it_goes_on_from_the_last_finished_step(mobile_sam_checkpoint, tmp_path, capsys, one_picture):
    Image.fromarray(drawn()[1].rgb).save(tmp_path / "tall.png")
    out, work = tmp_path / "out", tmp_path / "out.partial"
    static = ("--quantize", "static", "--calibration", str(tmp_path), "--least-iou", "0.98")
    status, _ = stopped_at("building the decoder", signal.SIGKILL, mobile_sam_checkpoint, out, *static)
    assert status == -signal.SIGKILL
    assert not out.exists()
    assert {"encoder", "calibration", "quantized", "segmenter.making"} <= {
        path.name for path in work.iterdir()
    }
    (work / "calibration" / "ranges.json").write_text("{}")  # as if the disk had lost it
    quantized = (work / "quantized" / "encoder.onnx").read_bytes()
    assert export(mobile_sam_checkpoint, out, *static) == 0
    said = capsys.readouterr().err
    assert "encoder: finished by an earlier export" in said
    assert "exporting the encoder's structure" not in said
    assert "calibrating: tall.png" in said
    assert "quantized: finished by an earlier export" in said
    assert (out / "encoder.onnx").read_bytes() == quantized
    assert sorted(path.name for path in out.iterdir()) == FILES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "tall.png"]
    encoder = json.loads((out / "segmenter.json").read_text("utf-8"))["encoder"]
    assert (encoder["opset"], encoder["storage"], encoder["quantized"]) == (20, "fp32", "static")
