"""`samphire import` and `export`: what goes into projects and comes out of them, from a shell."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..config import Settings
from ..domain.policy import OWNER
from ..errors import InvalidDataset, InvalidSetting
from .commands import beside_a_server, open_services
from .progress_line import Line
from .projects import find_project

if TYPE_CHECKING:
    from ..features.transfer.exports.exports import Exports
    from ..features.transfer.exports.reading import Wanted
    from ..features.transfer.imports.files import Files
    from ..features.transfer.schema import Import

_SHOWN = 20  # problems, and losses of a kind


def import_files(settings: Settings, arguments: argparse.Namespace) -> int:
    """0 when all went in, 1 when something did not, which is listed. Interrupted, the same command goes on."""
    from ..features.transfer.imports.jobs import IMAGES_ONLY, check_format, parse_choices

    format_name = None if arguments.format == IMAGES_ONLY else arguments.format
    if format_name is not None:
        check_format(format_name)
    choices = parse_choices(vars(arguments))
    with (
        open_services(settings) as services,
        _files(arguments.path, format_name is not None) as (name, files),
    ):
        project_id = find_project(services.projects, arguments.project)
        jobs = services.imports.jobs
        job = jobs.unfinished(project_id, name, format_name)
        if job is None:
            job, stored = jobs.create(OWNER, project_id, name, format_name, choices)
        else:
            print("Resuming the import that was interrupted.", file=sys.stderr)
            jobs.set(job.id, **vars(choices))
            stored = jobs.begin_again(OWNER, job)
        line = Line(lambda: _counted(jobs.get(project_id, job.id)))
        services.imports.run(job, stored, files, line.tell)
        line.end()
        done = jobs.get(project_id, job.id)
        if done.evidence:
            print(done.evidence, file=sys.stderr)
        _tell_problems(done)
    if done.error is not None:
        stopped = done.state == "stopped"
        hint = "Fix the files, or skip what has problems with --keep-going."
        if stopped:
            hint = "Run the same command to resume."
        elif done.read_as is None:
            hint = "Choose one with --format; --format none imports the images only."
        raise InvalidDataset(done.error, hint=hint)
    return 1 if done.failed else 0


def export(settings: Settings, arguments: argparse.Namespace) -> int:
    """What will be lost is told first; then the file, folder or zip file is written, whole or not at all.

    Reads only, so it may run beside a server.
    """
    from ..domain.outside.ids import parse_ids
    from ..features.projects.selection import parse_selection
    from ..features.transfer.exports.reading import Wanted, parse_split

    with beside_a_server(settings) as (projects, exports):
        exports.format(arguments.format)
        project_id = find_project(projects, arguments.project)
        split = parse_split(arguments.split)
        given = {name: getattr(arguments, name) or "" for name in ("state", "label", "search", "score")}
        chosen = parse_selection(given).chosen
        images = arguments.image or []
        one = images[0] if len(images) == 1 else None
        ids = frozenset(parse_ids(images)) if len(images) > 1 else None
        wanted = Wanted(project_id, arguments.format, one, split, arguments.images, chosen, None, ids)
        wanted = replace(wanted, provenance=arguments.provenance)
        _tell_losses(exports, wanted)
        _write(exports, wanted, arguments.out)
    return 0


@contextmanager
def _files(path: str, unpack: bool) -> Iterator[tuple[str, "Files"]]:
    """What to call the source, and its files. Raises InvalidDataset, InvalidSetting, InvalidArchive."""
    from ..features.transfer.imports.archives import is_archive, open_archive
    from ..features.transfer.imports.files import NamedFiles, folder_files
    from ..features.transfer.imports.remote import is_url, remote_files

    if is_url(path):
        with remote_files(path, unpack) as files:
            yield path, files
        return
    local = Path(path).expanduser().absolute()
    if local.is_dir():
        yield str(local), folder_files(local)
    elif not local.is_file():
        raise InvalidDataset(f"{path} does not exist.", hint="Name a folder, an archive, an image or a URL.")
    elif not is_archive(local):
        yield str(local), NamedFiles({local.name: local})
    else:
        with (
            TemporaryDirectory(prefix="samphire-") as folder,
            closing(open_archive(local, Path(folder) if unpack else None)) as files,
        ):
            yield str(local), files


def _counted(job: "Import") -> str:
    from ..features.transfer.formats.values import counted

    met = job.added + job.known + job.failed + job.skipped
    of = ""
    if job.total is not None:  # what failed may be something in a file
        met, of = min(met, job.total), f" of {job.total}"
    parts = [f"{met}{of} files", counted(job.added, "new image"), f"{job.known} known"]
    parts += [counted(job.objects, "object")] if job.objects else []
    parts += [f"{job.failed} failed"] if job.failed else []
    return ", ".join(parts)


def _tell_problems(job: "Import") -> None:
    for each in job.problems[:_SHOWN]:
        mark = "" if each.status == "failed" else "note: "
        message = each.message or ""
        print(f"{mark}{message if each.name in message else each.name + ': ' + message}", file=sys.stderr)
    more = job.failed + job.noted - min(len(job.problems), _SHOWN)
    if more > 0:
        where = f"/api/projects/{job.project_id}/imports/{job.id}"
        print(f"and {more} more; a running server lists them at {where}", file=sys.stderr)


def _tell_losses(exports: "Exports", wanted: "Wanted") -> None:
    from ..features.transfer.exports.reading import Reading

    counts: Counter[str] = Counter()
    for loss in exports.each_loss(wanted, Reading(exports.database, wanted)):
        counts[loss.kind] += 1
        if counts[loss.kind] <= _SHOWN:
            print(f"{loss.image}, {loss.annotation or 'image'}: {loss.what}.", file=sys.stderr)
    for kind, count in counts.items():
        if count > _SHOWN:
            print(f"and {count - _SHOWN} more that lose {kind}", file=sys.stderr)
    if counts:
        listed = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
        print(f"The format {wanted.format} cannot keep: {listed}.", file=sys.stderr)


def _write(exports: "Exports", wanted: "Wanted", out: str) -> None:
    from ..features.transfer.exports.packing import write_file, write_folder, write_zip

    read = Counter[str]()
    line = Line(lambda: f"{read['images']} images")

    def tell(images: int) -> None:
        read["images"] = images
        line.tell()

    if out == "-":
        if wanted.bundle:
            raise InvalidSetting(
                "This format writes several files.", hint="Name a folder, or a .zip file, to write."
            )
        pieces, _ = exports.parts(wanted)
        sys.stdout.buffer.writelines(data for _, data in pieces)
        return
    target = Path(out).absolute()
    pieces, pictures = exports.parts(wanted, tell)
    try:
        if target.suffix.lower() == ".zip":
            write_zip(target, pieces, pictures)
        elif wanted.bundle:
            write_folder(target, pieces, pictures)
        else:
            write_file(target, pieces)
    except FileExistsError:
        raise InvalidSetting(f"{out} already exists.", hint="Choose another name, or empty it.") from None
    except OSError as error:
        raise InvalidSetting(
            f"{out} cannot be written: {error.strerror or error}.", hint="Choose another."
        ) from None
    line.end()
    print(f"Wrote {out}.", file=sys.stderr)
