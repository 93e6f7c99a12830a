"""The automatic masks of the reference code in PyTorch, without crops: what ours are timed against."""

import numpy as np
import onnx
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from ...domain.frames import INPUT_SIDE, InputFrame
from ...errors import UnsupportedSegmenter
from ...inference.automask import AutomaskSettings
from ...inference.automask_grid import point_grid, without_duplicates
from ...paths import PUBLISHED_DECODER, PUBLISHED_ENCODER
from ..graphs.reference_weights import recover_decoder_weights
from .recovered import tiny_vit_encoder
from .sam import Prompts, Sam, input_pixels


def automatic_masks(
    sam: Sam, embedding: Tensor, frame: InputFrame, settings: AutomaskSettings
) -> list[np.ndarray]:
    """Everything in an image whose embedding is (1, 256, 64, 64): bool masks (H, W).

    `SamAutomaticMaskGenerator` with `points_per_batch` 64 and `crop_n_layers` 0; memory grows with the image.
    """
    size = np.array([frame.image_width, frame.image_height])
    clicks = torch.from_numpy(frame.to_input(point_grid(settings.points_per_side) * size))
    masks: list[np.ndarray] = []
    boxes: list[np.ndarray] = []
    scores: list[float] = []
    for some in clicks.split(64):
        prompts = Prompts(points=(some[:, None], torch.ones(len(some), 1)))
        low_res, iou = sam.decode(embedding, prompts, multimask=True)
        wide = interpolate(low_res, (INPUT_SIDE, INPUT_SIDE), mode="bilinear", align_corners=False)
        inside = wide[..., : frame.height, : frame.width]
        full = interpolate(
            inside, (frame.image_height, frame.image_width), mode="bilinear", align_corners=False
        )
        full, iou = full.flatten(0, 1), iou.flatten()
        full, iou = full[iou > settings.pred_iou_thresh], iou[iou > settings.pred_iou_thresh]
        sure, possible = (
            (full > at).flatten(1).sum(1)
            for at in (settings.stability_score_offset, -settings.stability_score_offset)
        )
        stable = sure / possible >= settings.stability_score_thresh
        for mask, score in zip((full[stable] > 0).numpy(), iou[stable].tolist(), strict=True):
            if mask.any():
                masks.append(mask)
                boxes.append(_box(mask))
                scores.append(score)
    return [masks[index] for index in without_duplicates(np.array(boxes), scores, settings.box_nms_thresh)]


@torch.inference_mode()
def mobile_sam_masks(rgb: np.ndarray, threads: int) -> list[np.ndarray]:
    """Those of an image, uint8 (H, W, 3), by MobileSAM as it was published: only source checkouts have its files."""
    torch.set_num_threads(threads)
    encoder = tiny_vit_encoder(PUBLISHED_ENCODER)
    if encoder is None:
        raise UnsupportedSegmenter(f"{PUBLISHED_ENCODER.name} is no TinyViT.")
    sam = Sam(encoder).eval()
    weights = recover_decoder_weights(onnx.load(str(PUBLISHED_DECODER)))
    sam.load_state_dict(
        {name: torch.from_numpy(value.copy()) for name, value in weights.items()}, strict=False
    )
    frame = InputFrame(rgb.shape[1], rgb.shape[0])
    return automatic_masks(sam, sam.image_encoder(input_pixels(rgb)), frame, AutomaskSettings())


def _box(mask: np.ndarray) -> np.ndarray:
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], float)
