"""`samphire bundle`: images as a page that segments them without a server."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from .. import paths
from ..config import Settings
from ..domain.policy import OWNER
from ..errors import InvalidImage, InvalidSetting
from .commands import open_services, pictures_in
from .projects import find_project

if TYPE_CHECKING:
    from ..services import Services


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "images",
        nargs="+",
        metavar="IMAGE",
        help="Image files or folders of them; with --project, ids of its images.",
    )
    parser.add_argument(
        "out", metavar="OUT", type=Path, help="File to write, such as demo.html; or a folder."
    )
    parser.add_argument(
        "--folder", action="store_true", help="Write a folder for a static host instead of one file."
    )
    parser.add_argument("--project", metavar="P", help="Name or id of a project that has the images.")
    parser.add_argument(
        "--own-images",
        action="store_true",
        help="Include the encoder (MobileSAM's: 9 MB), so that the page can open other images, too.",
    )
    parser.add_argument("--objects", action="store_true", help="Include the objects of a project's images.")


def bundle(settings: Settings, arguments: argparse.Namespace) -> int:
    """0; what is written is told on stdout. Nothing is written over."""
    out: Path = arguments.out
    if out.exists():
        raise InvalidSetting(f"{out} already exists.", hint="Choose another name.")
    with _static() as static, _chosen(settings, arguments) as (services, project_id, image_ids):
        _write(services, project_id, image_ids, arguments, static)
    size = out.stat().st_size if out.is_file() else sum(each.stat().st_size for each in out.rglob("*"))
    print(f"{out}: {len(image_ids)} {'image' if len(image_ids) == 1 else 'images'}, {size / 1e6:.1f} MB")
    return 0


def _write(
    services: "Services", project_id: str, image_ids: list[str], arguments: argparse.Namespace, static: Path
) -> None:
    from ..features.bundles.page import write_file, write_folder

    content = services.bundles.content(
        OWNER, project_id, image_ids, objects=arguments.objects, own_images=arguments.own_images
    )
    out: Path = arguments.out
    with TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as beside:
        unfinished = Path(beside, out.name)
        if arguments.folder:
            unfinished.mkdir()
            write_folder(content, static, unfinished)
        else:
            with unfinished.open("wb") as file:
                file.writelines(write_file(content, static))
        unfinished.rename(out)


@contextmanager
def _chosen(settings: Settings, arguments: argparse.Namespace) -> Iterator[tuple["Services", str, list[str]]]:
    """The services that have the images, the project and its images."""
    if arguments.project is not None:
        with open_services(settings) as services:
            yield services, find_project(services.projects, arguments.project), arguments.images
        return
    files = [each for name in arguments.images for each in pictures_in([Path(name)])]
    if not files:
        raise InvalidImage("There are no images.", hint="Name images, or folders of images.")
    with TemporaryDirectory(prefix="samphire-") as folder:
        installed = settings.data_path / "segmenters"
        if installed.is_dir():
            Path(folder, "segmenters").symlink_to(installed, target_is_directory=True)
        with open_services(replace(settings, data=folder)) as services:
            image_ids = []
            for file in files:
                try:
                    with file.open("rb") as stream:
                        image, _ = services.uploads.add(OWNER, stream, file.name)
                except InvalidImage as error:
                    raise InvalidImage(f"{file}: {error.message}", hint=error.hint) from None
                print(f"Encoding {file.name}", file=sys.stderr)
                image_ids.append(image.id)
            yield services, "default", list(dict.fromkeys(image_ids))


@contextmanager
def _static() -> Iterator[Path]:
    """The browser's files as a wheel has them; in a source checkout they are made."""
    from ..features.bundles.page import is_built

    if is_built(paths.STATIC):
        yield paths.STATIC
        return
    with TemporaryDirectory(prefix="samphire-") as folder:
        try:
            from ..lab.bundled import make_static
        except ImportError:
            raise InvalidSetting(
                "The pages were not built.", hint="Install Samphire: pip install ."
            ) from None
        make_static(Path(folder))
        yield Path(folder)
