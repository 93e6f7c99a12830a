"""A process that does jobs and answers nobody: `samphire worker`, any number of them beside servers with
`--jobs celery`."""

import argparse
from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from ..config import Settings
from ..errors import InvalidSetting, unknown

if TYPE_CHECKING:
    from ..runtime.queue.celery import CeleryQueue
    from ..services import Services


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--queues",
        default="",
        metavar="NAMES",
        help="Do only the jobs of these queues, separated by commas, such as encode,masks. Default: all.",
    )
    parser.add_argument(
        "--concurrency",
        type=int,
        metavar="N",
        help="Do N jobs of each queue at once. Default: as many as a server does itself.",
    )


def work(settings: Settings, arguments: argparse.Namespace) -> int:
    """Do jobs until told to stop; the process's exit status."""
    if settings.jobs != "celery":
        raise InvalidSetting(
            "A worker needs --jobs celery.", hint="Servers do their jobs themselves otherwise."
        )
    if arguments.concurrency is not None and arguments.concurrency < 1:
        raise InvalidSetting(f"--concurrency must be at least 1, not {arguments.concurrency}.")
    from .serve import (
        Event,
        forget_secrets,
        open_metrics,
        stop_on_signals,
    )  # patches the standard library: only where it works

    stop = Event()
    stop_on_signals(stop)
    from ..runtime.greenlets import log_failures
    from ..storage.data_lock import DataLock
    from .ending import leave, shut_down

    log_failures()
    with DataLock(settings.data_path, shared=True):
        services, queue = _open(settings, arguments.queues, arguments.concurrency)
        forget_secrets(settings)
        services.peers.start()
        services.bus.start()
        queue.start()
        metrics = open_metrics(settings, services)
        print(f"Samphire's worker is ready for: {', '.join(sorted(queue.served))}", flush=True)
        stop.wait()
        ended = shut_down(services)
        if metrics is not None:
            metrics.stop(0)
    return leave(ended)


def _open(settings: Settings, names: str, at_once: int | None) -> "tuple[Services, CeleryQueue]":
    from ..app import build_services
    from ..runtime.peers import open_peers
    from ..runtime.queue.celery import CeleryQueue
    from ..storage.data_lock import id_of

    peers = open_peers(settings.redis, lambda: id_of(settings.data_path))
    make = partial(CeleryQueue, settings.redis, at_once=at_once)
    services = build_services(settings, make, peers)
    queue = services.queue
    assert isinstance(queue, CeleryQueue)
    queue.serve(_checked(names, {handler.lane.name for handler in services.handlers.values()}))
    return services, queue


def _checked(names: str, known: Collection[str]) -> Collection[str]:
    """Raises InvalidSetting, which names the known ones."""
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    wrong = next((name for name in chosen if name not in known), None)
    if wrong is not None:
        raise InvalidSetting(unknown("queue", wrong, list(known)), hint="Name some of them with --queues.")
    return chosen or known
