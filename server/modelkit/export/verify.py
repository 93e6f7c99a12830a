"""Whether an exported segmenter answers as PyTorch does: the same pictures and prompts through both.

The ONNX side is the server's own `Encoder` and `Decoder` on the files that were written. PyTorch runs first and is let
go, so that the two networks are not in memory together.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...domain.frames import InputFrame
from ...domain.masks import full_size_mask
from ...domain.prompts import decoder_inputs
from ...domain.types import Prompt
from ...inference.catalog import read_spec
from ...inference.decoder import Decoder
from ...inference.encoder import Encoder
from ..torch_sam.sam import Prompts, Sam, input_pixels
from .pictures import Trial
from .progress import Say

BINS = np.linspace(-7, 2, 37)  # of log10 of the logits' absolute differences, in the report


@dataclass(frozen=True)
class Answer:
    """What one side said of one prompt."""

    logits: np.ndarray  # (4, h, w) of the low-res frame
    predicted_iou: np.ndarray  # (4,)


@dataclass(frozen=True)
class Side:
    """One side's answers, by trial and prompt, and its median times."""

    answers: list[list[Answer]]
    encode_s: float
    decode_s: float

    def write(self, path: Path) -> None:
        """Into an .npz. Raises OSError."""
        arrays: dict[str, Any] = {"seconds": np.array([self.encode_s, self.decode_s])}
        arrays |= {
            f"{what}/{i}/{j}": value
            for i, of_trial in enumerate(self.answers)
            for j, answer in enumerate(of_trial)
            for what, value in (("logits", answer.logits), ("iou", answer.predicted_iou))
        }
        np.savez(path, **arrays)

    @classmethod
    def read(cls, path: Path, trials: Sequence[Trial]) -> "Side":
        """What `write` wrote of these trials. Raises OSError."""
        with np.load(path) as found:
            answers = [
                [Answer(found[f"logits/{i}/{j}"], found[f"iou/{i}/{j}"]) for j in range(len(trial.prompts))]
                for i, trial in enumerate(trials)
            ]
            encode_s, decode_s = found["seconds"].tolist()
        return cls(answers, encode_s, decode_s)


@dataclass(frozen=True)
class Pair:
    """Both answers to one prompt, over what the server decodes of it: the picture without the padding."""

    trial: Trial
    prompt: Prompt
    torch: Answer
    onnx: Answer
    mask_iou: np.ndarray  # (4,) of the full-size masks

    @property
    def difference(self) -> np.ndarray:
        """(4, h, w)"""
        return np.abs(self.torch.logits - self.onnx.logits)

    @property
    def shown(self) -> int:
        """The mask a report shows: the one PyTorch rates best."""
        return int(self.torch.predicted_iou.argmax())


@dataclass(frozen=True)
class Verification:
    """The comparison, and what it says in numbers."""

    pairs: list[Pair]
    torch: Side
    onnx: Side

    @property
    def mean_mask_iou(self) -> float:
        return float(np.mean([pair.mask_iou for pair in self.pairs]))

    @property
    def least_mask_iou(self) -> float:
        return float(np.min([pair.mask_iou for pair in self.pairs]))

    @property
    def largest_logit_difference(self) -> float:
        return float(max(pair.difference.max() for pair in self.pairs))

    @property
    def mean_logit_difference(self) -> float:
        return float(np.mean([pair.difference.mean() for pair in self.pairs]))

    @property
    def verdict(self) -> str:
        """All of it in a sentence."""
        return (
            f"mask IoU with PyTorch {self.mean_mask_iou:.4f} on average, {self.least_mask_iou:.4f} at worst, "
            f"over {4 * len(self.pairs)} masks; logits at most {self.largest_logit_difference:.2g} apart, "
            f"{self.mean_logit_difference:.2g} on average"
        )

    def histogram(self) -> np.ndarray:
        """How many logits differ by 10^BINS[i] to 10^BINS[i + 1]; smaller and larger ones in the end bins."""
        logs = np.concatenate([np.log10(np.maximum(pair.difference, 1e-30)).ravel() for pair in self.pairs])
        return np.histogram(logs.clip(BINS[0], BINS[-1]), BINS)[0]


def ask_torch(sam: Sam, trials: Sequence[Trial], say: Say) -> Side:
    """The reference's answers. One picture at a time, without gradients."""
    answers, encode_s, decode_s = [], [], []
    with torch.inference_mode():
        for done, trial in enumerate(trials):
            say(f"PyTorch: {trial.name}", done / len(trials))
            start = time.perf_counter()
            embedding = sam.image_encoder(input_pixels(trial.rgb))
            encode_s.append(time.perf_counter() - start)
            answers.append([])
            for prompt in trial.prompts:
                start = time.perf_counter()
                logits, iou = sam.decode_all(embedding, torch_prompts(prompt, _frame(trial)))
                decode_s.append(time.perf_counter() - start)
                answers[-1].append(Answer(logits[0].numpy(), iou[0].numpy()))
    return Side(answers, float(np.median(encode_s)), float(np.median(decode_s)))


def ask_onnx(folder: Path, trials: Sequence[Trial], say: Say) -> Side:
    """The exported segmenter's answers, as the server would give them. Raises EncodingFailed, DecodingFailed."""
    spec = read_spec(folder)
    tensors, encode_s, decode_s = [], [], []
    for done, trial in enumerate(trials):
        say(f"ONNX: {trial.name}", done / len(trials))
        encoder = Encoder(
            spec
        )  # a new one for each: a session's second run takes twice the memory of its first
        start = time.perf_counter()
        tensors.append(encoder.encode(trial.rgb))
        encode_s.append(time.perf_counter() - start)
        del encoder
    decoder = Decoder(spec)
    answers = []
    for trial, embedding in zip(trials, tensors, strict=True):
        prepared = decoder.prepare(embedding)
        answers.append([])
        for prompt in trial.prompts:
            start = time.perf_counter()
            output = decoder.decode(prepared, *decoder_inputs(prompt, _frame(trial)), _frame(trial))
            decode_s.append(time.perf_counter() - start)
            answers[-1].append(Answer(output.low_res_logits, output.predicted_iou))
    return Side(answers, float(np.median(encode_s)), float(np.median(decode_s)))


def compare(trials: Sequence[Trial], reference: Side, exported: Side) -> Verification:
    """Both sides' answers to every prompt, put side by side."""
    pairs = []
    for trial, theirs, ours in zip(trials, reference.answers, exported.answers, strict=True):
        for prompt, one, other in zip(trial.prompts, theirs, ours, strict=True):
            height, width = other.logits.shape[1:]
            one = replace(one, logits=one.logits[:, :height, :width])
            frame = _frame(trial)
            masks = [[full_size_mask(mask, frame) for mask in side.logits] for side in (one, other)]
            ious = np.array([mask_iou(*both) for both in zip(*masks, strict=True)])
            pairs.append(Pair(trial, prompt, one, other, ious))
    return Verification(pairs, reference, exported)


def mask_iou(one: np.ndarray, other: np.ndarray) -> float:
    """Of two bool masks of one shape; 1 where both are empty."""
    union = np.count_nonzero(one | other)
    return np.count_nonzero(one & other) / union if union else 1.0


def _frame(trial: Trial) -> InputFrame:
    return InputFrame(trial.rgb.shape[1], trial.rgb.shape[0])


def torch_prompts(prompt: Prompt, frame: InputFrame) -> Prompts:
    """A batch of one."""
    points = boxes = None
    if prompt.points:
        coords = frame.to_input(np.array([point[:2] for point in prompt.points]))
        points = torch.from_numpy(coords)[None], torch.tensor([[point[2] for point in prompt.points]])
    if prompt.box is not None:
        boxes = torch.from_numpy(frame.to_input(np.array(prompt.box).reshape(2, 2))).reshape(1, 4)
    return Prompts(points, boxes)
