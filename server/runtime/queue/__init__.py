"""Jobs, whoever does them: what a queue promises (`base`), how kinds of jobs are done (`handlers`), one queue in this
process (`inprocess`), one whose jobs are done by workers (`celery`), and one that does each job where it is asked for
(`eager`)."""

from collections.abc import Callable, Mapping
from functools import partial

from .base import JobQueue, JobStore
from .celery import CeleryQueue
from .handlers import Handlers
from .inprocess import InProcessQueue

MakeQueue = Callable[[JobStore, Handlers], JobQueue]

QUEUES: Mapping[str, Callable[[str], MakeQueue]] = {
    "inprocess": lambda redis: InProcessQueue,
    "celery": lambda redis: partial(CeleryQueue, redis),
}
"""By the setting that names them. Each is told where Redis is."""

__all__ = ["QUEUES", "MakeQueue"]
