"""What can be asked of an export, and the flags that ask it. Knows no torch, so that `--help` needs none."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from ...errors import BadRequest
from ...inference.catalog import SEGMENTER_ID
from ..torch_sam.sizes import ARCHITECTURES, Architecture, architecture

LEAST_IOU = 0.99
OPSET = 20  # of `modelkit/graphs/onnx_builder.py`, which needs onnx
STORAGES, QUANTIZATIONS = ("fp32", "fp16"), ("none", "dynamic", "static")


@dataclass(frozen=True)
class Options:
    """What to export and how."""

    checkpoint: Path
    segmenter: Architecture
    out: Path
    id: str
    title: str
    storage: str = "fp32"
    quantize: str = "none"
    calibration: tuple[Path, ...] = ()
    reference_decoder: bool = False
    images: tuple[Path, ...] = ()
    least_iou: float = LEAST_IOU
    accept_worse: bool = False
    report: Path | None = None
    work: Path | None = (
        None  # where finished steps lie meanwhile, on the disk of `out`; beside it unless given
    )

    @property
    def workspace(self) -> Path:
        return self.work or self.out.with_name(self.out.name + ".partial")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of an export from a checkpoint; `--out` is the caller's."""
    names = "|".join(ARCHITECTURES)
    parser.set_defaults(work=None)
    parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="a .pth, .pt or .safetensors of SAM")
    parser.add_argument("--segmenter", metavar=names, help="which SAM the checkpoint is of")
    parser.add_argument("--id", help="what Samphire is to call it (default: sam_vit_b and the like)")
    parser.add_argument("--title", help="what people see")
    parser.add_argument(
        "--storage", choices=STORAGES, default="fp32",
        help=f"of the encoder's weights; arithmetic is float32, the graphs are ONNX opset {OPSET}",
    )  # fmt: skip
    parser.add_argument(
        "--quantize", choices=QUANTIZATIONS, default="none",
        help="8-bit weights and matrix products in the encoder; what the products are given is rounded within a range "
        "measured in each run (dynamic) or once, on calibration images (static)",
    )  # fmt: skip
    parser.add_argument(
        "--calibration", type=Path, nargs="+", default=[], metavar="PATH",
        help="images, or folders of them, for --quantize static; drawn ones are used when none are given",
    )  # fmt: skip
    parser.add_argument(
        "--reference-decoder", action="store_true",
        help="also write reference_decoder.onnx, with the reference code's interface, for other programs",
    )  # fmt: skip
    parser.add_argument(
        "--image", type=Path, action="append", default=[], metavar="FILE",
        help="verify on this image too; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--least-iou", type=float, default=LEAST_IOU, metavar="X",
        help=f"mean mask IoU with PyTorch below which the result is refused ({LEAST_IOU})",
    )  # fmt: skip
    parser.add_argument("--accept-worse", action="store_true", help="keep a result that is below it")
    parser.add_argument("--report", type=Path, metavar="HTML", help="write the comparison as a page")


def options_of(words: argparse.Namespace) -> Options:
    """The parsed flags as Options. Raises BadRequest, UnsupportedSegmenter."""
    if words.checkpoint is None or words.segmenter is None:
        raise BadRequest("--checkpoint and --segmenter belong together.", hint="Give both.")
    if words.storage == "fp16" and words.quantize != "none":
        raise BadRequest("8-bit weights cannot be stored as fp16 as well.", hint="Give one of the two flags.")
    if words.calibration and words.quantize != "static":
        raise BadRequest(
            "Only --quantize static is calibrated.", hint="Leave --calibration out, or add that."
        )
    sam = architecture(words.segmenter)
    segmenter_id = words.id or sam.segmenter
    if not SEGMENTER_ID.fullmatch(segmenter_id):
        hint = "Use up to 64 of a-z, 0-9, _ and -, starting with a letter or digit."
        raise BadRequest(f"{segmenter_id[:80]!r} cannot be a segmenter's id.", hint=hint)
    return Options(
        words.checkpoint, sam, words.out, segmenter_id, words.title or sam.title, words.storage, words.quantize,
        tuple(words.calibration), words.reference_decoder, tuple(words.image), words.least_iou, words.accept_worse,
        words.report, words.work,
    )  # fmt: skip
