"""`samphire worker` with a kind of job more, "slow": it writes down when it begins and ends, beside the data folder,
and takes some seconds in between. `python -m tests.machines.slow_worker worker ...`"""

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402  (everything below must see the patched standard library)
import sys
from pathlib import Path

from server import app
from server.cli.main import main
from server.runtime import greenlets
from server.runtime.queue.handlers import Handler, Handlers, Lane
from tests.machines.running_worker import slow_notes


def slow(data):
    def note(what, running):
        with slow_notes(data).open("a") as file:
            file.write(f"{what} {running.id}\n")

    def run(running):
        note("begin", running)
        for _ in range(round(running.job.args["seconds"] / 0.05)):
            greenlets.sleep(0.05)
            if running.cancelled:
                return note("cancelled", running)
        note("end", running)

    return run


class More(Handlers):
    """With the slow kind, whatever else the table gets."""

    data = None

    def update(self, *arguments, **named):
        super().update(*arguments, **named)
        self["slow"] = Handler(slow(self.data), Lane("slow", at_once=2))


if __name__ == "__main__":
    More.data = Path(sys.argv[sys.argv.index("--data") + 1])
    app.Handlers = More
    sys.exit(main(sys.argv[1:]))
