"""Checkpoints are read strictly, without running anything, and refused in sentences that say what they look like."""

import pickle
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from server.errors import UnsupportedSegmenter
from server.modelkit.torch_sam.build import build_sam
from server.modelkit.torch_sam.checkpoint import load_sam
from server.modelkit.torch_sam.sizes import ARCHITECTURES, architecture

VIT_T, VIT_B, VIT_L = (ARCHITECTURES[name] for name in ("vit_t", "vit_b", "vit_l"))


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    torch.manual_seed(2)
    return build_sam(VIT_T.encoder).state_dict()


def hollow(name: str) -> dict[str, Tensor]:
    """A checkpoint of the right names and shapes whose file is small: every tensor is one number, repeated."""
    shapes = build_sam(ARCHITECTURES[name].encoder, "meta").state_dict()
    return {key: torch.zeros(()).expand(tensor.shape) for key, tensor in shapes.items()}


def refusal(path: Path, sam=VIT_T) -> str:
    with pytest.raises(UnsupportedSegmenter) as raised:
        load_sam(path, sam)
    return raised.value.message


def saved(content, path: Path, **how) -> Path:
    torch.save(content, path, **how)
    return path


def assert_same(sam, state):
    loaded = sam.state_dict()
    assert loaded.keys() == state.keys()
    assert all(torch.equal(loaded[name], tensor) for name, tensor in state.items())


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "older format"])
def test_what_torch_saves_is_loaded(zipped, state, tmp_path):
    path = saved(state, tmp_path / "sam.pt", _use_new_zipfile_serialization=zipped)
    sam = load_sam(path, VIT_T)
    assert_same(sam, state)
    assert not sam.training
    assert not any(parameter.requires_grad for parameter in sam.parameters())


def test_safetensors_are_loaded_whatever_the_file_is_called(state, tmp_path):
    save_file(state, tmp_path / "sam.pth")
    assert_same(load_sam(tmp_path / "sam.pth", VIT_T), state)


def test_half_precision_is_widened_and_a_wrapper_opened(state, tmp_path):
    halves = {name: one.half() if one.is_floating_point() else one for name, one in state.items()}
    wrapped = {"model": halves, "optimizer": {"state": {0: {"step": 1}}}, "epoch": 3}
    sam = load_sam(saved(wrapped, tmp_path / "sam.pt"), VIT_T)
    assert {one.dtype for one in sam.parameters()} == {torch.float32}
    assert (
        sam.state_dict()["image_encoder.neck.0.weight"] - state["image_encoder.neck.0.weight"]
    ).abs().max() < 1e-3


def test_what_data_parallel_training_puts_before_the_names_is_taken_off(state, tmp_path):
    parallel = {f"module.{name}": tensor for name, tensor in state.items()}
    assert_same(load_sam(saved({"state_dict": parallel}, tmp_path / "sam.pt"), VIT_T), state)


def test_weights_that_are_whole_numbers_are_refused(state, tmp_path):
    whole = {**state, "image_encoder.neck.0.weight": state["image_encoder.neck.0.weight"].to(torch.int8)}
    message = refusal(saved(whole, tmp_path / "int8.pt"))
    assert message.startswith("int8.pt holds image_encoder.neck.0.weight as int8, which is not")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("image_encoder.trunk.blocks.0.norm1.weight", "is a SAM 2, not vit_t"),
        ("mask_decoder.hf_token.weight", "is a SAM-HQ, not vit_t"),
    ],
)
def test_relatives_are_told_apart(name, what, tmp_path):
    path = saved({"model": {**hollow("vit_t"), name: torch.zeros(1)}}, tmp_path / "sam.pt")
    assert what in refusal(path)


def test_another_size_is_named_with_what_differs(tmp_path):
    message = refusal(saved(hollow("vit_b"), tmp_path / "sam_vit_b.pth"), VIT_L)
    assert message.startswith(
        "sam_vit_b.pth is vit_b, not vit_l: image_encoder.pos_embed is 1x64x64x768 and should"
    )
    assert "be 1x64x64x1024" in message


def test_what_has_more_or_less_is_named(state, tmp_path):
    more = {**state, "mask_decoder.extra.weight": torch.zeros(1, 256)}
    message = refusal(saved(more, tmp_path / "more.pt"))
    assert message == (
        "more.pt looks like vit_t, but not exactly: too much is 1 tensor (mask_decoder.extra.weight)."
    )
    less = {name: one for name, one in state.items() if not name.startswith("mask_decoder.iou_token")}
    assert "missing is 1 tensor (mask_decoder.iou_token.weight)" in refusal(saved(less, tmp_path / "less.pt"))


def test_another_network_is_not_a_sam(tmp_path):
    path = saved({"conv1.weight": torch.zeros(2), "fc.bias": torch.zeros(1)}, tmp_path / "resnet.pth")
    assert refusal(path) == "resnet.pth is not a SAM: it holds 2 tensors (conv1.weight, fc.bias)."


def test_what_is_not_tensors_by_name_is_told(tmp_path):
    message = refusal(saved({"optimizer": {}, "epoch": 4}, tmp_path / "training.pt"))
    assert "a dictionary of 2 entries (optimizer, epoch)" in message
    assert "holds one list" in refusal(saved([torch.zeros(1)], tmp_path / "list.pt"))


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "older format"])
@pytest.mark.parametrize("kept", [0.02, 0.5, 0.999])
def test_a_file_cut_short_is_called_that(zipped, kept, state, tmp_path):
    path = saved(state, tmp_path / "sam.pt", _use_new_zipfile_serialization=zipped)
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    message = refusal(path)
    assert "is damaged or was cut short" in message
    assert "vit_t 41 MB" in message


def test_safetensors_cut_short(state, tmp_path):
    save_file(state, tmp_path / "sam.safetensors")
    data = (tmp_path / "sam.safetensors").read_bytes()
    (tmp_path / "sam.safetensors").write_bytes(data[: len(data) // 2])
    assert "is damaged or was cut short" in refusal(tmp_path / "sam.safetensors")


class Bomb:
    def __reduce__(self):
        return Path.touch, (Path("bomb-went-off"),)


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "pickle"])
def test_code_in_a_file_is_never_run(zipped, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bomb.pt"
    if zipped:
        torch.save({"weight": torch.zeros(1), "more": Bomb()}, path)
    else:
        path.write_bytes(pickle.dumps(Bomb(), protocol=2))
    message = refusal(path)
    assert "could run code from it: it was not opened" in message or "damaged" in message
    assert not (tmp_path / "bomb-went-off").exists()


class Greedy:
    def __reduce__(self):
        return bytearray, (10**15,)


def test_a_file_that_asks_for_all_memory_gets_none(tmp_path):
    assert "damaged" in refusal(saved({"weight": Greedy()}, tmp_path / "greedy.pt"))


def test_an_archive_that_unpacks_to_far_more_is_not_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.pt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(50_000_000))
    assert (tmp_path / "bomb.pt").stat().st_size < 100_000
    assert "unpacks to more than it says: it was not opened" in refusal(tmp_path / "bomb.pt")


def test_other_archives_are_told_apart(tmp_path):
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), tmp_path / "script.pt")
    assert refusal(tmp_path / "script.pt") == "script.pt is a TorchScript program, not a checkpoint."
    with zipfile.ZipFile(tmp_path / "text.pt", "w") as archive:
        archive.writestr("word/document.xml", "")
    assert (
        refusal(tmp_path / "text.pt")
        == "text.pt is a zip archive of 1 file (word/document.xml), not a checkpoint."
    )
    assert "holds more than tensors" in refusal(saved(torch.nn.Linear(2, 2), tmp_path / "module.pt"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"<!DOCTYPE html><title>403</title>", "it is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "it is a Git LFS pointer"),
        (b"\x08\x07\x12\x07pytorch\x1a", "it is an ONNX network"),
        (b"Not Found", "it is text, starting with 'Not Found'"),
        (b"\x89PNG\r\n\x1a\n", "it starts with the bytes 89 50 4e 47"),
    ],
    ids=["empty", "page", "pointer", "onnx", "text", "picture"],
)
def test_other_files_are_told_apart(content, words, tmp_path):
    (tmp_path / "sam.pth").write_bytes(content)
    assert words in refusal(tmp_path / "sam.pth")


def test_a_file_that_is_not_there_and_a_name_nobody_knows(tmp_path):
    assert "cannot be read (No such file" in refusal(tmp_path / "none.pth")
    assert "cannot be read (Is a directory" in refusal(tmp_path)
    with pytest.raises(UnsupportedSegmenter, match="Known: vit_b, vit_h, vit_l, vit_t"):
        architecture("vit_x")
