"""Decodes pictures that came from anywhere, in processes that can be killed: never in the server's own."""

from pathlib import Path

from ...errors import InvalidImage, SamphireError, TooLarge, UnsupportedImage, VisitorImageTooLarge
from ...runtime.fair import Sender
from ...runtime.processes import Broken, OutOfTime, Processes
from .bounds import Limits, seconds_for
from .pixels import Copies
from .rendering import AS_IT_COMES, Rendering, told_rendering

_PATIENCE = 3  # seconds by the clock for one of processor time: others want the processors too
_ERRORS = {kind.__name__: kind for kind in (InvalidImage, TooLarge, UnsupportedImage, VisitorImageTooLarge)}


class PictureReader:
    """One per process."""

    def __init__(self, limits: Limits) -> None:
        self._processes = Processes(f"{__package__}.worker", str(limits.pixels), str(limits.side))
        self._seconds = _PATIENCE * seconds_for(limits.pixels)

    def copies(
        self, path: Path, sender: Sender, rendering: Rendering = AS_IT_COMES, visitors: bool = False
    ) -> Copies:
        """See `make_copies`; `visitors`: see Limits. Raises InvalidImage, UnsupportedImage, TooLarge; Unavailable when
        the sender is gone."""
        try:
            task = {"path": str(path), "rendering": told_rendering(rendering), "visitors": visitors}
            told, parts = self._processes.run(task, sender, self._seconds)
        except OutOfTime:
            raise TooLarge(
                "Reading this image took too long.",
                hint="Save it again in an image editor and upload the new file.",
            ) from None
        except Broken:
            raise InvalidImage("This file cannot be read as an image: it crashes the decoder.") from None
        if "error" in told:
            kind: type[SamphireError] = _ERRORS[told["error"]]
            raise kind(told["message"], hint=told["hint"])
        thumbnail, *display = parts
        return Copies(
            width=told["width"],
            height=told["height"],
            format=told["format"],
            display=display[0] if display else None,
            display_type=told["display_type"],
            thumbnail=thumbnail,
        )

    def close(self) -> None:
        self._processes.close()
