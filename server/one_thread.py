"""How many threads numpy's matrix products use: one.

The server's own threads each make a mask; were every small product split over all cores as well, they would mostly
wait for each other: ten times longer when the machine is busy. With one thread sums are also made in one order, on
every machine, so that a network which is built again is the same to the byte. Programs that import the client have
numpy as they like.
"""

import os

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}


def use_one_thread() -> None:
    """Unless the environment says otherwise. Before numpy is first imported, which reads it."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
