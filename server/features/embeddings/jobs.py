"""The jobs that encode: of an image, a segmenter and its weights, and perhaps a window of the image."""

from ...inference.catalog import SegmenterSpec
from ...runtime.queue.base import Job, Urgency

ENCODE = "encode"  # their kind


def encode_job(
    image_id: str, spec: SegmenterSpec, urgency: Urgency = Urgency.WANTED, window: str = ""
) -> Job:
    """`window`: the key of one, or "" for the whole image."""
    args = {"image": image_id, "segmenter": spec.id, "weights": spec.weights}
    if window:
        args["window"] = window
    return Job(ENCODE, args, "/".join(args.values()), urgency)


def encodes(job: Job, image_id: str) -> bool:
    """Whether it encodes the image or a window of it."""
    return job.kind == ENCODE and job.args["image"] == image_id


def encodes_window(job: Job, image_id: str) -> bool:
    return encodes(job, image_id) and "window" in job.args
