"""`samphire segmenters verify [ID ...]`: every hash, both networks loaded, a drawn picture encoded and decoded."""

import argparse
from pathlib import Path

import numpy as np

from ...config import Settings
from ...domain.frames import GRID, LOW_RES_SIDE
from ...domain.prompts import decoder_inputs
from ...errors import DecodingFailed, SamphireError, SegmenterNotFound, UnsupportedSegmenter
from ...inference.catalog import Catalog, open_catalog
from ...inference.decoder import Decoder
from ...inference.sessions import Session
from ...paths import PUBLISHED_DECODER, SEGMENTERS
from .checking import another_encoder, checked_folder, foreign_encoders, mend, segmenter_folders
from .trying import HEIGHT, LEAST_IOU, WIDTH, Tryout, objects

_MOST_LOGIT_DIFFERENCE = 0.5  # of float16 weights from float32, on logits of -30 to 30
_REFERENCE = "reference_decoder.onnx"  # what an export with --reference-decoder keeps


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="Which ones. All installed ones by default.")


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    folders = {folder.name: folder for folder in reversed(segmenter_folders(settings))}
    unknown = [name for name in arguments.ids if name not in folders]
    if unknown:
        known = ", ".join(sorted(folders)) or "none"
        raise SegmenterNotFound(f"There is no segmenter {unknown[0]!r}.", hint=f"Installed: {known}.")
    catalog = open_catalog(settings.data_path)
    broken = 0
    for name in arguments.ids or sorted(folders):
        try:
            print(f"ok  {name}: {_verified(folders[name], catalog)}")
        except (SamphireError, OSError) as error:
            broken += 1
            said = (
                error.message if isinstance(error, SamphireError) else f"{error.filename}: {error.strerror}"
            )
            print(f"!!  {name}: {said}\n    {mend(folders[name])}")
    return 1 if broken else 0


def _verified(folder: Path, catalog: Catalog) -> str:
    """What was found, for people. Raises SamphireError, OSError."""
    spec = checked_folder(folder)
    foreign = foreign_encoders(spec, catalog.installed())
    if foreign:
        raise UnsupportedSegmenter(another_encoder(spec, foreign))
    maker = catalog.maker(spec.encoding) or spec
    tryout = Tryout(spec)
    decoder = Decoder(spec)
    trial = tryout.run(decoder)
    parts = [
        f"{len(spec.sha256)} files intact",
        f"encodes in {trial.encode_s:.2f} s, decodes in {1000 * trial.decode_s:.0f} ms",
        f"finds the drawn objects with IoU {trial.object_iou:.3f}",
    ]
    if not trial.is_plausible:
        parts[-1] += f" (below {LEAST_IOU}: do its encoder and decoder belong together?)"
    if maker.id != spec.id:
        parts.append(f"decodes the embeddings of {maker.id}")
    reference = PUBLISHED_DECODER if folder.parent == SEGMENTERS else folder / _REFERENCE
    if reference.is_file():
        difference = _difference(reference, tryout, decoder)
        if not difference <= _MOST_LOGIT_DIFFERENCE:
            raise DecodingFailed(
                f"The decoder's logits are up to {difference:.3g} from the reference decoder's."
            )
        parts.append(f"logits within {difference:.2g} of the reference decoder's")
    return ", ".join(parts)


def _difference(reference: Path, tryout: Tryout, decoder: Decoder) -> float:
    """The largest between logits of ours and of a decoder in the reference interface, over the drawn objects' clicks.

    A reference that answers with fewer masks than four is compared with the nearest of ours.
    """
    session = Session(reference, 1)
    planes = np.ascontiguousarray(tryout.embedding["image_tokens"].T).reshape(1, -1, GRID, GRID)
    worst = 0.0
    for prompt, _ in objects():
        coords, labels = decoder_inputs(prompt, tryout.frame)
        feeds = {
            "image_embeddings": planes, "point_coords": coords[None], "point_labels": labels[None],
            "mask_input": np.zeros((1, 1, LOW_RES_SIDE, LOW_RES_SIDE), np.float32),
            "has_mask_input": np.zeros(1, np.float32), "orig_im_size": np.array([HEIGHT, WIDTH], np.float32),
        }  # fmt: skip
        (theirs,) = session.run(["low_res_masks"], feeds)
        (answer,) = tryout.answers(decoder, [prompt])
        ours = answer.low_res_logits
        rows, columns = ours.shape[1:]
        apart = np.abs(theirs[0][:, None, :rows, :columns] - ours[None]).max((2, 3))  # (theirs, ours)
        worst = max(worst, float(apart.min(1).max()))
    return worst
