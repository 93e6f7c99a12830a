"""`samphire segmenters export`: `export_models.py --checkpoint`, and the result is installed."""

import argparse

from server.catalogue.checking import checked_folder
from server.catalogue.landing import (
    already_there,
    catalog,
    check_room,
    checked_id,
    export_steps,
    land,
    workplace,
)
from server.config import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from server.torch_sam.export import command

    command.add_arguments(parser)


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    from server.torch_sam.export import command
    from server.torch_sam.sizes import ARCHITECTURES

    size = ARCHITECTURES.get(arguments.segmenter)
    wanted = checked_id(arguments.id or (size.segmenter if size is not None else "sam"))
    taken = {spec.id for spec in catalog(settings).installed()}
    if wanted in taken:
        raise already_there(wanted)
    if arguments.checkpoint is not None and arguments.checkpoint.is_file():
        check_room(settings.data_path, 2 * arguments.checkpoint.stat().st_size, "The export")
    with workplace(settings) as place:
        arguments.out, arguments.work = place / wanted, export_steps(settings, wanted)
        status = command.run(arguments, "samphire segmenters export")
        if status != 0:
            return status
        checked_folder(arguments.out)
        target = land(arguments.out, settings, wanted)
    print(f"{wanted} is installed in {target}. `samphire --segmenter {wanted}` starts with it.")
    return 0
