"""The jobs that encode: of an image, what its embedding carries, and perhaps a window of the image."""

from ...inference.catalog import SegmenterSpec
from ...runtime.queue.base import Job, Urgency

ENCODE = "encode"  # their kind


def encode_job(
    image_id: str, maker: SegmenterSpec, urgency: Urgency = Urgency.WANTED, window: str = ""
) -> Job:
    """`maker`: whose encoder does it. `window`: the key of one, or "" for the whole image."""
    args = {"image": image_id, "segmenter": maker.id, "weights": maker.encoding}
    if window:
        args["window"] = window
    return Job(ENCODE, args, "/".join(args.values()), urgency)


def encodes(job: Job, image_id: str) -> bool:
    """Whether it encodes the image or a window of it."""
    return job.kind == ENCODE and job.args["image"] == image_id
