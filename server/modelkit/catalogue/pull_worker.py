"""`python -m server.modelkit.catalogue.pull_worker ID DATA`: a pull beside a server, at a low priority.

It tells how far it is as lines of JSON on stdout, and ends, leaving nothing half-made but what has arrived of the
download, when its stdin is closed: by a server that wants no more of it, or that is gone.
"""

import _thread
import contextlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence

from ...config import Settings
from ...errors import SamphireError, SegmenterNotFound
from ...runtime.worker import end_first, own_stdout
from . import sources
from .landing import as_refusals
from .pull import install
from .sources import Bundled
from .telling import InLines

_GRACE_SECONDS = 5.0  # to clean up in, after which the process ends anyway
_REPEAT_SECONDS = 0.1


def main(words: Sequence[str]) -> int:
    """0 when it is installed."""
    segmenter, data = words
    _give_way()
    signal.signal(
        signal.SIGINT, _end_once
    )  # also where a shell, to start the server behind it, had it ignored
    threading.Thread(target=_end_with_parent, daemon=True).start()
    lines = InLines(os.fdopen(own_stdout(), "w", encoding="utf-8"))
    settings = Settings(data=data)
    try:
        wanted = sources.find(segmenter)
        if isinstance(wanted, Bundled):
            raise SegmenterNotFound(f"{wanted.id} comes with Samphire.")
        with as_refusals(settings):
            install(settings, wanted, None, lines)
    except KeyboardInterrupt:
        return 130
    except SamphireError as error:
        lines.tell(**error.answer())
        return 1
    except Exception:
        lines.tell(**SamphireError().answer(), trace=traceback.format_exc())
        return 1
    lines.tell(done=True)
    return 0


def _give_way() -> None:
    """To clicks when the processor is busy, to all when memory is short."""
    if hasattr(os, "nice"):
        os.nice(10)
    end_first()


def _end_with_parent() -> None:
    with contextlib.suppress(OSError, ValueError):
        while os.read(sys.stdin.fileno(), 4096):
            pass
    end = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < end:
        _interrupt()  # again: one that comes just before a read that waits does not end it
        time.sleep(_REPEAT_SECONDS)
    os._exit(130)


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
