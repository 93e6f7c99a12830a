"""The verbs of `samphire segmenters`, as a table, and the words each takes."""

import argparse
from dataclasses import dataclass
from importlib import import_module

from ... import config
from ...config import Settings
from .landing import as_refusals


@dataclass(frozen=True)
class Verb:
    """`module`, named as from here and imported when asked for, has `add_arguments(parser)` and
    `run(settings, arguments) -> exit status`."""

    name: str
    help: str
    module: str


VERBS = (
    Verb("list", "List the installed segmenters, and those to pull.", ".listing"),
    Verb("pull", "Download a published segmenter, and install it.", ".pull"),
    Verb("add", "Install an exported folder, or a pair of ONNX files.", ".add"),
    Verb("export", "Export a SAM checkpoint, and install it.", ".export"),
    Verb("remove", "Remove an installed segmenter.", ".remove"),
    Verb("verify", "Check hashes, load and run segmenters.", ".verify"),
)
_SETTINGS = ("data", "database", "log_level")  # those that say anything here


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A parser for each verb, with its own words and the settings that matter to it."""
    lines = [f"  {verb.name:<7} {verb.help}" for verb in VERBS]
    tail = "`samphire segmenters VERB --help` lists the options of a verb."
    parser.description = "\n".join([parser.description or "", "", "verbs:", *lines, "", tail])
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True, help=argparse.SUPPRESS)
    for verb in VERBS:
        one = verbs.add_parser(verb.name, description=verb.help)
        import_module(verb.module, __package__).add_arguments(one)
        config.add_arguments(one, only=_SETTINGS, absent=argparse.SUPPRESS)


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """The chosen verb's exit status. Raises SamphireError, also for what the disk did."""
    module = next(verb.module for verb in VERBS if verb.name == arguments.verb)
    with as_refusals(settings):
        return import_module(module, __package__).run(settings, arguments)
