"""Learning which of the masks of a lone point comes first, and nothing else.

Only the small network that predicts the masks' IoUs is trained. What it is given does not depend on it: a token for
each point, out of a transformer that stays as it is. So tokens are gathered, with the IoU that each mask reached, and
some of them make an update in a millisecond. Points beside the objects that teach are gathered too, with what was
predicted for them before: learning without forgetting (Li and Hoiem 2016).
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import mse_loss

from ..torch_sam.sam import TRAINED_FOR_MANY, Prompts
from .decoding import Decoder
from .examples import Example
from .interactive import Recipe
from .losses import mask_iou
from .prompting import point_in
from .rehearsal import Rehearsal

_POINTS = 2  # on each object, each time its image is looked at
_BESIDE = 4  # points, each time
_UPDATES, _ROWS = 4, 4  # each time; of an update, of each kind
_KEPT = 4.0  # how much what was predicted before counts


class Answers(NamedTuple):
    """Tokens (n, 256), and the IoUs (n, 4) to predict from them."""

    tokens: Tensor
    ious: Tensor

    def and_also(self, others: "Answers") -> "Answers":
        return Answers(*(torch.cat(pair) for pair in zip(self, others, strict=True)))

    def some(self, generator: Generator) -> "Answers":
        """Any, perhaps one of them twice."""
        chosen = torch.randint(len(self.tokens), (_ROWS,), generator=generator)
        return Answers(self.tokens[chosen], self.ious[chosen])


class Choosing(Decoder):
    """A decoder of which only the prediction of IoUs is to be trained."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        super().__init__(weights)
        self._before = deepcopy(self._head)
        self._gathered: dict[str, Answers] = {}

    @property
    def _head(self) -> nn.Module:
        return self.sam.mask_decoder.iou_prediction_head

    def learn(
        self, example: Example, generator: Generator, recipe: Recipe, rehearsal: Rehearsal
    ) -> Iterator[float]:
        """Recipe and rehearsal are for those that learn to draw masks."""
        self._gather(example, generator)
        for _ in range(_UPDATES):
            loss = self._loss(generator)
            loss.backward()
            yield float(loss.detach())

    def memory(self) -> dict[str, Any]:
        return {name: tuple(answers) for name, answers in self._gathered.items()}

    def remember(self, memory: Mapping[str, Any]) -> None:
        self._gathered = {
            name: Answers(*(each.to(self.device) for each in of)) for name, of in memory.items()
        }

    @torch.no_grad()
    def _gather(self, example: Example, generator: Generator) -> None:
        objects = [target >= 0.5 for target in example.targets for _ in range(_POINTS)]
        beside = [example.beside] * _BESIDE if example.beside.any() else []
        places = torch.stack([point_in(region, generator) for region in (*objects, *beside)])
        logits, tokens = self._answer(
            example, Prompts((places[:, None], torch.ones(len(places), 1)), None, None)
        )
        count = len(objects)
        targets = example.targets.repeat_interleave(_POINTS, 0)[:, None]
        reached = mask_iou(logits[:count], targets.to(self.device), example.inside.to(self.device))
        self._keep("objects", Answers(tokens[:count], reached))
        if beside:
            self._keep("beside", Answers(tokens[count:], self._rated(self._before, tokens[count:])))

    def _keep(self, name: str, answers: Answers) -> None:
        known = self._gathered.get(name)
        self._gathered[name] = answers if known is None else known.and_also(answers)

    def _answer(self, example: Example, said: Prompts) -> tuple[Tensor, Tensor]:
        """Logits (B, 4, 256, 256), and the tokens (B, 256) from which their IoUs are predicted."""
        given: list[Tensor] = []
        hook = self._head.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0]))
        try:
            logits, _ = self(example.embedded, said)
        finally:
            hook.remove()
        return logits, given[0].float()

    def _rated(self, head: nn.Module, tokens: Tensor) -> Tensor:
        """Predicted IoUs (n, 4)."""
        predicted = head(tokens)
        return predicted if self.sam.mask_decoder.obj_score_token is None else predicted.sigmoid()

    def _loss(self, generator: Generator) -> Tensor:
        reached = self._gathered["objects"].some(generator)
        predicted = self._rated(self._head, reached.tokens)
        loss = mse_loss(predicted[:, TRAINED_FOR_MANY], reached.ious[:, TRAINED_FOR_MANY])
        if "beside" in self._gathered:
            before = self._gathered["beside"].some(generator)
            loss = loss + _KEPT * mse_loss(self._rated(self._head, before.tokens), before.ious)
        return loss
