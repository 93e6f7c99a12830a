"""The flags of `samphire trial`. Knows no torch, so that `--help` needs none."""

import argparse
from pathlib import Path

from ...inference.training_plan import WHATS

_LAYOUT = "images with masks, in a layout that `samphire eval` reads"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dataset", required=True, type=Path, metavar="DIR", help=f"Folder to train on: {_LAYOUT}."
    )
    parser.add_argument(
        "--general", type=Path, metavar="DIR", help="Another dataset, to check what training makes worse."
    )
    parser.add_argument(
        "--label",
        nargs="+",
        metavar="NAME",
        help="Only objects of these classes, as named in the files (YOLO: numbers).",
    )
    parser.add_argument(
        "--least-area", type=float, default=0.01, metavar="X",
        help="Ignore objects smaller than this fraction of the image. [%(default)s]",
    )  # fmt: skip
    parser.add_argument(
        "--what",
        choices=WHATS,
        default=WHATS[0],
        help="What to train. [%(default)s]",
    )
    parser.add_argument("--images", type=int, metavar="N", help="Train on at most N images.")
    parser.add_argument(
        "--splits",
        type=int,
        default=5,
        metavar="N",
        help="Number of random splits to train and compare. [%(default)s]",
    )
    parser.add_argument("--minutes", type=float, metavar="M", help="Time limit per split, in minutes.")
    parser.add_argument(
        "--segmenter", metavar="ID", help="Segmenter to start from. Default: the configured one."
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="Write all figures to FILE.")
