"""The words after `samphire import` and `samphire export`."""

import argparse


def import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path",
        metavar="PATH",
        help="Folder, archive, image or annotation file; or a URL such as s3://bucket/folder (samphire[remote]).",
    )
    project_argument(parser)
    parser.add_argument(
        "--format",
        default="auto",
        metavar="NAME",
        help="Annotation format; auto detects it, none imports images only. [%(default)s]",
    )
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help="Skip items that cannot be imported, and list them (otherwise nothing is imported).",
    )
    parser.add_argument(
        "--skip-missing-images",
        dest="skip_missing",
        action="store_true",
        help="Skip annotations of images that are not in the project, instead of refusing the dataset.",
    )
    parser.add_argument(
        "--existing",
        choices=("add", "skip", "replace"),
        default="add",
        help="Objects with the id of one imported before that differ from it: add them as new objects, skip them, or "
        "have them replace it. Ids are those of COCO, SA-1B and Label Studio. [%(default)s]",
    )


def export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "out",
        metavar="OUT",
        help="File to write; for several files a folder or a .zip file; or - for the terminal.",
    )
    project_argument(parser)
    parser.add_argument("--format", default="coco", metavar="NAME", help="Format to write. [%(default)s]")
    parser.add_argument("--image", nargs="+", metavar="ID", help="Only these images of the project.")
    parser.add_argument(
        "--state",
        metavar="NAME",
        help="Only images in this state: new, in_progress, attention, skipped or done.",
    )
    parser.add_argument("--label", metavar="NAME", help="Only images with an object of this label.")
    parser.add_argument("--search", metavar="TEXT", help="Only images with this in their name.")
    parser.add_argument(
        "--score", metavar="X", help="Only images with an object whose predicted IoU is below this."
    )
    parser.add_argument(
        "--split",
        metavar="80/10/10",
        help="Train, validation and test shares of images imported without a split.",
    )
    parser.add_argument("--images", action="store_true", help="Include the images.")
    parser.add_argument(
        "--provenance", action="store_true", help="Include who made and reviewed each object, by name."
    )


def project_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--project", default="default", metavar="P", help="Name or id of a project. [%(default)s]"
    )
