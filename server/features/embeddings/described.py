"""How an embedding stands, as the API tells of it."""

from ...contract.answers import ErrorShape
from ...runtime.queue.base import Job, JobStatus
from ...storage.tables import Embedding as Row
from . import schema


def described(job: Job, row: Row | None, status: JobStatus, seconds_left: float | None) -> schema.Embedding:
    """Of what the job makes. `row`: once it is made; None: `status` and `seconds_left` say when that will be."""
    image_id, segmenter, weights = (job.args[name] for name in ("image", "segmenter", "weights"))
    window = job.args.get("window")
    part = f"&window={window}" if window else ""
    failed = status.error if row is None else None
    return schema.Embedding(
        segmenter=segmenter,
        weights=weights,
        state="ready" if row is not None else status.state,
        position=status.position if row is None else None,
        seconds_left=seconds_left if row is None else None,
        bytes=row.bytes if row is not None else None,
        url=f"/api/images/{image_id}/embedding?segmenter={segmenter}&weights={weights}{part}",
        window=window,
        error=None if failed is None else ErrorShape(failed.code, failed.message, failed.hint),
    )
