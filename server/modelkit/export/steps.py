"""The steps of an export, each in a folder of its own until all are done: `workspace.py` keeps them."""

import json
from dataclasses import asdict
from hashlib import sha256 as hasher
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx

from ...inference.catalog import READABLE
from ..graphs.build_segmenter import complete_segmenter, describe
from ..graphs.onnx_builder import OPSET
from ..torch_sam.checkpoint import load_sam, parameters
from ..torch_sam.sam import Sam
from ..torch_sam.sizes import Architecture, ViTSizes
from . import verify
from .calibration import observe
from .encoder_graph import DATA_SUFFIX, save, write_encoder
from .options import Options
from .pictures import Trial
from .progress import Progress
from .quantize import Range, quantize
from .reference_decoder import build_reference_decoder
from .workspace import Workspace, link, sha256

ENCODER = "encoder.onnx"


def plan(options: Options, trials: int, pictures: int) -> dict[str, float]:
    """What each step takes, roughly, in seconds of two cores.

    Steps that are not asked for are in it too, and take nothing: an earlier export may have left their folders.
    """
    millions = parameters(options.segmenter) / 1e6
    encode = 1.5 + millions / 16
    return {
        "reading": 1 + millions / 100,
        "encoder": 6 + millions / 20,
        "calibration": pictures * encode if options.quantize == "static" else 0.0,
        "quantized": 1 + millions / 40 if options.quantize != "none" else 0.0,
        "segmenter": 3 + millions / 60,
        "reference": trials * encode,
        "answers": trials * encode,
    }


class Export:
    """One export's steps, in the order they are called in."""

    def __init__(self, options: Options, workspace: Workspace, progress: Progress) -> None:
        self._options, self._workspace, self._progress = options, workspace, progress
        self._sam: Sam | None = None
        self._description = describe(options.id, options.title, options.segmenter.licence)
        progress.step("reading")
        progress.say(
            f"reading {options.checkpoint.name}; the export takes up to {memory_gb(options.segmenter):.1f} GB of memory"
        )
        self._load()  # which refuses what is not a checkpoint before its hash is taken
        self._source = {
            "architecture": options.segmenter.name,
            "file": options.checkpoint.name,
            "sha256": sha256(options.checkpoint),
        }
        self._inside = {
            "architecture": options.segmenter.name,
            "source_sha256": self._source["sha256"],
            "preprocessing": json.dumps(self._description["preprocessing"]),
        }
        self._named = {"segmenter": options.id, "licence": options.segmenter.licence, **self._inside}

    def encoder(self) -> Path:
        """The folder with the encoder in floats."""
        storage = self._options.storage
        made_of = {"source": self._source, "named": self._named, "storage": storage, "by": _program()}

        def make(folder: Path) -> None:
            encoder = self._load().image_encoder
            write_encoder(encoder, folder / ENCODER, storage, self._named, self._progress.say)

        return self._workspace.step("encoder", made_of, make)

    def quantized(self, floats: Path, pictures: list[Trial]) -> Path:
        """The folder with the encoder in 8 bits."""
        ranges = None
        if self._options.quantize == "static":

            def watch(folder: Path) -> None:
                seen = observe(floats / ENCODER, pictures, folder, self._progress.say)
                text = json.dumps({name: asdict(one) for name, one in seen.items()})
                (folder / "ranges.json").write_text(text, "utf-8")

            made_of = {"pictures": [_digest(picture) for picture in pictures]}
            folder = self._workspace.step("calibration", made_of, watch)
            said = json.loads((folder / "ranges.json").read_text("utf-8"))
            ranges = {name: Range(**one) for name, one in said.items()}

        def make(folder: Path) -> None:
            self._progress.say(f"making the encoder 8-bit ({self._options.quantize})")
            model = onnx.load(str(floats / ENCODER))
            left = quantize(model, ranges)
            save(model, folder / ENCODER)
            if left:
                self._progress.say(
                    f"{len(left)} products stay in floats: outliers would be all that is left of them"
                )

        return self._workspace.step("quantized", {"quantize": self._options.quantize}, make)

    def segmenter(self, encoder: Path) -> Path:
        """The folder with all that is installed."""
        options = self._options
        facts = {"opset": OPSET, "storage": options.storage, "quantized": options.quantize}
        if options.quantize == "none":
            facts["weights"] = READABLE
        description = {**self._description, "source": self._source}
        description["encoder"] = {**self._description["encoder"], **facts}

        def make(folder: Path) -> None:
            self._progress.say("building the decoder")
            for name in (ENCODER, ENCODER + DATA_SUFFIX):
                if (encoder / name).exists():
                    link(encoder / name, folder / name)
            weights = decoder_weights(self._load())
            complete_segmenter(folder, description, weights, self._inside)
            if options.reference_decoder:
                model = build_reference_decoder(weights, self._named)
                (folder / "reference_decoder.onnx").write_bytes(model.SerializeToString(deterministic=True))

        made_of = {"description": description, "reference_decoder": options.reference_decoder}
        return self._workspace.step("segmenter", made_of, make)

    def verification(self, segmenter: Path, trials: list[Trial]) -> verify.Verification:
        """PyTorch's answers, and then, when PyTorch's network is gone, the segmenter's."""
        made_of = {"pictures": [_digest(trial) for trial in trials]}
        say = self._progress.say

        def ask_torch(folder: Path) -> None:
            verify.ask_torch(self._load(), trials, say).write(folder / "answers.npz")

        reference = self._workspace.step("reference", made_of, ask_torch)
        self._sam = None

        def ask_onnx(folder: Path) -> None:
            verify.ask_onnx(segmenter, trials, say).write(folder / "answers.npz")

        answers = self._workspace.step("answers", {}, ask_onnx)
        sides = (verify.Side.read(folder / "answers.npz", trials) for folder in (reference, answers))
        return verify.compare(trials, *sides)

    def _load(self) -> Sam:
        if self._sam is None:
            self._sam = load_sam(self._options.checkpoint, self._options.segmenter)
        return self._sam


def decoder_weights(sam: Sam) -> dict[str, np.ndarray]:
    """Those of prompt encoder and mask decoder, under their public names."""
    return {
        name: tensor.numpy()
        for name, tensor in sam.state_dict().items()
        if name.startswith(("prompt_encoder.", "mask_decoder."))
    }


def memory_gb(sam: Architecture) -> float:
    """About what an export takes at most, from measurements of the export and of running the encoder."""
    sizes = sam.encoder
    # bytes of a global block's attention
    scores = 4 * sizes.heads * 4096**2 if isinstance(sizes, ViTSizes) else 200_000_000
    return (1.2e9 + 2 * 4 * parameters(sam) + 2 * scores) / 1e9


def _program() -> str:
    """A hash of what exports: this program's source and the packages that write and run graphs."""
    server = Path(__file__).resolve().parents[2]
    found = hasher()
    for room in ("domain", "inference", "torch_sam"):
        for path in sorted((server / room).rglob("*.py")):
            found.update(path.read_bytes())
    for package in ("torch", "onnx", "onnxscript", "onnxruntime", "numpy"):
        found.update(f"{package} {version(package)}".encode())
    return found.hexdigest()


def _digest(picture: Trial) -> str:
    """Of its pixels and of what is asked about it."""
    return hasher(str((picture.rgb.shape, picture.prompts)).encode() + picture.rgb.tobytes()).hexdigest()
