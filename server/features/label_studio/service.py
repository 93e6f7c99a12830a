"""A project as an ML backend: images come into it as tasks name them, and prompts are answered with brush strokes."""

import hashlib
import io
from collections import OrderedDict
from secrets import token_hex
from typing import Any

from ...domain.masks import decode_rle
from ...domain.policy import Actor
from ...errors import ImageNotFound
from ...inference.catalog import SegmenterSpec
from ...runtime.fair import Sender
from ...runtime.pools import Pools
from ...storage.engine import Database
from ...storage.rows.finding import found_place
from ...storage.tables import Image
from ..images.uploads import Uploads
from ..prediction.service import Prediction
from ..projects.service import Projects
from ..transfer.formats.label_studio import brush_rle
from . import schema
from .asking import address_of, prompt_of, read_interface, read_predict
from .fetching import ImageSource

_REMEMBERED = 2000  # images of tasks that need not be fetched again
_VERSION_DIGITS = 12


class LabelStudio:
    """One per process."""

    def __init__(
        self,
        db: Database,
        pools: Pools,
        projects: Projects,
        uploads: Uploads,
        prediction: Prediction,
        source: ImageSource,
    ) -> None:
        self._db, self._pools, self._projects = db, pools, projects
        self._uploads, self._prediction, self._source = uploads, prediction, source
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()  # (project, address) -> image

    def version(self, project_id: str) -> str:
        """Of what makes masks in the project. Raises ProjectNotFound."""
        return _version(self._projects.segmenter(project_id))

    def predict(
        self, actor: Actor, project_id: str, body: bytes, sender: Sender
    ) -> schema.BackendPredictions:
        """The mask for what somebody has drawn; nothing where nobody has. The image is added to the project, if it is
        not there yet.

        Raises ProjectNotFound, BadRequest, InvalidImage, TooLarge and what `Prediction.predict` raises."""
        asked = read_predict(body)
        spec = self._projects.segmenter(project_id)
        context = asked.params.context
        if context is None or not context.result:
            return schema.BackendPredictions([])
        interface = read_interface(asked.label_config)
        image = self._image(actor, project_id, address_of(asked, interface), sender)
        prompt, label = prompt_of(context, image.width, image.height)
        answer = self._prediction.predict(image, {**prompt, "segmenter": spec.id})
        best = answer.candidates[answer.best]
        rle = self._pools.compute(_brush, {"size": best.rle.size, "counts": best.rle.counts})
        value: dict[str, Any] = {"format": "rle", "rle": rle}
        if label is not None:
            value["brushlabels"] = [label]
        region = schema.Region(
            id=token_hex(5),
            from_name=interface.brush,
            to_name=interface.image,
            type="brushlabels",
            original_width=image.width,
            original_height=image.height,
            image_rotation=0,
            value=value,
            score=best.predicted_iou,
            readonly=False,
        )
        predicted = schema.BackendPrediction([region], best.predicted_iou, _version(spec))
        return schema.BackendPredictions([predicted])

    def _image(self, actor: Actor, project_id: str, address: str, sender: Sender) -> Image:
        key = (project_id, hashlib.sha256(address.encode("utf-8", "replace")).hexdigest())
        known = self._known.get(key)
        if known is not None:
            try:
                self._known.move_to_end(key)
                with self._db.read() as session:
                    return found_place(session, project_id, known)[1]
            except ImageNotFound:
                self._known.pop(key, None)
        fetched = self._source.fetch(address)
        image, _ = self._uploads.add(actor, io.BytesIO(fetched.data), fetched.name, project_id, sender=sender)
        self._known[key] = image.id
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return image


def _brush(rle: dict[str, Any]) -> list[int]:
    return brush_rle.encode(decode_rle(rle))


def _version(spec: SegmenterSpec) -> str:
    return f"{spec.id}-{spec.weights[:_VERSION_DIGITS]}"
