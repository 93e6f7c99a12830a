"""Close-ups, windows of images that somebody looks into: of each client one is wanted at a time, and visitors may have
so many encoded in a minute."""

from collections import OrderedDict

from ...domain.policy import Actor
from ...errors import TooManyCloseUps
from ...runtime.queue.base import Job, JobKey, JobQueue
from ...runtime.turns import Path, client
from ..accounts.limits import ALONE, Limits

_OF_VISITOR, _OF_ADDRESS, _OF_LINK, _SECONDS = 20, 60, 180, 60.0
_MOST_CLIENTS = 1000


class CloseUps:
    """One per process."""

    def __init__(self, queue: JobQueue, limits: Limits = ALONE) -> None:
        self._queue = queue
        self._looked: OrderedDict[Path, JobKey] = OrderedDict()  # the window that each client asked for last
        self._of_visitor, self._of_address, self._of_link = (
            limits.of(f"close-ups {whose}", most, _SECONDS, TooManyCloseUps)
            for whose, most in (
                ("of visitor", _OF_VISITOR),
                ("of address", _OF_ADDRESS),
                ("of link", _OF_LINK),
            )
        )

    def admit(self, actor: Actor) -> None:
        """One more encoding that visitors could ask for again and again. Raises TooManyCloseUps."""
        if actor.visit is not None:
            self._of_visitor.begin(actor.id)  # who is refused takes nothing from others
            self._of_address.begin(client.get()[:1])
            self._of_link.begin(actor.visit.link_id)

    def look(self, job: Job) -> None:
        """Whoever asks looks into this window now, and has left the one before: unless somebody else looks into that,
        it is encoded behind everything that is waited for."""
        who = client.get()[:2]
        former = self._looked.pop(who, job.key)
        self._looked[who] = job.key
        while len(self._looked) > _MOST_CLIENTS:
            self._looked.popitem(last=False)
        if former not in self._looked.values():
            self._queue.ease(lambda other: other.key == former)
