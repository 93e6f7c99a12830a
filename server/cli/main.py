"""The command `samphire`: reads the words given, loads the settings, hands over to one command."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from .. import config, paths
from ..errors import InvalidSetting, SamphireError
from ..runtime import logs
from .dataset_arguments import export_arguments, import_arguments

log = logging.getLogger("samphire.cli")


def _no_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def _encode_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="Image, or folder of images.")


def _doctor_arguments(parser: argparse.ArgumentParser) -> None:
    from ..features.upkeep.schema import WHAT

    parser.add_argument(
        "--recover",
        action="store_true",
        help="Add the image files in the data folder that the database does not know to a project again.",
    )
    parser.add_argument(
        "--free",
        nargs="+",
        choices=tuple(WHAT),
        metavar="WHAT",
        help=f"Delete what the report says can be freed: {', '.join(WHAT)}.",
    )


def _bench_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="Print the figures as JSON.")
    parser.add_argument("--quick", action="store_true", help="Few samples: shows that it runs, not how fast.")
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help="Only these, such as `encode`. Default: all."
    )
    parser.add_argument(
        "--image", nargs="+", type=Path, default=[], metavar="PATH", help="Further images to encode."
    )


def _eval_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dataset",
        required=True,
        type=Path,
        metavar="DIR",
        help="Folder with images/ID.jpg and masks/ID.png (several per image: IDa.png, ID_2.png, ID/*.png, or one "
        "value for each object), with images/ and one COCO file, or with images/ and YOLO's labels/ID.txt.",
    )
    parser.add_argument(
        "--segmenter", nargs="+", dest="segmenters", metavar="ID", help="Only these. Default: all installed."
    )
    parser.add_argument(
        "--clicks",
        type=int,
        default=20,
        metavar="N",
        help="Most clicks on an object; counts of clicks (NoC) are out of so many. [%(default)s]",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="Only the first N images.")
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="Write every figure, of each object too; - for the terminal.",
    )
    parser.add_argument(
        "--auto",
        action="store_true",
        help="Measure automatic masks instead of clicks: average recall of the objects.",
    )
    parser.add_argument(
        "--points-per-side",
        type=int,
        default=32,
        metavar="N",
        help="With --auto: click on a grid of N x N points. [%(default)s]",
    )
    parser.add_argument("--fast", action="store_true", help="With --auto: the faster search.")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="Draw mean IoU over clicks as SVG.")


def _arguments_of(module: str, function: str = "add_arguments") -> Callable[[argparse.ArgumentParser], None]:
    """Those that a command's own module adds; imported when asked for."""
    return lambda parser: getattr(import_module(module, __package__), function)(parser)


@dataclass(frozen=True)
class Command:
    """`run` names the function `(settings, arguments) -> exit status` as module:function, seen from here; imported when
    asked for."""

    name: str
    help: str
    run: str
    add_arguments: Callable[[argparse.ArgumentParser], None] = _no_arguments


COMMANDS = (
    Command("serve", "Start the server (the default).", ".commands:serve"),
    Command(
        "worker",
        "Do jobs for servers that leave them to workers (--jobs celery).",
        ".worker:work",
        _arguments_of(".worker"),
    ),
    Command(
        "doctor",
        "Check versions, providers, weights and data; report what is missing and how to fix it.",
        ".commands:doctor",
        _doctor_arguments,
    ),
    Command(
        "project",
        "List, create, archive, delete or restore projects.",
        ".projects:project",
        _arguments_of(".projects"),
    ),
    Command(
        "user",
        "List, add, invite, disable or enable the people of a team's server.",
        ".users:user",
        _arguments_of(".users"),
    ),
    Command("link", "List, make or revoke share links.", ".links:link", _arguments_of(".links")),
    Command(
        "import",
        "Import images and annotations into a project.",
        ".datasets:import_files",
        import_arguments,
    ),
    Command(
        "migrate-to",
        "Copy the whole database into another, or all images into another store, or back.",
        ".storing.moving:migrate_to",
        _arguments_of(".storing.moving"),
    ),
    Command(
        "backup",
        "Copy everything into a folder of backups, beside a running server; or verify those.",
        ".storing.backing_up:backup",
        _arguments_of(".storing.backing_up"),
    ),
    Command(
        "restore",
        "Restore a backup into a new data folder.",
        ".storing.backing_up:restore",
        _arguments_of(".storing.backing_up", "add_source"),
    ),
    Command(
        "auto",
        "Make masks of everything in image files, or on the images of a project.",
        ".automatic:auto",
        _arguments_of(".automatic"),
    ),
    Command(
        "from-boxes",
        "Turn objects that were imported as boxes into masks.",
        ".mask_runs:from_boxes",
        _arguments_of(".mask_runs"),
    ),
    Command(
        "train",
        "Train a segmenter on a project's objects; install it if it's better.",
        ".training:train",
        _arguments_of(".training"),
    ),
    Command(
        "loop",
        "Run one training round: train, switch to the new segmenter if it's better, propose masks again.",
        ".loop:loop",
        _arguments_of(".loop"),
    ),
    Command(
        "export",
        "Export the annotations of a project in a format of your choice.",
        ".datasets:export",
        export_arguments,
    ),
    Command(
        "bundle",
        "Write images as a page that segments without a server: one file, or a folder for a static host.",
        ".bundle:bundle",
        _arguments_of(".bundle"),
    ),
    Command(
        "edges",
        "Draw the edges of everything in an image as a PNG.",
        ".edges:edges",
        _arguments_of(".edges"),
    ),
    Command("encode", "Store and encode images ahead of time.", ".commands:encode", _encode_arguments),
    Command(
        "segmenters",
        "List, pull, add, export, remove or verify segmenters.",
        "..modelkit.catalogue.verbs:run",
        _arguments_of("..modelkit.catalogue.verbs"),
    ),
    Command(
        "eval",
        "Measure the quality of the installed segmenters on images with masks.",
        "..lab.evaluation.command:main",
        _eval_arguments,
    ),
    Command(
        "trial",
        "Measure how much training would improve a segmenter on a dataset with masks.",
        "..lab.learning.trial:main",
        _arguments_of("..lab.learning.arguments"),
    ),
    Command(
        "bench",
        "Measure this machine: decoding, encoding, bytes.",
        "..lab.bench.command:main",
        _bench_arguments,
    ),
)


def _overview() -> str:
    lines = [f"  {command.name:<10} {command.help}" for command in COMMANDS]
    tail = "`samphire COMMAND --help` lists the options of a command."
    return "\n".join(["Segment Anything in the browser.", "", "commands:", *lines, "", tail])


def _parser(command: Command, with_overview: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="samphire" if with_overview else f"samphire {command.name}",
        usage="%(prog)s [COMMAND] [options]" if with_overview else None,
        description=_overview() if with_overview else command.help,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        conflict_handler="resolve",  # a command's own flag goes before a setting's of the same name
    )
    parser.add_argument("--version", action="version", version=f"samphire {paths.VERSION}")
    config.add_arguments(parser)
    command.add_arguments(parser)
    return parser


def _choose(words: Sequence[str]) -> tuple[Command, list[str], bool]:
    """The command, the words after it, and whether it was left out."""
    if words and not words[0].startswith("-"):
        for command in COMMANDS:
            if command.name == words[0]:
                return command, list(words[1:]), False
        known = ", ".join(command.name for command in COMMANDS)
        raise InvalidSetting(f"There is no command {words[0]!r}.", hint=f"Commands: {known}.")
    return COMMANDS[0], list(words), True


def _run(words: Sequence[str]) -> int:
    command, rest, left_out = _choose(words)
    arguments = _parser(command, left_out).parse_args(rest)
    settings = config.load(vars(arguments))
    ours = (paths.PACKAGE, "samphire")
    logs.set_up(settings.log_level, settings.log_format, settings.log_names, ours)
    module, function = command.run.split(":")
    return getattr(import_module(module, __package__), function)(settings, arguments)


def main(words: Sequence[str] | None = None) -> int:
    """Run `samphire`; 0 when all went well, 2 when it could not be done (told in one sentence on stderr)."""
    try:
        status = _run(sys.argv[1:] if words is None else words)
        sys.stdout.flush()
        return status
    except SamphireError as error:
        print(f"samphire: {error.message} {error.hint}", file=sys.stderr)
        return 2
    except (
        BrokenPipeError
    ):  # as of `| head`: there is nobody to tell, and Python's own last flush would complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # a disk, a permission
        log.debug("It ended with", exc_info=error)
        what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
        print(f"samphire: {what}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
