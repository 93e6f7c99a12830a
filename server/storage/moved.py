"""A data folder of which something was moved elsewhere does not open without it."""

from ..config import Settings
from ..errors import UnusableData
from ..paths import moved


def check_moved(settings: Settings) -> None:
    """Raises UnusableData where an empty database would be made beside files that another one knows, or an empty folder
    for files that are in a bucket."""
    file, blobs = settings.database_path, settings.data_path / "blobs"
    if not settings.database and moved(file).exists() and not file.exists():
        raise UnusableData(
            f"What was in {file} has been moved to another database.",
            hint=f"Name it with --database, or give {moved(file).name} its old name again.",
        )
    if not settings.bucket and moved(blobs).exists() and not blobs.exists():
        raise UnusableData(
            f"What was in {blobs} has been moved to a bucket.",
            hint=f"Name it with --blobs, or give {moved(blobs).name} its old name again.",
        )
