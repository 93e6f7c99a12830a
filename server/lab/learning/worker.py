"""`python -m server.lab.learning.worker FOLDER`: a training beside a server; `run.py` says what is in the folder.

Stopped, it ends soon, with what is done stored.
"""

import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from ...errors import Unavailable
from ...runtime.beside import Tell, do_beside


def main(words: Sequence[str]) -> int:
    """0 when it came to a result."""
    (folder,) = words
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the parent
    stopped = threading.Event()

    def do(tell: Tell) -> None:
        try:
            from .request import read_request  # torch comes with these
            from .run import Stopped, learn
            from .subjects import check_device
        except ModuleNotFoundError as error:
            raise Unavailable(
                f"Training needs the Python package {error.name}.",
                hint='`pip install "samphire[export]"` brings it.',
            ) from error
        try:
            check_device(read_request(Path(folder)).what)
            tell(result=learn(Path(folder), tell, stopped.is_set))
        except Stopped:
            raise KeyboardInterrupt from None

    return do_beside(do, stopped.set)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
