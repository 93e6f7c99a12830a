"""Runs of the automatic mask generator: one at a time for an image, by turns with everybody's decodings, told of line
by line while they go on."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from msgspec import UNSET

from ...contract import parse, to_json
from ...contract.answers import ErrorShape
from ...contract.json import dumps
from ...domain.policy import Actor
from ...errors import BadRequest, Conflict, Forbidden, SamphireError
from ...inference.automask import automatic_masks
from ...inference.automask_types import AutomaskSettings, AutomaticMask, Stopped, View
from ...inference.automatic_decoder import AutomaticDecoder
from ...inference.catalog import SegmenterSpec
from ...runtime import greenlets
from ...runtime.bus import Bus
from ...runtime.fair import FairPlaces, Sender
from ...runtime.long_runs import LongRun
from ...runtime.peers import Claims
from ...runtime.pools import Pools
from ...runtime.queue.base import Urgency
from ...runtime.turns import client
from ...storage.access import Access
from ...storage.tables import Image
from ..prediction.scenes import Scenes
from ..projects.service import Projects
from . import schema
from .elsewhere import Key, RunsElsewhere
from .schema import MOST, ProposalRun, ProposalSettings
from .service import Proposals, described, prepared

log = logging.getLogger(__name__)

_AT_ONCE, _OF_VISITORS = 2, 1
_LOOK_SECONDS = 0.05  # between two looks at what a native thread has found
_SILENCE_SECONDS = 1.0  # a line at least so often: else nobody notices that the other side is gone
_PATIENCE_SECONDS = 5.0  # for one's own run, that another is to follow
_LONGEST_SECONDS, _VISITORS_SECONDS = 900.0, 120.0  # of a run; what was found until then is kept


Generate = Callable[..., list[AutomaticMask]]


class Runs:
    """One per process. `generate`, which is as `automatic_masks`, is replaced in tests."""

    def __init__(
        self,
        proposals: Proposals,
        scenes: Scenes,
        projects: Projects,
        pools: Pools,
        access: Access,
        bus: Bus | None = None,
        claims: Claims | None = None,
        generate: Generate = automatic_masks,
    ) -> None:
        self._proposals, self._scenes, self._projects = proposals, scenes, projects
        self._pools, self._access, self._generate = pools, access, generate
        self._places, self._of_visitors = FairPlaces(_AT_ONCE, 1), FairPlaces(_OF_VISITORS, 1)
        self._under_way: dict[Key, Run] = {}
        self._elsewhere = RunsElsewhere(bus or Bus(), claims, self._end)

    def running(self, actor: Actor, project_id: str, image_id: str) -> bool:
        """Whether there is a run of what the actor would be listed. Raises ProjectNotFound, ImageNotFound."""
        _, layer = self._proposals.place(actor, project_id, image_id)
        key = (project_id, image_id, layer or "")
        return key in self._under_way or self._elsewhere.running(key)

    def start(self, actor: Actor, project_id: str, image_id: str, data: Any, keeps: bool) -> "Run":
        """A run, which begins at once. It takes the place of the actor's own. `keeps`: whether what is found is
        stored.

        Raises BadRequest, ProjectNotFound, ImageNotFound, SegmenterNotFound; Conflict while there is a run of somebody
        else."""
        asked = parse(ProposalRun, data, BadRequest)
        if actor.visit:
            schema.check_for_visitors(asked)
        image, layer = self._proposals.place(actor, project_id, image_id)
        if asked.segmenter is None:
            spec = self._projects.segmenter(project_id)
        else:
            spec = self._projects.segmenter_for(actor, asked.segmenter)
        key = (project_id, image_id, (layer or "") if keeps else str(actor))
        former = self._under_way.get(key)
        if former is not None and former.actor == actor:
            former.close()
            former.ended.wait(_PATIENCE_SECONDS)
        claim = None if key in self._under_way else self._elsewhere.begin(key, actor)
        if claim is not None and key in self._under_way:  # begun while others were asked
            self._elsewhere.ended(key, claim)
            claim = None
        if claim is None:
            raise Conflict(
                "Masks are being proposed for this image already.", hint="Wait for them, or stop it."
            )
        names = ProposalSettings.__struct_fields__
        settings = ProposalSettings(**{name: getattr(asked, name) for name in names})
        run = Run(actor, image, spec, settings, self._work)
        self._under_way[key] = run
        run.keep = (project_id, key, keeps)
        run.on_end = lambda: self._forget(key, claim)
        return run

    def stop(self, actor: Actor, project_id: str, image_id: str, keeps: bool) -> None:
        """What was found until then is kept. `keeps`: whether the actor may end runs that are stored.

        Raises ProjectNotFound, ImageNotFound."""
        _, layer = self._proposals.place(actor, project_id, image_id)
        for third in (layer or "", str(actor)) if keeps else (str(actor),):
            self._end((project_id, image_id, third), None, wanted=True)
            self._elsewhere.stop((project_id, image_id, third))

    def _end(self, key: Key, actor: str | None, wanted: bool) -> None:
        run = self._under_way.get(key)
        if run is not None and actor in (None, str(run.actor)):
            run.stop() if wanted else run.close()

    def _forget(self, key: Key, claim: str) -> None:
        self._under_way.pop(key, None)
        self._elsewhere.ended(key, claim)

    def _work(self, run: "Run") -> None:
        """In a greenlet of its own."""
        project_id, _, keeps = run.keep
        with self._place(run):
            decoder, whole = self._scenes.open_automatic(run.image, run.spec, Urgency.WANTED)
            run.state = "running"
            final = self._pools.decode_long(lambda long: self._find(run, decoder, whole, long))
        kept = [run.found[each] for each in dict.fromkeys(map(_key, final)) if each in run.found]
        if keeps:
            account = run.actor.kind == "account"
            if account and not self._access.may_still(run.actor, "annotation.change", project_id):
                raise Forbidden("You may no longer change the objects of this project.")
            self._proposals.store(
                run.actor,
                project_id,
                run.image.id,
                run.spec,
                run.settings,
                kept,
                complete=not run.stopped,
                replaces=run.wanted or not run.stopped,
            )
        run.kept = [each for each, _ in kept]

    @contextmanager
    def _place(self, run: "Run") -> Iterator[None]:
        """Visitors have one of the places, and take turns by their addresses: anybody begins as many visits as they
        like."""
        sender = Sender(run.path[:2], lambda: run.stopped)
        with ExitStack() as held:
            if run.actor.visit is not None:
                held.enter_context(self._of_visitors.place(Sender(run.path[:1], sender.gone)))
            held.enter_context(self._places.place(sender))
            yield

    def _find(self, run: "Run", decoder: AutomaticDecoder, whole: View, long: LongRun) -> list[AutomaticMask]:
        """In a native thread."""
        size = (run.image.width, run.image.height)
        deadline = time.monotonic() + (_VISITORS_SECONDS if run.actor.visit else _LONGEST_SECONDS)

        def stopped() -> bool:
            run.stopped = run.stopped or len(run.found) >= MOST or time.monotonic() > deadline
            return run.stopped

        try:
            return self._generate(
                decoder,
                self._scenes.views(decoder, run.image, run.spec, whole, long),
                size,
                AutomaskSettings(**to_json(run.settings)),
                each=long.each,
                found=run.add,
                progress=run.tell,
                stopped=stopped,
            )
        except Stopped:
            return list(run.masks.values())


class Run:
    """Lines of JSON, read while it goes on. Who stops reading closes it, and with that it is stopped.

    `found`: ids and values by what tells masks apart, `masks`: the same themselves; a native thread adds to them."""

    keep: tuple[str, tuple[str, ...], bool]
    on_end: Callable[[], object] = lambda: None

    def __init__(
        self,
        actor: Actor,
        image: Image,
        spec: SegmenterSpec,
        settings: ProposalSettings,
        work: Callable[["Run"], None],
    ) -> None:
        self.actor, self.image, self.spec, self.settings = actor, image, spec, settings
        self.path = client.get()
        self.found: dict[Any, tuple[str, dict[str, Any]]] = {}
        self.masks: dict[Any, AutomaticMask] = {}
        self.kept: list[str] = []
        self.state, self.stopped, self.ended = "encoding", False, greenlets.Event()
        self._work, self._error = work, None
        self._untold: deque[tuple[str, dict[str, Any]]] = deque()
        self._progress = 0.0
        self._last_line = False
        self.wanted = False  # what was found until somebody stopped it
        self._worker = greenlets.spawn(self._do)
        self._worker.link(lambda _: self._end())

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._last_line:
            raise StopIteration
        before = (self.state, self._progress)
        silent_until = time.monotonic() + _SILENCE_SECONDS
        while not self.ended.wait(_LOOK_SECONDS):
            changed = self._untold or before != (self.state, self._progress)
            if changed or time.monotonic() > silent_until:
                break
        self._last_line = self.ended.is_set()
        return dumps(self._news(self._last_line)).encode() + b"\n"

    def stop(self) -> None:
        """End it: what was found is wanted."""
        self.wanted = True
        self.close()

    def close(self) -> None:
        """Nobody reads it any more."""
        self.stopped = True
        if self.state == "encoding" and self._worker:
            self._worker.kill(block=False)

    def add(self, masks: list[AutomaticMask]) -> None:
        """From a native thread: these were found."""
        for mask in masks:
            if len(self.found) < MOST:
                for row in prepared([mask]):
                    self.found[_key(mask)], self.masks[_key(mask)] = row, mask
                    self._untold.append(row)

    def tell(self, progress: float) -> None:
        """From a native thread: how far it is, 0 to 1."""
        self._progress = round(float(progress), 3)

    def _do(self) -> None:
        client.set(self.path)
        try:
            self._work(self)
            self.state = "stopped" if self.stopped else "complete"
        except greenlets.GreenletExit:
            self.state = "stopped"
        except SamphireError as error:
            self.state, self._error = "failed", error
        except Exception as error:
            log.error("Unexpected %s", type(error).__name__, exc_info=error)
            self.state, self._error = "failed", SamphireError()

    def _end(self) -> None:
        """Also of a greenlet that was killed before it began."""
        if self.state in ("encoding", "running"):
            self.state = "stopped"
        self.on_end()
        self.ended.set()

    def _news(self, last: bool) -> schema.ProposalNews:
        found = [self._untold.popleft() for _ in range(len(self._untold))]
        error = self._error
        return schema.ProposalNews(
            state=self.state,  # type: ignore[arg-type]
            progress=self._progress,
            found=[described(*each, self.image) for each in found],
            segmenter=self.spec.id,
            weights=self.spec.weights,
            kept=self.kept if last else UNSET,
            error=UNSET if error is None else ErrorShape(error.code, error.message, error.hint),
        )


def _key(mask: AutomaticMask) -> Any:
    return (mask.point, mask.crop_box, mask.predicted_iou, mask.stability_score)
