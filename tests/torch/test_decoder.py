"""Prompt encoder and mask decoder are the reference's: against its ONNX export, and against recorded logits."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from server.domain.frames import InputFrame
from server.domain.prompts import decoder_inputs
from server.domain.types import Prompt
from server.inference.encoder import Encoder
from server.modelkit.export.pictures import drawn
from server.modelkit.export.verify import torch_prompts
from server.modelkit.torch_sam.sam import Prompts
from server.paths import PUBLISHED_DECODER
from tests.torch.bundled import mobile_sam_spec

FRAME = InputFrame(900, 600)
PROMPTS = {
    "one point": Prompt(points=((400.0, 300.0, 1),)),
    "four points": Prompt(points=((400, 300, 1), (90, 80, 0), (700, 420, 1), (10, 590, 0))),
    "box": Prompt(box=(120.0, 90.0, 640.0, 500.0)),
    "box and points": Prompt(points=((300.0, 200.0, 1), (610.0, 480.0, 0)), box=(120.0, 90.0, 640.0, 500.0)),
}


@pytest.fixture(scope="module")
def embedding() -> np.ndarray:
    """(1, 256, 64, 64)"""
    tokens = Encoder(mobile_sam_spec()).encode(drawn()[0].rgb)["image_tokens"]
    return np.ascontiguousarray(tokens.T).reshape(1, 256, 64, 64)


@pytest.fixture(scope="module")
def reference() -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(PUBLISHED_DECODER))


def with_mask(prompts: Prompts, mask: np.ndarray | None) -> Prompts:
    return Prompts(prompts.points, prompts.boxes, None if mask is None else torch.from_numpy(mask))


@pytest.mark.parametrize("fed_back", [False, True], ids=["no mask", "mask fed back"])
@pytest.mark.parametrize("name", PROMPTS)
def test_logits_are_those_of_the_reference_export(name, fed_back, mobile_sam, embedding, reference):
    mask = np.random.default_rng(5).normal(-3, 6, (1, 1, 256, 256)).astype(np.float32)
    prompts = with_mask(torch_prompts(PROMPTS[name], FRAME), mask if fed_back else None)
    logits, iou = mobile_sam.decode_all(torch.from_numpy(embedding), prompts)
    coords, labels = decoder_inputs(PROMPTS[name], FRAME)
    feeds = {
        "image_embeddings": embedding,
        "point_coords": coords[None],
        "point_labels": labels[None],
        "mask_input": mask,
        "has_mask_input": np.array([fed_back], np.float32),
        "orig_im_size": np.array([600, 900], np.float32),
    }
    theirs, their_iou = reference.run(["low_res_masks", "iou_predictions"], feeds)
    token = int(np.abs(iou[0].numpy() - their_iou[0, 0]).argmin())  # the export returns one mask of the four
    assert float(iou[0, token]) == pytest.approx(their_iou[0, 0], abs=1e-4)
    assert np.abs(logits[0, token].numpy() - theirs[0, 0]).max() < 1e-3


def test_three_masks_for_an_ambiguous_prompt_and_one_for_any_other(mobile_sam, embedding):
    image, prompts = torch.from_numpy(embedding), torch_prompts(PROMPTS["one point"], FRAME)
    logits, iou = mobile_sam.decode_all(image, prompts)
    three, three_iou = mobile_sam.decode(image, prompts, multimask=True)
    one, one_iou = mobile_sam.decode(image, prompts, multimask=False)
    assert torch.equal(torch.cat([one, three], dim=1), logits)
    assert torch.equal(torch.cat([one_iou, three_iou], dim=1), iou)


def test_a_batch_is_its_prompts_one_by_one(mobile_sam, embedding):
    image = torch.from_numpy(embedding)
    coords = torch.tensor([[[400.0, 300.0]], [[700.0, 420.0]]])
    labels = torch.ones(2, 1)
    both, _ = mobile_sam.decode_all(image, Prompts((coords, labels)))
    second, _ = mobile_sam.decode_all(image, Prompts((coords[1:], labels[1:])))
    assert both.shape == (2, 4, 256, 256)
    assert (both[1] - second[0]).abs().max() < 1e-3


def test_without_points_and_box_there_is_no_sparse_token(mobile_sam):
    sparse, dense = mobile_sam.prompt_encoder(None, None, torch.zeros(3, 1, 256, 256))
    assert (sparse.shape, dense.shape) == ((3, 0, 256), (3, 256, 64, 64))


def test_goldens(mobile_sam, eval_data: Path):
    described = json.loads((eval_data / "golden" / "decoder_cases.json").read_text("utf-8"))
    encoder = Encoder(mobile_sam_spec())
    embeddings = {}
    for image in sorted({case["image"] for case in described}):
        with Image.open(eval_data / "images" / image) as picture:
            tokens = encoder.encode(np.asarray(picture.convert("RGB")))["image_tokens"]
        embeddings[image] = torch.from_numpy(np.ascontiguousarray(tokens.T)).reshape(1, 256, 64, 64)
    worst = worst_iou = 0.0
    with np.load(eval_data / "golden" / "decoder_cases.npz") as golden:
        for case in described:
            height, width = case["size_hw"]
            pairs = zip(case["points"] or [], case["labels"] or [], strict=True)
            box = case["box"] and tuple(case["box"])
            prompt = Prompt(tuple((x, y, label) for (x, y), label in pairs), box)
            mask = None
            if case["mask_input_from"]:
                fed = golden[f"{case['mask_input_from']}/low_res"][case["mask_input_index"]]
                mask = fed.astype(np.float32)[None, None]
            prompts = with_mask(torch_prompts(prompt, InputFrame(width, height)), mask)
            logits, iou = mobile_sam.decode_all(embeddings[case["image"]], prompts)
            expected = golden[f"{case['id']}/low_res"].astype(np.float32)
            rounding = np.spacing(np.abs(expected).astype(np.float16)).astype(np.float32) / 2
            worst = max(worst, float((np.abs(logits[0].numpy() - expected) - rounding).max()))
            worst_iou = max(worst_iou, float(np.abs(iou[0].numpy() - golden[f"{case['id']}/iou"]).max()))
    assert worst < 1e-3
    assert worst_iou < 1e-3
