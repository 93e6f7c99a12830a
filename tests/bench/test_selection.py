"""The rule that picks a candidate: its weights held against COCO objects, the result measured on Berkeley's.

Runs where SAMPHIRE_EVAL_DATA names a folder with `eval/coco128-seg` and `eval/berkeley`. For each object: a click at
its centre, a second one where the mask shown first is most wrong, both by `samphire eval`'s own clicker, and its box.
On the COCO objects over 1 % of their image each weight is to be as good, to half a percent, as the best of those
tried; but for that of one click, which was not derived there: 0.03 shows 0.520, where 0.06 would show 0.529.
"""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from server.domain.masks import full_size_mask, tight_box
from server.domain.selection import WEIGHTS, Ratings, Weights, offered_tokens, scores
from server.domain.types import Prompt
from server.inference.catalog import DEFAULT, Catalog
from server.inference.decoder import Decoder
from server.inference.encoder import Encoder
from server.lab.evaluation.clicks import Clicker
from server.lab.evaluation.dataset import open_dataset
from server.lab.evaluation.measure import Answer, Scene, ask, token_ious
from server.lab.evaluation.truth import Truth
from server.paths import SEGMENTERS

pytestmark = pytest.mark.slow

LEAST_SHARE = 0.01  # of its image, for an object to count
FLAT = 0.005
GRIDS = {  # weights to try of these kinds of prompt
    "second click": [
        Weights(mask=mask, lead=lead) for mask in (0, 0.5, 0.8, 1, 1.3, 1.6, 2) for lead in (0.3, 0.5, 0.7, 1)
    ],
    "box": [Weights(box=box) for box in (0, 0.5, 1, 2, 3, 5)],
}
OURS = WEIGHTS["longest_side"]
REACHED = {"one click": 0.73, "second click": 0.795, "box": 0.875}  # on Berkeley's photographs

Objects = Iterator[tuple[Path, Truth]]


def berkeley(folder: Path) -> Objects:
    for picture in open_dataset(folder).pictures:
        with Image.open(picture.path) as image:
            size = image.size
        for source in picture.sources:
            for truth in source.read(*size):
                yield picture.path, truth


def coco(folder: Path) -> Objects:
    pictures = {path.stem: path for path in folder.rglob("*.jpg")}
    for path in sorted(folder.rglob("*.txt")):
        if path.stem not in pictures:
            continue
        with Image.open(pictures[path.stem]) as picture:
            size = picture.size
        for line in path.read_text("utf-8").splitlines():
            corners = np.array(line.split()[1:], float).reshape(-1, 2) * size
            if len(corners) < 3:
                continue
            canvas = Image.new("1", size)
            ImageDraw.Draw(canvas).polygon([tuple(corner) for corner in corners], fill=1)
            mask = np.asarray(canvas)
            if np.count_nonzero(mask) >= LEAST_SHARE * mask.size:
                yield pictures[path.stem], Truth(path.name, mask, None, "polygon")


class Answers:
    """What the decoder answers for each object: for each kind of prompt its IoUs and ratings, (objects, 4)."""

    def __init__(self, objects: Objects) -> None:
        spec = Catalog(SEGMENTERS).find(DEFAULT)
        encoder, decoder = Encoder(spec), Decoder(spec, threads=0)
        self.prompts: dict[str, Prompt] = {}
        self._ious: dict[str, list] = {kind: [] for kind in REACHED}
        self._ratings: dict[str, list[Ratings]] = {kind: [] for kind in REACHED}
        scene, path = None, None
        for photograph, truth in objects:
            if scene is None or photograph != path:
                path = photograph
                with Image.open(path) as picture:
                    rgb = np.asarray(picture.convert("RGB"))
                prepared = decoder.prepare(encoder.encode(rgb))
                scene = Scene(decoder, prepared, spec.frame(rgb.shape[1], rgb.shape[0]))
            clicker = Clicker(truth)
            first = clicker.next(np.zeros_like(truth.mask))
            assert first is not None
            answer = self._take("one click", scene, truth, Prompt((first,)))
            before = answer.low_res_logits[answer.shown]
            second = clicker.next(full_size_mask(before, scene.frame))
            if second is not None:
                self._take("second click", scene, truth, Prompt((first, second), has_mask=True), before)
            self._take("box", scene, truth, Prompt(box=tight_box(truth.mask)))

    def _take(
        self, kind: str, scene: Scene, truth: Truth, prompt: Prompt, before: np.ndarray | None = None
    ) -> Answer:
        answer = ask(scene, prompt, before)
        self.prompts[kind] = prompt
        self._ious[kind].append(token_ious(answer, scene.frame, truth))
        self._ratings[kind].append(answer.ratings)
        return answer

    def ious(self, kind: str) -> np.ndarray:
        """(objects, 4)"""
        return np.array(self._ious[kind])

    def shown(self, kind: str, weights: Weights = OURS) -> float:
        """Mean IoU of the masks the rule shows first with these weights."""
        columns = (
            np.array([getattr(each, field.name) for each in self._ratings[kind]]) for field in fields(Ratings)
        )
        prompt = self.prompts[kind]
        offered = list(offered_tokens(prompt))
        first = scores(Ratings(*columns), prompt, weights)[:, offered].argmax(axis=1)
        return float(self.ious(kind)[:, offered][np.arange(len(first)), first].mean())

    def report(self, name: str, kind: str) -> str:
        ious = self.ious(kind)
        means = ious[:, 0].mean(), self.shown(kind), ious.max(axis=1).mean()
        figures = "token 0 {:.4f}, the rule {:.4f}, best {:.4f}".format(*means)
        return f"{name}, {kind}, {len(ious)} objects: mean IoU of {figures}"


def test_the_weights_are_as_good_as_the_best_on_coco(eval_data, capsys):
    answers = Answers(coco(eval_data / "eval" / "coco128-seg"))
    for kind, grid in GRIDS.items():
        best = max(grid, key=lambda weights: answers.shown(kind, weights))
        with capsys.disabled():
            print(f"\n{answers.report('COCO', kind)}; best with {best}")
        assert answers.shown(kind) >= answers.shown(kind, best) - FLAT


def test_what_is_shown_first_on_berkeley(eval_data, capsys):
    answers = Answers(berkeley(eval_data / "eval" / "berkeley"))
    for kind, least in REACHED.items():
        with capsys.disabled():
            print(f"\n{answers.report('Berkeley', kind)}")
        assert answers.shown(kind) >= least
