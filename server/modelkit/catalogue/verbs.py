"""The verbs of `samphire segmenters`, as a table, and the words each takes."""

import argparse
from dataclasses import dataclass
from importlib import import_module

from server import config
from server.config import Settings
from server.modelkit.catalogue.landing import as_refusals


@dataclass(frozen=True)
class Verb:
    """`module` has `add_arguments(parser)` and `run(settings, arguments) -> exit status`; imported when asked for."""

    name: str
    help: str
    module: str


VERBS = (
    Verb("list", "List the installed segmenters, and those to pull.", "server.modelkit.catalogue.listing"),
    Verb("pull", "Download a published segmenter, and install it.", "server.modelkit.catalogue.pull"),
    Verb("add", "Install an exported folder, or a pair of ONNX files.", "server.modelkit.catalogue.add"),
    Verb("export", "Export a SAM checkpoint, and install it.", "server.modelkit.catalogue.export"),
    Verb("remove", "Remove an installed segmenter.", "server.modelkit.catalogue.remove"),
    Verb("verify", "Check hashes, load and run segmenters.", "server.modelkit.catalogue.verify"),
)
_SETTINGS = ("data", "log_level")  # those that say anything here


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A parser for each verb, with its own words and the settings that matter to it."""
    lines = [f"  {verb.name:<7} {verb.help}" for verb in VERBS]
    tail = "`samphire segmenters VERB --help` lists the options of a verb."
    parser.description = "\n".join([parser.description or "", "", "verbs:", *lines, "", tail])
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True, help=argparse.SUPPRESS)
    for verb in VERBS:
        one = verbs.add_parser(verb.name, description=verb.help)
        import_module(verb.module).add_arguments(one)
        config.add_arguments(one, only=_SETTINGS, absent=argparse.SUPPRESS)


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """The chosen verb's exit status. Raises SamphireError, also for what the disk did."""
    module = next(verb.module for verb in VERBS if verb.name == arguments.verb)
    with as_refusals(settings):
        return import_module(module).run(settings, arguments)
