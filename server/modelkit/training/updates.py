"""How gradients move the weights: AdamW with a warm-up, a cosine to zero, and a limit on the gradients' norm."""

from collections.abc import Sequence
from math import cos, pi
from typing import Any

import torch

from .parameters import Group

_WARM_UP = 20  # updates
_LARGEST_NORM = 1.0


class Updates:
    """Of these parameters; a group's rate is its largest."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._rates = [group.rate for group in groups]
        self._learning = [each for group in groups for each in group.parameters]
        self._optimizer = torch.optim.AdamW(
            [{"params": group.parameters} for group in groups], weight_decay=0.0
        )
        self._count = 0

    def make(self, done: float) -> None:
        """One, from the gradients there are, which are cleared; `done` in [0, 1] of the training lies behind."""
        self._count += 1
        part = min(1, self._count / _WARM_UP) * (1 + cos(pi * done)) / 2
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * part
        torch.nn.utils.clip_grad_norm_(self._learning, _LARGEST_NORM)
        self._optimizer.step()
        self._optimizer.zero_grad()

    def state(self) -> dict[str, Any]:
        return {"count": self._count, "optimizer": self._optimizer.state_dict()}

    def load(self, state: dict[str, Any]) -> None:
        """What `state` gave, of the same parameters."""
        self._count = state["count"]
        self._optimizer.load_state_dict(state["optimizer"])
