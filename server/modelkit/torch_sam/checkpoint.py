"""Reads SAM's public checkpoints, and says of any other file what it looks like. Never runs code from a file.

UnsupportedSegmenter is all a caller has to catch. Zip archives (`torch.save`) and safetensors are mapped into memory,
so a checkpoint costs no more than what is used of it.
"""

import pickle
import zipfile
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ...errors import UnsupportedSegmenter
from .build import build_sam
from .sam import Sam
from .sizes import ARCHITECTURES, Architecture

_WRAPPERS = ("model", "state_dict", "model_state_dict")  # what training programs put the weights under
_PREFIXES = ("module.", "model.", "sam.")  # what they put before every name
_RELATIVES = {  # networks that people take for SAM, by a part of a tensor's name
    "image_encoder.trunk.": (
        "a SAM 2",
        "`samphire segmenters pull sam2_hiera_tiny` fetches one that runs here.",
    ),
    "mask_decoder.hf_token.": (
        "a SAM-HQ",
        "Its decoder has parts that SAM's has not: take the SAM it was made from.",
    ),
}
_NAMED = 3  # tensors named in a message
_RELATED = 0.5  # of an architecture's tensors, from which on a file counts as a damaged or changed one of it
_LONGEST_HEADER = 100_000_000  # safetensors' own limit
_LARGEST_PICKLE = 100_000_000  # of an archive's structure, without its tensors; SAM's have 0.1 MB
_ZIP, _PICKLE = b"PK\x03\x04", b"\x80"
_HINT = (
    "It takes the public SAM and MobileSAM checkpoints (.pth, .pt) and the same tensors as .safetensors; "
    "fine-tuned ones too while their tensors have the same names and shapes, also under `model`, `state_dict` or "
    "`model_state_dict`."
)


def load_sam(path: Path, architecture: Architecture) -> Sam:
    """The SAM in the file, float32, in evaluation mode and without gradients. Raises UnsupportedSegmenter."""
    tensors = read_tensors(path)
    check(tensors, architecture, path)
    sam = build_sam(architecture.encoder, "meta")
    wanted = sam.state_dict()
    for name, tensor in tensors.items():
        if tensor.is_floating_point() != wanted[name].is_floating_point():
            kind = str(tensor.dtype).removeprefix("torch.")
            raise _refused(f"{path.name} holds {name} as {kind}, which is not what SAM computes with.")
    floats = {name: tensor.to(wanted[name].dtype) for name, tensor in tensors.items()}
    sam.load_state_dict(floats, strict=True, assign=True)
    return sam.requires_grad_(False)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The named tensors of a file, whichever network they are of. Raises UnsupportedSegmenter."""
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise _refused(f"{path} cannot be read ({error.strerror}).") from error
    if start.startswith(_ZIP) or start.startswith(_PICKLE):
        return _named(_read_torch(path, mapped=start.startswith(_ZIP)), path)
    if _is_safetensors(start):
        return _read_safetensors(path)
    raise _refused(f"{path.name} is not a checkpoint: {_looks_like(start)}.")


def check(tensors: Mapping[str, Tensor], architecture: Architecture, path: Path) -> None:
    """Raises UnsupportedSegmenter unless names and shapes are exactly the architecture's."""
    found = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    wanted = shapes(architecture)
    if found == wanted:
        return
    agreeing = {one.name: _agreement(found, shapes(one)) for one in ARCHITECTURES.values()}
    nearest = max(agreeing, key=agreeing.__getitem__)
    for part, (what, hint) in _RELATIVES.items():
        if any(part in name for name in found):
            raise _refused(f"{path.name} is {what}, not {architecture.name}.", hint)
    if agreeing[nearest] < _RELATED:
        raise _refused(f"{path.name} is not a SAM: it holds {_few(sorted(found), 'tensor')}.")
    differences = "; ".join(_differences(found, wanted))
    if found == shapes(ARCHITECTURES[nearest]):
        hint = f"Say `--segmenter {nearest}`."
        raise _refused(f"{path.name} is {nearest}, not {architecture.name}: {differences}.", hint)
    if nearest != architecture.name:
        raise _refused(f"{path.name} looks like {nearest}, not {architecture.name}: {differences}.")
    raise _refused(f"{path.name} looks like {architecture.name}, but not exactly: {differences}.")


def shapes(architecture: Architecture) -> dict[str, tuple[int, ...]]:
    """Names and shapes of every tensor of the architecture's public checkpoint."""
    state = build_sam(architecture.encoder, "meta").state_dict()
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def parameters(architecture: Architecture) -> int:
    """How many numbers its checkpoint holds."""
    return sum(map(prod, shapes(architecture).values()))


def _read_torch(path: Path, *, mapped: bool) -> Any:
    if mapped:
        _check_archive(path)
    try:
        return torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    except pickle.UnpicklingError as error:
        if not mapped and "Weights only" not in str(error):
            raise _damaged(path) from error
        raise _refused(
            f"{path.name} holds more than tensors, and reading that could run code from it: it was not opened.",
            "Ask for the file with the weights alone, or as .safetensors.",
        ) from error
    except Exception as error:  # what a file makes torch stumble over has no one class
        raise _damaged(path) from error


def _check_archive(path: Path) -> None:
    """Refuse a zip archive before torch opens it, unless it is laid out as `torch.save` does."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
        raise _damaged(path) from error
    names = [entry.filename for entry in entries]
    if any(name.endswith("/constants.pkl") for name in names):
        raise _refused(f"{path.name} is a TorchScript program, not a checkpoint.")
    pickles = [entry for entry in entries if entry.filename.endswith("data.pkl")]
    if not pickles:
        raise _refused(f"{path.name} is a zip archive of {_few(names, 'file')}, not a checkpoint.")
    packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in entries)
    if packed or any(entry.file_size > _LARGEST_PICKLE for entry in pickles):
        raise _refused(f"{path.name} is a zip archive that unpacks to more than it says: it was not opened.")


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return _plain(load_file(path))
    except (SafetensorError, ValueError, OSError) as error:
        raise _damaged(path) from error


def _named(content: Any, path: Path) -> dict[str, Tensor]:
    """The tensors in what torch.load gave, also from under one of the usual wrappers."""
    if isinstance(content, Mapping):
        for wrapper in _WRAPPERS:
            if isinstance(content.get(wrapper), Mapping):
                content = content[wrapper]
                break
        if content and all(isinstance(one, Tensor) for one in content.values()):
            return _plain({str(name): one for name, one in content.items()})
        what = f"a dictionary of {_few([str(key) for key in content], 'entry', 'entries')}"
    else:
        what = f"one {type(content).__name__}"
    raise _refused(f"{path.name} holds {what}, not the tensors of a network by name.")


def _plain(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Without what some training programs put before every name."""
    for prefix in _PREFIXES:
        if all(name.startswith(prefix) for name in tensors):
            return {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}
    return tensors


def _is_safetensors(start: bytes) -> bool:
    """Eight bytes with the length of a JSON header, then that header."""
    return start[8:9] == b"{" and int.from_bytes(start[:8], "little") < _LONGEST_HEADER


def _looks_like(start: bytes) -> str:
    if not start:
        return "it is empty"
    text = start.lstrip().lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "it is a web page, perhaps what a download link answered instead of the file"
    if text.startswith(b"version https://git-lfs"):
        return "it is a Git LFS pointer; `git lfs pull` fetches the file it stands for"
    if b"onnx" in text or b"pytorch" in text[:64]:
        return "it is an ONNX network, exported already"
    if start.isascii():
        return f"it is text, starting with {start[:40].decode('ascii').strip()!r}"
    return f"it starts with the bytes {start[:8].hex(' ')}, which neither PyTorch nor safetensors writes"


def _differences(found: Mapping[str, tuple], wanted: Mapping[str, tuple]) -> list[str]:
    """What differs, as parts of a sentence."""
    said = []
    reshaped = [name for name in wanted if name in found and found[name] != wanted[name]]
    if reshaped:
        name = reshaped[0]
        others = f", and {len(reshaped) - 1} more differ in shape" if len(reshaped) > 1 else ""
        said.append(f"{name} is {_times(found[name])} and should be {_times(wanted[name])}{others}")
    missing = [name for name in wanted if name not in found]
    if missing:
        said.append(f"missing is {_few(missing, 'tensor')}")
    foreign = [name for name in found if name not in wanted]
    if foreign:
        said.append(f"too much is {_few(foreign, 'tensor')}")
    return said


def _agreement(found: Mapping[str, tuple], wanted: Mapping[str, tuple]) -> float:
    """The part of the wanted numbers that the file has under the right name and shape."""
    same = sum(prod(shape) for name, shape in wanted.items() if found.get(name) == shape)
    return same / sum(map(prod, wanted.values()))


def _few(names: list[str], one: str, many: str | None = None) -> str:
    """`2 tensors (a, b)`, with the first few names."""
    shown = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
    return f"{len(names)} {one if len(names) == 1 else many or one + 's'}" + (f" ({shown})" if names else "")


def _times(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "a single number"


def _damaged(path: Path) -> UnsupportedSegmenter:
    megabytes = path.stat().st_size / 1e6
    whole = ", ".join(f"{name} {4 * parameters(one) / 1e6:,.0f} MB" for name, one in ARCHITECTURES.items())
    return _refused(
        f"{path.name} is damaged or was cut short: it has {megabytes:,.1f} MB (whole ones have about: {whole}).",
        "Download it again.",
    )


def _refused(message: str, hint: str = _HINT) -> UnsupportedSegmenter:
    return UnsupportedSegmenter(message, hint=hint)
