"""The formats annotations are written in. A new one is one file here and one line in FORMATS.

A format sees plain objects (`formats.objects`), never a session or a request.
"""

from server.formats import coco
from server.formats.objects import ExportFormat

FORMATS: dict[str, ExportFormat] = {
    "coco": ExportFormat("COCO JSON", "application/json", "json", coco.write),
}
