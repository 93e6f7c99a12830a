"""How far an export is: lines on stderr with the percentage of the expected work and the seconds since the start."""

import sys
import time
from collections.abc import Callable, Mapping

Say = Callable[[str, float], None]  # what is being done now, and which share of its step is behind it


class Progress:
    """`plan`: what each step is expected to cost, in any unit, in the order of the steps."""

    def __init__(self, plan: Mapping[str, float]) -> None:
        self._plan = plan
        self._step = next(iter(plan))
        self._start = time.monotonic()

    @property
    def steps(self) -> list[str]:
        return list(self._plan)

    def step(self, name: str) -> None:
        """From now on `say` speaks of this step; what comes before it in the plan is done."""
        self._step = name

    def say(self, text: str, share: float = 0.0) -> None:
        """A line; `share` (0 to 1) of the current step is done."""
        before = self.steps[: self.steps.index(self._step)]
        done = sum(self._plan[name] for name in before) + share * self._plan[self._step]
        percent = 100 * done / sum(self._plan.values())
        self.tell(text, f"{percent:3.0f} %")

    def tell(self, text: str, mark: str = "100 %") -> None:
        """A line about the whole, when all steps are done."""
        print(f"{mark} {time.monotonic() - self._start:7.1f} s  {text}", file=sys.stderr, flush=True)
