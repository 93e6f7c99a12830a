"""`samphire segmenters add`: installs an exported folder, or an encoder and a decoder as other programs write them."""

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from ...config import Settings
from ...errors import BadRequest, UnsupportedSegmenter
from ...inference.catalog import DESCRIPTION, open_catalog
from .checking import another_encoder, checked_folder, foreign_encoders
from .landing import already_there, check_room, checked_id, land, workplace
from .needs import BUILDING, check_packages
from .trying import LEAST_IOU, Trial, try_out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="DIR | ENCODER DECODER",
        help="A folder as an export writes it, or two .onnx files: encoder, then decoder.",
    )  # fmt: skip
    parser.add_argument("--id", help="Id for Samphire to use; required for two files.")
    parser.add_argument("--title", help="Title shown in the interface.")
    parser.add_argument("--licence", help="Licence of the weights, such as Apache-2.0.")
    parser.add_argument(
        "--accept-mismatch", action="store_true",
        help="Install two files even if their masks suggest that they do not belong together.",
    )  # fmt: skip


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    paths: list[Path] = arguments.paths
    for path in paths:
        if not path.exists():
            raise BadRequest(f"{path} is not there.", hint="Name a folder, or an encoder and a decoder.")
    check_room(settings.data_path, sum(map(_size, paths)), "Adding it")
    if len(paths) == 1 and paths[0].is_dir():
        return _add_folder(settings, paths[0], arguments)
    if len(paths) == 2 and all(path.is_file() for path in paths):
        return _add_pair(settings, paths[0], paths[1], arguments)
    raise BadRequest(
        "`add` takes one folder as an export writes it, or two files.",
        hint="Give the encoder, then the decoder.",
    )


def _add_folder(settings: Settings, folder: Path, arguments: argparse.Namespace) -> int:
    changes = {
        key: value for key in ("id", "title", "licence") if (value := getattr(arguments, key)) is not None
    }
    spec = checked_folder(folder)
    wanted = _free_id(settings, changes.get("id", spec.id))
    foreign = foreign_encoders(spec, open_catalog(settings.data_path).installed())
    if foreign:
        raise UnsupportedSegmenter(
            another_encoder(spec, foreign), hint='Remove "encoding" from its segmenter.json.'
        )
    with workplace(settings) as place:
        built = place / wanted
        built.mkdir()
        for name in spec.sha256:
            shutil.copyfile(folder / name, built / name)
        _describe_again(folder, built, changes)
        trial = try_out(checked_folder(built))
        if not trial.is_plausible:
            print(f"Note: {_mismatch(trial)}", file=sys.stderr)
        target = land(built, settings, wanted)
    return _installed(wanted, target, trial)


def _add_pair(settings: Settings, encoder: Path, decoder: Path, arguments: argparse.Namespace) -> int:
    if arguments.id is None:
        raise BadRequest("Two files have no name of their own.", hint="Give one with --id.")
    wanted = _free_id(settings, arguments.id)
    check_packages(BUILDING, "Adding two files")
    from .foreign_pair import Pair, build_pair

    pair = Pair(encoder, decoder, wanted, arguments.title or wanted, arguments.licence or "not stated")
    with workplace(settings) as place:
        built = place / wanted
        made = build_pair(pair, built, lambda text: print(text, file=sys.stderr))
        if not made.trial.is_plausible:
            if not arguments.accept_mismatch:
                raise UnsupportedSegmenter(
                    _mismatch(made.trial) + " Nothing was installed.",
                    hint="Export both from one checkpoint, or give --accept-mismatch if you know better.",
                )
            print(
                f"WARNING: {_mismatch(made.trial)} Installed because of --accept-mismatch.", file=sys.stderr
            )
        checked_folder(built)
        target = land(built, settings, wanted)
    print(f"encoder: {made.takes}\ndecoder: {made.decoder}")
    return _installed(wanted, target, made.trial)


def _free_id(settings: Settings, wanted: str) -> str:
    """Raises BadRequest, Conflict."""
    taken = {spec.id for spec in open_catalog(settings.data_path).installed()}
    if checked_id(wanted) in taken:
        raise already_there(wanted)
    return wanted


def _describe_again(folder: Path, built: Path, changes: Mapping[str, str]) -> None:
    data = json.loads((folder / DESCRIPTION).read_text("utf-8"))
    (built / DESCRIPTION).write_text(json.dumps({**data, **changes}, indent=2) + "\n", "utf-8")


def _mismatch(trial: Trial) -> str:
    return (
        f"Encoder and decoder do not seem to belong together: clicks on drawn objects found them with an IoU of "
        f"{trial.object_iou:.2f} (a pair reaches more than {LEAST_IOU})."
    )


def _installed(segmenter: str, target: Path, trial: Trial) -> int:
    print(
        f"{segmenter} is installed in {target}: an image takes {trial.encode_s:.2f} s here, drawn objects are found "
        f"with IoU {trial.object_iou:.2f}. `samphire --segmenter {segmenter}` starts with it."
    )
    return 0


def _size(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
