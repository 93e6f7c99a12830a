"""How imports are asked for and told of, as schemas."""

from ..features.projects.labels import NAME_CHARACTERS
from .operation import choice_in_query, flag_in_query
from .schema import Schema, an_object, an_open_object, integer, line, list_of, or_null, string

_KEEP_GOING = flag_in_query(
    "keep_going", "1: import what can be, and list the rest; otherwise all, or nothing."
)
_SKIP_MISSING = flag_in_query(
    "skip_missing", "1: leave out annotations of images that are not there, instead of refusing them."
)
_SKIPS_MISSING = {"type": "boolean", "description": "Whether to leave out annotations of missing images."}
_EXISTING = string(
    "Objects that have the id of one imported before, in COCO, SA-1B or Label Studio, and differ from it: they are "
    "added beside it, skipped, or replace it.",
    enum=["add", "skip", "replace"],
)
_IN_EXISTING = choice_in_query(
    "existing", "What to do with objects imported before.", "add", "skip", "replace"
)
_ASK_LABELS = flag_in_query(
    "ask_labels", "1: wait to be told what labels are that the project has not, where it has any."
)
_ASKS_LABELS = {"type": "boolean", "description": "Whether it asks what labels are that the project has not."}
_LABEL_MAP = or_null(
    {
        "type": "object",
        "description": "Labels of the project by what the files call them; null leaves their objects out.",
        "additionalProperties": or_null(line("A label of the project.", NAME_CHARACTERS)),
    }
)
CHOICES = (_KEEP_GOING, _SKIP_MISSING, _ASK_LABELS, _IN_EXISTING)

IMPORT: dict[str, Schema] = {
    "id": string("Its id."),
    "project_id": string("The project the files go into."),
    "source": string("What was imported, as it was called."),
    "format": or_null(string("The format of its annotations; null: only pictures are imported.")),
    "keep_going": {
        "type": "boolean",
        "description": "Whether what can be read is imported though the rest cannot.",
    },
    "skip_missing": _SKIPS_MISSING,
    "ask_labels": _ASKS_LABELS,
    "label_map": _LABEL_MAP,
    "file_labels": or_null(
        list_of(
            an_object(
                "A label of the files.",
                {"name": string("As they call it."), "objects": integer("How many have it.")},
            ),
            "What is asked for: the import goes on when it is resumed with a `label_map`.",
        )
    ),
    "existing": _EXISTING,
    "read_as": or_null(string("The format its annotations were read in, once that is known.")),
    "evidence": or_null(string("Why it was read in that format, where that was found out.")),
    "state": string(
        "stopped: may go on later; failed: nothing, or nothing more, can be imported.",
        enum=["queued", "running", "done", "failed", "stopped"],
    ),
    "total": or_null(integer("How many files there are, once that is known.")),
    "added": integer("Pictures that are new to the project."),
    "known": integer("Pictures that were there already."),
    "failed": integer("What could not be imported."),
    "noted": integer(
        "Notes that do not stop the import: what was adjusted, and what was left out because it can never be imported."
    ),
    "skipped": integer("Files with nothing to import."),
    "checked": integer("Images that are read, and come into the project when all of their dataset can."),
    "objects": integer("Annotations that were added or replaced."),
    "bytes": integer("Of the file that was sent, while it is kept to be imported or resumed."),
    "error": or_null(string("Why it stopped or failed.")),
    "created_at": string("UTC.", format="date-time"),
    "updated_at": string("UTC.", format="date-time"),
}
RESUME: Schema = an_open_object(
    "How to go on; what is left out stays as it was.",
    {
        "keep_going": {"type": "boolean", "description": "Skip items that cannot be imported."},
        "skip_missing": _SKIPS_MISSING,
        "ask_labels": _ASKS_LABELS,
        "label_map": _LABEL_MAP,
        "existing": _EXISTING,
        "format": string('The format of its annotations; "auto", or "none" for images only.'),
    },
    (),
)
