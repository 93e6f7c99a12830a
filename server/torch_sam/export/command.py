"""`export_models.py --checkpoint`: a public checkpoint to a folder the server can run, verified. torch comes in late.

The folder appears by a rename when all is written and verified; until then nothing of that name is there.
"""

import argparse
import hashlib
import json
import shutil
import signal
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.errors import BadRequest, SamphireError, UnsupportedSegmenter
from server.torch_sam.sizes import ARCHITECTURES, Architecture, ViTSizes, architecture

LEAST_IOU = 0.99
_STORAGES, _QUANTIZATIONS = ("fp32", "fp16"), ("none", "dynamic")
_PACKAGES = 'pip install ".[export]"'


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
    reference_decoder: bool = False
    images: tuple[Path, ...] = ()
    least_iou: float = LEAST_IOU
    accept_worse: bool = False
    report: Path | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of an export from a checkpoint; `--out` is the caller's."""
    names = "|".join(ARCHITECTURES)
    parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="a .pth, .pt or .safetensors of SAM")
    parser.add_argument("--segmenter", metavar=names, help="which SAM the checkpoint is of")
    parser.add_argument("--id", help="what Samphire is to call it (default: sam_vit_b and the like)")
    parser.add_argument("--title", help="what people see")
    parser.add_argument(
        "--storage", choices=_STORAGES, default="fp32", help="of the encoder's weights; arithmetic is float32"
    )
    parser.add_argument(
        "--quantize", choices=_QUANTIZATIONS, default="none",
        help="dynamic: 8-bit weights and matrix products in the encoder",
    )  # fmt: skip
    parser.add_argument(
        "--reference-decoder", action="store_true",
        help="also write reference_decoder.onnx, with the reference code's interface, for other programs",
    )  # fmt: skip
    parser.add_argument(
        "--image", type=Path, action="append", default=[], metavar="FILE",
        help="verify on this picture too; may be repeated",
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
    sam = architecture(words.segmenter)
    return Options(
        words.checkpoint, sam, words.out, words.id or sam.segmenter, words.title or sam.title, words.storage,
        words.quantize, words.reference_decoder, tuple(words.image), words.least_iou, words.accept_worse,
        words.report,
    )  # fmt: skip


def run(words: argparse.Namespace) -> int:
    """Export, and say what is happening on stderr and what was made on stdout; the program's exit status."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        options = options_of(words)
        export(options)
    except SamphireError as error:
        print(f"export_models: {error.message}\n{error.hint}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"export_models: {error.name} is missing: `{_PACKAGES}` brings it.", file=sys.stderr)
        return 1
    except OSError as error:
        where = error.filename or words.out
        print(f"export_models: {where} could not be written ({error.strerror}).", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("export_models: stopped; nothing was left behind.", file=sys.stderr)
        return 130
    finally:
        signal.signal(signal.SIGTERM, before)
    for path in sorted(options.out.iterdir()):
        print(f"{path}  {path.stat().st_size:,} bytes")
    return 0


def export(options: Options) -> None:
    """Write the segmenter into the new or empty folder options.out, or raise and leave nothing.

    Raises UnsupportedSegmenter for a file that is not what it should be and for a result below the threshold,
    BadRequest for a folder in use, OSError.
    """
    from server.torch_sam.checkpoint import load_sam
    from server.torch_sam.export import verify
    from server.torch_sam.export.pictures import drawn, photograph

    say = _teller()
    if options.out.exists() and (not options.out.is_dir() or any(options.out.iterdir())):
        raise BadRequest(f"{options.out} is not empty; name another folder.", hint="Nothing was changed.")
    trials = [*drawn(), *(photograph(path) for path in options.images)]
    say(
        f"reading {options.checkpoint.name}; the export takes up to {memory_gb(options.segmenter):.1f} GB of memory"
    )
    sam = load_sam(options.checkpoint, options.segmenter)
    with _staging(options.out) as folder:
        _write(sam, options, folder, say)
        reference = verify.ask_torch(sam, trials, say)
        del sam
        verification = verify.compare(trials, reference, verify.ask_onnx(folder, trials, say))
        _judge(options, verification, folder, say)
        if options.out.exists():
            options.out.rmdir()
        folder.rename(options.out)


def memory_gb(sam: Architecture) -> float:
    """About what an export takes at most, from measurements of the export and of running the encoder."""
    from server.torch_sam.checkpoint import parameters

    sizes = sam.encoder
    scores = (
        4 * sizes.heads * 4096**2 if isinstance(sizes, ViTSizes) else 200_000_000
    )  # bytes of an attention
    return (0.8e9 + 2 * 4 * parameters(sam) + 2 * scores) / 1e9


def _write(sam, options: Options, folder: Path, say) -> None:
    """All files of the segmenter."""
    from server.inference.build_segmenter import complete_segmenter, describe
    from server.inference.onnx_builder import OPSET
    from server.torch_sam.export.encoder_graph import write_encoder
    from server.torch_sam.export.quantize import quantize_dynamic
    from server.torch_sam.export.reference_decoder import build_reference_decoder

    description = describe(options.id, options.title, options.segmenter.licence)
    source = {
        "architecture": options.segmenter.name,
        "file": options.checkpoint.name,
        "sha256": _sha256(options.checkpoint),
    }
    inside = {
        "architecture": options.segmenter.name,
        "source_sha256": source["sha256"],
        "preprocessing": json.dumps(description["preprocessing"]),
    }
    named = {"segmenter": options.id, "licence": options.segmenter.licence, **inside}
    write_encoder(sam.image_encoder, folder / "encoder.onnx", options.storage, named, say)
    if options.quantize == "dynamic":
        say("quantising the encoder")
        quantize_dynamic(folder / "encoder.onnx")
    say("building the decoder")
    weights = {
        name: tensor.numpy()
        for name, tensor in sam.state_dict().items()
        if name.startswith(("prompt_encoder.", "mask_decoder."))
    }
    encoder = {"opset": OPSET, "storage": options.storage, "quantized": options.quantize}
    complete_segmenter(folder, {**description, "source": source, "encoder": encoder}, weights, inside)
    if options.reference_decoder:
        model = build_reference_decoder(weights, named)
        (folder / "reference_decoder.onnx").write_bytes(model.SerializeToString(deterministic=True))


def _judge(options: Options, verification, folder: Path, say) -> None:
    """Say how good the export is, write the report, and raise UnsupportedSegmenter when it is not good enough."""
    from server.torch_sam.export.report import write_report

    mean, least = verification.mean_mask_iou, verification.least_mask_iou
    passed = mean >= options.least_iou  # not a number is not passed
    verdict = (
        f"mask IoU with PyTorch {mean:.4f} on average, {least:.4f} at worst, over {4 * len(verification.pairs)} masks; "
        f"logits at most {verification.largest_logit_difference:.2g} apart, "
        f"{verification.mean_logit_difference:.2g} on average"
    )
    say(verdict)
    if options.report is not None:
        files = sorted(folder.glob("*.onnx*"))
        facts = [
            ("checkpoint", f"{options.checkpoint.name}, {_megabytes(options.checkpoint)}"),
            ("segmenter", f"{options.id} ({options.segmenter.name})"),
            ("encoder's weights", options.storage if options.quantize == "none" else "8-bit"),
            *((path.name, _megabytes(path)) for path in files),
            ("threshold", f"mean mask IoU {options.least_iou:g}"),
        ]
        page = write_report(f"{options.title} exported", verdict, passed, facts, verification)
        options.report.write_text(page, "utf-8")
        say(f"the comparison is in {options.report}")
    if passed:
        return
    sentence = f"The export is worse than asked: mean mask IoU {mean:.4f}, threshold {options.least_iou:g}."
    if not options.accept_worse:
        raise UnsupportedSegmenter(
            sentence + " Nothing was kept.", hint="--accept-worse keeps it; --storage fp32 is the most exact."
        )
    say(f"WARNING: {sentence} Kept because of --accept-worse.")


@contextmanager
def _staging(out: Path) -> Iterator[Path]:
    """A new folder beside `out`, gone afterwards unless it was renamed."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = out.parent / f".{out.name}-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _interrupt(*_) -> None:
    raise KeyboardInterrupt


def _teller():
    """Progress lines with the seconds since the start."""
    start = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - start:6.1f} s  {text}", file=sys.stderr, flush=True)

    return say


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:,.1f} MB"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
