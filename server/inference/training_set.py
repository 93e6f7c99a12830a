"""Images with their embeddings and objects, as a folder: a server writes it, training reads it, none needs the other.

    set.json    {"segmenter", "weights", "images": [{"name", "width", "height", "embedding",
                 "picture", "pixels", "part", "group", "objects": [{"name", "label", "counts"}]}]}
    000001.semb   the container of `domain/embedding_codec.py`, made by that segmenter
    000001.png    the image, where an encoder is to see it: lossless, no larger than it enters the input frame

`counts` is COCO's compressed run-length encoding over the whole image. Every image has at least one object. `picture`
is the name of a small copy for people to look at, or null; `pixels` that of the image itself, or null. `part` is what
people have chosen the image for, or null; images of one `group` are alike.
"""

import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from ..domain import embedding_codec
from ..domain.embedding_codec import Embedding
from ..domain.frames import InputFrame
from ..errors import InvalidDataset, InvalidEmbedding
from .training_groups import groups, sketch
from .training_plan import Part

_DESCRIPTION = "set.json"


@dataclass(frozen=True)
class TrainingObject:
    """A mask that a person accepted. `name` says which, to people; `label` is its class."""

    name: str
    label: str
    counts: str


@dataclass(frozen=True)
class TrainingImage:
    """`embedding`, `picture`, `pixels`: names of files beside. `group`: see `training_groups.py`."""

    name: str
    width: int
    height: int
    embedding: str
    picture: str | None
    objects: tuple[TrainingObject, ...]
    pixels: str | None = None
    part: Part | None = None
    group: int = 0


@dataclass(frozen=True)
class TrainingSet:
    folder: Path
    segmenter: str
    weights: str
    images: tuple[TrainingImage, ...]

    def embedding(self, image: TrainingImage) -> Embedding:
        """Read from disk each time. Raises InvalidDataset."""
        try:
            return embedding_codec.decode((self.folder / image.embedding).read_bytes())
        except (OSError, InvalidEmbedding) as error:
            raise InvalidDataset(f"The embedding of {image.name} cannot be read.") from error

    def tensors(self, image: TrainingImage) -> Mapping[str, np.ndarray]:
        """Those of its embedding. Raises InvalidDataset."""
        return self.embedding(image).tensors

    def rgb(self, image: TrainingImage) -> np.ndarray:
        """uint8 (h, w, 3), from which any encoder makes what it would make of the image. Raises InvalidDataset."""
        try:
            with Image.open(self.folder / str(image.pixels)) as picture:
                return np.asarray(picture.convert("RGB"))
        except (OSError, ValueError) as error:
            raise InvalidDataset(f"The pixels of {image.name} cannot be read.") from error


class SetWriter:
    """Writes a set, image by image; it is one when `close` has been called."""

    def __init__(self, folder: Path, segmenter: str, weights: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._segmenter, self._weights = folder, segmenter, weights
        self._images: list[TrainingImage] = []
        self._sketches: list[np.ndarray] = []
        self._names: Counter[str] = Counter()

    def add(
        self,
        name: str,
        size: tuple[int, int],
        container: bytes,
        objects: Iterable[TrainingObject],
        picture: bytes | None = None,
        pixels: bytes | None = None,
        part: Part | None = None,
    ) -> None:
        """`size`: width and height; `container`: the embedding, not compressed; `picture`: a small JPEG or WebP;
        `pixels`: as `pixels_of` gives them.

        A name that another image has gets a number. Raises OSError, InvalidEmbedding.
        """
        self._sketches.append(sketch(embedding_codec.decode(container)))
        number = f"{len(self._images) + 1:06}"
        file, shown, seen = f"{number}.semb", None, None
        (self._folder / file).write_bytes(container)
        if picture is not None:
            shown = f"{number}.picture"
            (self._folder / shown).write_bytes(picture)
        if pixels is not None:
            seen = f"{number}.png"
            (self._folder / seen).write_bytes(pixels)
        self._names[name] += 1
        if self._names[name] > 1:
            name = f"{name} ({self._names[name]})"
        self._images.append(TrainingImage(name, *size, file, shown, tuple(objects), seen, part))

    def close(self) -> TrainingSet:
        """Raises OSError."""
        numbers = groups(self._sketches)
        images = (replace(image, group=number) for image, number in zip(self._images, numbers, strict=True))
        found = TrainingSet(self._folder, self._segmenter, self._weights, tuple(images))
        text = json.dumps({name: value for name, value in asdict(found).items() if name != "folder"})
        beside = self._folder / f"{_DESCRIPTION}.new"
        beside.write_text(text, "utf-8")
        beside.replace(self._folder / _DESCRIPTION)
        return found


def pixels_of(rgb: np.ndarray, frame: InputFrame) -> bytes:
    """PNG of an image, uint8 (H, W, 3), that lies in `frame`: scaled as encoders do it, where that makes it smaller."""
    picture, out = Image.fromarray(rgb), io.BytesIO()
    if frame.width < picture.width:
        picture = picture.resize((frame.width, frame.height), Image.Resampling.BILINEAR)
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def read_set(folder: Path) -> TrainingSet:
    """Raises InvalidDataset."""
    try:
        data = json.loads((folder / _DESCRIPTION).read_text("utf-8"))
        images = tuple(
            TrainingImage(
                each["name"],
                int(each["width"]),
                int(each["height"]),
                each["embedding"],
                each["picture"],
                tuple(TrainingObject(**one) for one in each["objects"]),
                each["pixels"],
                each["part"],
                int(each["group"]),
            )
            for each in data["images"]
        )
        return TrainingSet(folder, data["segmenter"], data["weights"], images)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidDataset(f"{folder} is no training set.") from error
