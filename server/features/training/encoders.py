"""Of which segmenters the encoder can be trained here, as far as one knows without PyTorch, which no server imports."""

from pathlib import Path

from ...errors import BadRequest, Unavailable
from ...inference.catalog import SegmenterSpec
from .schema import EncoderTraining

_DRIVERS = (
    "/dev/nvidiactl",
    "/dev/kfd",  # AMD's
    "/dev/dxg",  # in Linux on Windows
    r"C:\Windows\System32\nvcuda.dll",
)


def has_gpu() -> bool:
    """Whether this machine has a GPU with a driver that PyTorch may use."""
    return any(Path(path).exists() for path in _DRIVERS)


def encoder_training(spec: SegmenterSpec, gpu: bool) -> EncoderTraining:
    if not spec.encoder_learns:
        return "unreadable"
    return "possible" if gpu else "no_gpu"


def check_encoder(what: str, spec: SegmenterSpec, gpu: bool) -> None:
    """Raises BadRequest, Unavailable where the encoder is to be trained and cannot be."""
    possible: EncoderTraining = encoder_training(spec, gpu) if what == "lora" else "possible"
    if possible == "unreadable":
        raise BadRequest(
            f"The encoder of {spec.title} can't be trained: its weights can't be read back from its file.",
            hint="Start from MobileSAM, or from a SAM ViT-B, ViT-L or ViT-H exported without --quantize.",
        )
    if possible == "no_gpu":
        raise Unavailable(
            "Training the encoder needs a GPU; this server has none.", hint="Train the decoder instead."
        )
