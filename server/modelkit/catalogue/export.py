"""`samphire segmenters export`: `export_models.py --checkpoint`, and the result is installed."""

import argparse

from ...config import Settings
from ...inference.catalog import open_catalog
from .checking import checked_folder
from .landing import (
    already_there,
    check_room,
    checked_id,
    export_steps,
    land,
    workplace,
)
from .needs import EXPORTING, check_packages


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from ..export import command

    command.add_arguments(parser)


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    from ..export import command

    arguments.out = settings.data_path  # `options_of` wants one; the workplace's follows
    wanted = checked_id(command.options_of(arguments).id)
    if wanted in {spec.id for spec in open_catalog(settings.data_path).installed()}:
        raise already_there(wanted)
    check_packages(EXPORTING, f"Exporting {wanted}")
    if arguments.checkpoint.is_file():
        check_room(settings.data_path, 2 * arguments.checkpoint.stat().st_size, "The export")
    with workplace(settings) as place:
        arguments.out, arguments.work = place / wanted, export_steps(settings, wanted)
        command.export(command.options_of(arguments))
        checked_folder(arguments.out)
        target = land(arguments.out, settings, wanted)
    print(f"{wanted} is installed in {target}. `samphire --segmenter {wanted}` starts with it.")
    return 0
