"""`python -m server.modelkit.catalogue.pull_worker ID DATA`: a pull beside a server.

Stopped, it leaves nothing half-made but what has arrived of the download.
"""

import _thread
import signal
import sys
import threading
from collections.abc import Sequence

from ...config import Settings
from ...errors import SegmenterNotFound
from ...runtime.beside import Tell, do_beside
from . import sources
from .landing import as_refusals
from .pull import install
from .sources import Bundled
from .telling import InLines


def main(words: Sequence[str]) -> int:
    """0 when it is installed."""
    segmenter, data = words
    signal.signal(
        signal.SIGINT, _end_once
    )  # also where a shell, to start the server behind it, had it ignored

    def do(tell: Tell) -> None:
        settings, wanted = Settings(data=data), sources.find(segmenter)
        if isinstance(wanted, Bundled):
            raise SegmenterNotFound(f"{wanted.id} comes with Samphire.")
        with as_refusals(settings):
            install(settings, wanted, None, InLines(tell))

    return do_beside(do, _interrupt)


def _interrupt() -> None:
    main_thread = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main_thread is not None:
        signal.pthread_kill(main_thread, signal.SIGINT)  # also out of a read that waits
    else:
        _thread.interrupt_main()


def _end_once(*_: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # nothing disturbs the cleaning up
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
