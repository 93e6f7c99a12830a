"""Whether a segmenter's folder is what its description says, and whether its networks work."""

import stat
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from ...config import Settings
from ...errors import UnsupportedSegmenter
from ...inference.catalog import DESCRIPTION, SegmenterSpec, read_spec
from ...paths import SEGMENTERS
from ..vendoring import sha256_or_none
from . import sources
from .landing import segmenters_folder

_LARGEST_DESCRIPTION_BYTES = 1_000_000
INSTALL_AGAIN = (
    "Reinstall it: `pip install --force-reinstall samphire`, or `pip install .` in the source tree."
)
_HINT = "A folder to add is one that `export_models.py` or `samphire segmenters export` wrote, unchanged."


def checked_folder(folder: Path) -> SegmenterSpec:
    """The spec of a folder whose files are all there, plain, and intact. Raises UnsupportedSegmenter, OSError."""
    description = folder / DESCRIPTION
    if not _is_plain(description) or description.stat().st_size > _LARGEST_DESCRIPTION_BYTES:
        raise UnsupportedSegmenter(f"{folder} holds no {DESCRIPTION}.", hint=_HINT)
    spec = read_spec(folder)
    wrong = list(wrong_files(spec))
    if wrong:
        raise UnsupportedSegmenter(f"{folder.name}: {'; '.join(wrong)}.", hint=_HINT)
    return spec


def segmenter_folders(settings: Settings) -> list[Path]:
    """Of everything that is or was to be a segmenter, also of half-there ones: the bundled ones first."""
    return [
        path
        for folder in (SEGMENTERS, segmenters_folder(settings))
        if folder.is_dir()
        for path in sorted(folder.glob("[!.]*"))
        if path.is_dir()
    ]


def foreign_encoders(spec: SegmenterSpec, installed: Iterable[SegmenterSpec]) -> list[str]:
    """Ids of installed segmenters whose embeddings it says it decodes, though it has another encoder than they: what
    either encodes would be taken for the other's."""
    if spec.encoding == spec.weights:
        return []
    sharing = [one for one in installed if one.encoding == spec.encoding and one.id != spec.id]
    return [one.id for one in sharing if _encoder(one) != _encoder(spec)]


def _encoder(spec: SegmenterSpec) -> tuple[object, ...]:
    """All that an embedding depends on."""
    length = len(spec.encoder_file)
    files = {name[length:]: sha for name, sha in spec.sha256.items() if name.startswith(spec.encoder_file)}
    return files, spec.encoder_input, spec.embedding, spec.resize, spec.mean, spec.std


def another_encoder(spec: SegmenterSpec, others: list[str]) -> str:
    """The sentence that says so."""
    return f"{spec.id} claims to share embeddings with {', '.join(others)} but has a different encoder."


def mend(folder: Path) -> str:
    """What to do about a damaged segmenter."""
    if folder.parent == SEGMENTERS:
        return INSTALL_AGAIN
    if any(one.id == folder.name and is_pulled(folder, one) for one in sources.PULLABLE):
        return f"`samphire segmenters pull {folder.name}` fetches it again."
    return f"`samphire segmenters remove {folder.name}`, then add or export it again."


def is_pulled(folder: Path, row: sources.Pullable) -> bool:
    """Whether the folder holds what `row` gives, harmed or not, and not a network of one's own under the same id."""
    try:
        return not isinstance(row, sources.Bundled) and row.is_in(read_spec(folder).source)
    except (OSError, UnsupportedSegmenter):
        return False


def wrong_files(spec: SegmenterSpec, only: Iterable[str] | None = None) -> Iterator[str]:
    """What is wrong with each file, or each of `only`, that is not as the description says: parts of a sentence."""
    for name in spec.sha256 if only is None else only:
        path, expected = spec.path(name), spec.sha256[name]
        if not _is_plain(path):
            yield f"{name} is {'no plain file' if path.is_symlink() or path.exists() else 'missing'}"
        elif (size := path.stat().st_size) != spec.bytes[name]:
            yield f"{name} has {size:,} bytes instead of {spec.bytes[name]:,}"
        elif (found := sha256_or_none(path)) != expected:
            yield f"{name} has changed: SHA-256 {found and found[:12]} instead of {expected[:12]}"
        else:
            yield from _strays(path, spec)


def _strays(path: Path, spec: SegmenterSpec) -> Iterator[str]:
    """Weights a network wants from files the description does not list. Looked for where onnx is installed."""
    if path.suffix != ".onnx" or find_spec("onnx") is None:
        return
    import onnx
    from google.protobuf.message import DecodeError

    from ..foreign.graph import beside

    try:
        wanted = beside(onnx.load(str(path), load_external_data=False))
    except DecodeError:
        yield f"{path.name} is not an ONNX network"
        return
    for other in wanted:
        if other not in spec.sha256:
            yield f"{path.name} wants weights from {other[:80]!r}, which {DESCRIPTION} does not list"


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
