"""Which image a name in an annotation file means: one rule for files that are imported and for a project's images.

Names are compared from their end. The file name must agree; folders that only sort files by kind (`images`, `labels`,
`masks`) say nothing; the others must not contradict each other: one side's are the end of the other side's. Where
several images are left, the longest agreeing tail decides, then the nearest to the annotation file; when that leaves
more than one, none is taken. Knows names only, and no format.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .layout import for_images, for_masks, is_mask, keys, plain, split_named
from .naming import (
    Name,
    below,
    name_of,
    readings,
    stem_of,
    uploaded,
    without_upload,
)

_SHOWN = 5
_WITH_ID = re.compile(r"-([0-9a-f]{16})$")


@dataclass(frozen=True)
class Match:
    """`name`: the image's path; without an image, what the annotation called it. `found` and `expected` say what is
    wrong when `picture` is None; `note` what is odd about a match all the same. `several`: more than one fits."""

    name: str
    picture: str | None = None
    found: str = ""
    expected: str = ""
    note: str = ""
    several: bool = False


class Names:
    """Images by their paths. `of` is everywhere the path of the file that names the image.

    `root`: folders that all files are in. `of_project`: the images are a project's, whose outer folders may have been
    left out when they were imported, and no files beside the annotations. `twice`: names of several images of it;
    `ids`: names by the ids that exports put behind them to tell them apart.
    """

    def __init__(
        self,
        paths: Iterable[str],
        root: int = 0,
        of_project: bool = False,
        twice: frozenset[str] = frozenset(),
        ids: Mapping[str, str] | None = None,
    ) -> None:
        self._root, self._of_project, self._twice = root, of_project, twice
        self._ids = dict(ids or {})
        self._by_id: set[str] = set()  # images that files are about which have their ids in their names
        self._exact: dict[str, list[str]] = defaultdict(list)
        self._called: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._folders: set[str] = set()
        self._masks: set[str] = set()
        self._claims: dict[str, tuple[str, str, Name]] = {}
        for path in dict.fromkeys(paths):
            self.add(path)

    def add(self, path: str, mask: bool = False) -> None:
        """`mask`: it lies in a folder for masks, and is meant only by who names that folder."""
        if mask:
            self._masks.add(path)
        self._exact[plain(path)].append(path)
        name = plain(name_of(path))
        for kind, called in (("name", name), ("stem", stem_of(name))):
            self._called[kind, called].append(path)
            self._called[f"{kind} in any case", called.casefold()].append(path)
        self._called["upload", uploaded(name)].append(path)
        folders = path.split("/")[:-1]
        self._folders.update("/".join(folders[:depth]) for depth in range(1, len(folders) + 1))

    def see(self, paths: Iterable[str]) -> None:
        """Files that may be about an image each."""
        self._by_id.update(filter(None, map(self._of_id, paths)))

    def match(self, name: str, of: str = "", beside: bool = False) -> Match:
        """The image that an annotation file calls so. `beside`: its name is meant from that file's folder on, as in
        formats with a file for each image; else the folder is a hint."""
        tried = readings(name)
        own = self._of_id(name)
        if own:
            return Match(own, own)
        for wanted in tried:
            for find in (self._by_name, self._by_case, self._by_upload):
                match = find(wanted, name, of, beside)
                if match is not None:
                    return match
        return self._missing(
            name, [path for each in tried for path in self._called.get(("name", each.file), ())]
        )

    def match_stem(self, path: str, stem: str | None = None, claim: bool = True) -> Match:
        """The image that the file at `path` is about: called as it is (or `stem`) but for the suffix, in its folder.

        `claim`: later names that contradict this one do not get the image; False to ask only.
        """
        stem = plain(stem_of(name_of(path)) if stem is None else stem)
        own = self._of_id(f"{stem}.")
        if own:
            return Match(own, own)
        wanted = Name((*path.split("/")[:-1], stem))
        for kind, called in (
            ("name", stem),  # of a.jpg.txt
            ("stem", stem),
            ("stem in any case", stem.casefold()),
        ):
            match = self._choose(kind, called, wanted, path, path, True, claim)
            if match is not None:
                return match
        return self._missing(path, self._called.get(("stem", stem), ()))

    def _of_id(self, name: str) -> str | None:
        """The image whose id an export put behind this name."""
        match = _WITH_ID.search(stem_of(name)) if self._ids else None
        return self._ids.get(match[1]) if match else None

    def _by_name(self, wanted: Name, name: str, of: str, beside: bool) -> Match | None:
        full = below(wanted, of)
        for each in (full,) if beside else (full, wanted):
            found = self._exact.get("/".join(each.parts), [])
            if len(found) == 1 and found[0] not in self._twice:
                return self._claimed(found[0], name, of, each)
        return self._choose("name", wanted.file, full if beside else wanted, name, of, beside)

    def _by_case(self, wanted: Name, name: str, of: str, beside: bool) -> Match | None:
        full = below(wanted, of) if beside else wanted
        return self._choose("name in any case", wanted.file.casefold(), full, name, of, beside)

    def _by_upload(self, wanted: Name, name: str, of: str, beside: bool) -> Match | None:
        """As Label Studio calls uploads, whose folders say nothing: eight digits before the name, and of characters
        that are unsafe in addresses `_` or nothing."""
        bare = without_upload(wanted.file)
        if bare == wanted.file:
            return None
        anywhere = Name((bare,), True)
        return self._choose("name", bare, anywhere, name, of, beside) or self._choose(
            "upload", uploaded(bare), anywhere, name, of, beside
        )

    def _choose(
        self, kind: str, called: str, wanted: Name, name: str, of: str, beside: bool, claim: bool = True
    ) -> Match | None:
        """One of the images called so; None when the folders of all contradict."""
        left = [
            path
            for path in self._called.get((kind, called), ())
            if self._agrees(path, wanted, of, beside, kind)
        ]
        if kind.startswith("stem"):
            left = [path for path in left if path not in self._by_id]
        for rank in (_agreeing_tail(wanted), _nearness(of), _likeness(wanted), _same_split(of), _in_images):
            best = max(map(rank, left), default=0)
            left = [path for path in left if rank(path) == best]
        if not left:
            return None
        if len(left) == 1 and left[0] not in self._twice:
            match = self._claimed(left[0], name, of, wanted, beside) if claim else Match(left[0], left[0])
            odd = kind not in ("name", "stem") and match.picture is not None
            return (
                replace(match, note=f"matched to {match.picture}, whose name is written differently")
                if odd
                else match
            )
        where = " of the project" if self._of_project else ""
        several = f"{max(2, len(left))} images{where} that this name could mean: {_listed(left)}"
        return Match(name, None, several, "folders in the name, so that it means one of them", several=True)

    def _agrees(self, path: str, wanted: Name, of: str, beside: bool, kind: str) -> bool:
        folders = path.split("/")[:-1]
        if path in self._masks and not self._means_mask(folders, wanted, of, kind):
            return False
        if self._of_project:
            theirs, ours = keys(folders), keys(wanted.parts[:-1])
            return _either_ends(theirs, ours) and (
                beside
                or wanted.rooted
                or _either_ends(theirs, (*keys(of.split("/")[self._root : -1]), *ours))
            )
        theirs = keys(folders[self._root :])
        if beside and not wanted.rooted:
            return _ends(theirs, keys(wanted.parts[self._root : -1]))
        return _either_ends(theirs, keys(wanted.parts[:-1])) and (wanted.rooted or self._near(folders, of))

    def _means_mask(self, folders: Sequence[str], wanted: Name, of: str, kind: str) -> bool:
        """Whether a name says the folder that is called as one for masks, and so means an image there. The folder that
        holds all masks says nothing."""
        agreeing = _shared(wanted.parts[-2::-1], [plain(folder) for folder in reversed(folders)])
        if is_mask(of) and agreeing >= len(wanted.parts) - 1 - self._root:
            return False
        outer = folders[: len(folders) - agreeing]
        said = agreeing > 0 and not for_masks(outer)
        return said and (for_images(outer) or not kind.startswith("stem"))

    def _near(self, folders: Sequence[str], of: str) -> bool:
        """Whether an annotation file may speak of an image in these folders: not from one that has images itself,
        nor from one split about another."""
        own = of.split("/")[:-1]
        splits = split_named(own), split_named(folders)
        if None not in splits and splits[0] != splits[1]:
            return False
        shared = _shared(own, folders)
        apart = keys(own[shared:]) and keys(folders[shared:])
        return not (apart and "/".join(own[: shared + 1]) in self._folders)

    def _claimed(self, picture: str, name: str, of: str, wanted: Name, beside: bool = False) -> Match:
        """Two names that contradict each other cannot both mean one image; those of two people's disks can. Of files
        for an image each, one in a folder that the project left out and one outside of it are two images'."""
        first, first_of, claim = self._claims.setdefault(picture, (name, of, wanted))
        ours, theirs = keys(wanted.parts[:-1]), keys(claim.parts[:-1])
        agrees = ours == theirs if beside and self._of_project else _either_ends(ours, theirs)
        if agrees or (claim.rooted and wanted.rooted and first_of != of):
            return Match(picture, picture)
        return Match(
            name,
            None,
            f"no image of its own: {picture} is already matched to {first}",
            "an image for each name",
        )

    def _missing(self, name: str, elsewhere: Sequence[str]) -> Match:
        expected = "one of the project" if self._of_project else "one among the imported files"
        if elsewhere:
            expected += f", in the folder it names; there is {_listed(elsewhere)}"
        return Match(name, None, "no such image", expected)


def _ends(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    return len(shorter) <= len(longer) and tuple(longer[len(longer) - len(shorter) :]) == tuple(shorter)


def _either_ends(one: Sequence[str], other: Sequence[str]) -> bool:
    return _ends(one, other) or _ends(other, one)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many folders both begin with."""
    differ = (place for place, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs)
    return next(differ, min(len(one), len(other)))


def _agreeing_tail(wanted: Name) -> Callable[[str], int]:
    backwards = wanted.parts[-2::-1]
    return lambda path: _shared(backwards, plain(path).split("/")[-2::-1])


def _nearness(of: str) -> Callable[[str], int]:
    own = of.split("/")[:-1]
    return lambda path: _shared(own, path.split("/")[:-1])


def _likeness(wanted: Name) -> Callable[[str], int]:
    """0 for folders that say the same, less for each that the other side does not have."""
    ours = len(keys(wanted.parts[:-1]))
    return lambda path: -abs(len(keys(path.split("/")[:-1])) - ours)


def _same_split(of: str) -> Callable[[str], int]:
    """`instances_train2017.json` is about images in a folder `train2017` or `train`."""
    split = split_named([stem_of(of)])
    return lambda path: int(split is not None and split_named(path.split("/")[:-1]) == split)


def _in_images(path: str) -> int:
    return -int(is_mask(path))


def _listed(paths: Sequence[str]) -> str:
    shown = ", ".join(sorted(dict.fromkeys(paths))[:_SHOWN])
    return f"{shown}, ..." if len(set(paths)) > _SHOWN else shown
