"""The program that trains, as it is, but shorter, and sure that what it trains is better.

`python -m tests.torch.learning.short FOLDER`; `... serve` is `samphire serve` with it.
"""

import sys
from dataclasses import replace
from itertools import count

COMMAND = (sys.executable, "-m", "tests.torch.learning.short")
_EPISODES, _STEPS, _CLICKS = 4, 2, 5


def main(words: list[str]) -> int:
    if words[0] == "serve":
        from server.cli.main import main as samphire
        from server.features.training import running
        from server.lab.bundled import serve_bundled

        running._WORKER = COMMAND
        serve_bundled()
        return samphire(words)
    from server.lab.learning import measuring, run, worker

    planned, judged, validations = run.plan_for, run.judge, count(0.5, 0.01)
    run.after_some_clicks = lambda _: next(validations)
    run.plan_for = lambda *asked: replace(planned(*asked), episodes=_EPISODES, steps=_STEPS)
    run.judge = lambda *asked: replace(judged(*asked), better=True, gain=0.01)
    measuring.CLICKS = _CLICKS
    return worker.main(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
