"""Which image a mask in a plain folder is of: the rule of `matching` on the mask's whole path, then names that datasets
give masks beside it. Knows names only.

A folder may be called as a class (`masks/cat/a.png` of `images/a.jpg`), unless a mask beside it shows that folders
there are the images' own. A mask may be called as its image with a word or a number behind, or lie in a folder that is
called as its image is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..layout import folder_key, is_mask, keys, split_named
from ..matching import Match
from ..source import Source

_MARK = re.compile(
    r"(.+?)(?:[ _.-]*(?:masks?|gt|labels?|seg|segmentation|groundtruth)(?:[ _.-]*\d+)?|[ _.-]+\d+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Meant:
    """A mask is of the image that is called `stem` in the folder of `where`; `label`: the class its folder names."""

    path: str
    where: str
    stem: str
    label: str | None = None

    def match(self, source: Source, claim: bool = True) -> Match:
        return source.match_stem(self.where, self.stem, claim)


def mask_files(source: Source) -> list[str]:
    return [path for path in source.paths if is_mask(path)]


def masks(source: Source, classes: bool) -> list[Meant]:
    """Without files that other masks are of: images may lie in a folder that is called as one for masks.

    `classes`: folders may be called as classes.
    """
    meant = _meant(source, mask_files(source), classes)
    images = {each.match(source, claim=False).picture for each in meant}
    return [each for each in meant if each.path not in images]


def has_image(source: Source, path: str) -> bool:
    return any(each.match(source, claim=False).picture for each in _meant(source, [path], True))


def _meant(source: Source, paths: Sequence[str], classes: bool) -> list[Meant]:
    whole = {path: Meant(path, path, _parts(path)[2]) for path in paths}
    matches = {path: each.match(source, claim=False) for path, each in whole.items()}
    sure = {path for path, match in matches.items() if match.several or _in_its_folder(path, match.picture)}
    of_images = {_parts(path)[0] for path in sure if _parts(path)[1]}
    found = []
    for path in paths:
        if path in sure:
            found.append(whole[path])
            continue
        outer, _, _ = _parts(path)
        others = _others(path, matches[path].picture is None, classes and outer not in of_images)
        found.append(next((each for each in others if _fits(source, each)), whole[path]))
    return found


def _others(path: str, missing: bool, classes: bool) -> Iterator[Meant]:
    """What else than its whole path a mask may mean, the likelier first. `missing`: that path means no image."""
    outer, above, stem = _parts(path)
    outside = f"{outer}/{stem}"
    if above and classes and not split_named([above]):
        yield Meant(path, outside, stem, above)
    if missing:
        marked = _MARK.fullmatch(stem)
        if marked:
            yield Meant(path, path, marked[1])
        if above:
            yield Meant(path, outside, above)


def _fits(source: Source, meant: Meant) -> bool:
    """A class's folder counts for nothing, so all others must agree."""
    picture = meant.match(source, claim=False).picture
    if picture is None or meant.label is None:
        return picture is not None
    theirs, ours = keys(picture.split("/")[:-1]), keys(meant.where.split("/")[:-1])
    return theirs == ours[len(ours) - len(theirs) :]


def _in_its_folder(path: str, picture: str | None) -> bool:
    """Whether the image's folder is called as the mask's."""
    above = keys([_parts(path)[1]])
    return picture is not None and (not above or keys(picture.split("/")[:-1])[-1:] == above)


def _parts(path: str) -> tuple[str, str, str]:
    """The outer folders, the innermost where it says something, and the name without its suffix."""
    *folders, last = path.split("/")
    above = folders[-1] if len(folders) > 1 and folder_key(folders[-1]) else ""
    return "/".join(folders[:-1]), above, last.rpartition(".")[0]
