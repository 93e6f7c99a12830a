"""Imports, exports and formats as the API has them."""

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about, line, named
from ...contract.answers import Utc
from ..projects.labels_schema import LABELS, NAME_CHARACTERS

Existing = Literal["add", "skip", "replace"]
JobState = Literal["queued", "running", "done", "failed", "stopped"]
_Label = Annotated[str, line("A label of the project.", NAME_CHARACTERS, 'A name in "label_map"')]
LabelMap = Annotated[
    dict[str, _Label | None],
    about(
        "Labels of the project by what the files call them; null leaves their objects out.",
        says=f'"label_map" must be an object of at most {LABELS} names.',
        max_length=LABELS,
    ),
]
_EXISTING = named(
    "Objects that have the id of one imported before, in COCO, SA-1B or Label Studio, and differ from it: they are "
    "added beside it, skipped, or replace it.",
    "way to treat objects imported before",
)
_KEEP_GOING = about("Whether what can be read is imported though the rest cannot.")
_SKIP_MISSING = about("Whether to leave out annotations of missing images.")
_ASK_LABELS = about("Whether it asks what labels are that the project has not.")


class FileLabel(Resource):
    """A label of the files."""

    name: Annotated[str, about("As they call it.")]
    objects: Annotated[int, about("How many have it.")]


class ImportSummary(Resource, kw_only=True):
    """Files on their way into a project."""

    id: Annotated[str, about("Its id.")]
    project_id: Annotated[str, about("The project the files go into.")]
    source: Annotated[str, about("What was imported, as it was called.")]
    format: Annotated[str | None, about("The format of its annotations; null: only pictures are imported.")]
    keep_going: Annotated[bool, _KEEP_GOING]
    skip_missing: Annotated[bool, _SKIP_MISSING]
    ask_labels: Annotated[bool, _ASK_LABELS]
    label_map: LabelMap | None
    file_labels: Annotated[
        list[FileLabel] | None,
        about("What is asked for: the import goes on when it is resumed with a `label_map`."),
    ]
    existing: Annotated[Existing, _EXISTING]
    read_as: Annotated[str | None, about("The format its annotations were read in, once that is known.")]
    evidence: Annotated[str | None, about("Why it was read in that format, where that was found out.")]
    state: Annotated[
        JobState, about("stopped: may go on later; failed: nothing, or nothing more, can be imported.")
    ]
    total: Annotated[int | None, about("How many files there are, once that is known.")]
    added: Annotated[int, about("Pictures that are new to the project.")]
    known: Annotated[int, about("Pictures that were there already.")]
    failed: Annotated[int, about("What could not be imported.")]
    noted: Annotated[
        int,
        about(
            "Notes that do not stop the import: what was adjusted, and what was left out because it can never be "
            "imported."
        ),
    ]
    skipped: Annotated[int, about("Files with nothing to import.")]
    checked: Annotated[
        int, about("Images that are read, and come into the project when all of their dataset can.")
    ]
    objects: Annotated[int, about("Annotations that were added or replaced.")]
    bytes: Annotated[int, about("Of the file that was sent, while it is kept to be imported or resumed.")]
    error: Annotated[str | None, about("Why it stopped or failed.")]
    created_at: Utc
    updated_at: Utc


class ImportProblem(Resource):
    """What is wrong with a file, or with something in it."""

    position: Annotated[int, about("For `after`.")]
    name: Annotated[str, about("Of the file.")]
    status: Annotated[Literal["failed", "noted"], about("noted: it was imported all the same.")]
    message: Annotated[str | None, about("Where, what was found, what was expected.")]


class Import(ImportSummary, kw_only=True):
    """An import with what is wrong with single files."""

    problems: Annotated[list[ImportProblem], about("At most 200; `after` continues.")]


class ImportList(Resource):
    """The latest imports."""

    imports: Annotated[list[ImportSummary], about("The newest first.")]


class ImportResume(Request, kw_only=True):
    """How to go on; what is left out stays as it was."""

    format: Annotated[
        str | UnsetType | None, about('The format of its annotations; "auto", or "none" for images only.')
    ] = UNSET
    keep_going: Annotated[bool, _KEEP_GOING] | UnsetType = UNSET
    skip_missing: Annotated[bool, _SKIP_MISSING] | UnsetType = UNSET
    ask_labels: Annotated[bool, _ASK_LABELS] | UnsetType = UNSET
    label_map: LabelMap | UnsetType | None = UNSET
    existing: Annotated[Existing, _EXISTING] | UnsetType = UNSET


class FormatInfo(Resource):
    """A format of annotations."""

    id: Annotated[str, about("As in addresses.")]
    title: Annotated[str, about("What people call it.")]
    reads: Annotated[bool, about("Whether it can be imported.")]
    writes: Annotated[bool, about("Whether it can be exported to.")]
    extension: Annotated[str, about("Of a file in it; zip when it is several.")]
    several: Annotated[bool, about("Whether each image has a file of its own.")]
    keeps_details: Annotated[
        bool, about("Whether it says who made an object, if that is asked for; else provenance.csv does.")
    ]


class FormatList(Resource):
    """The formats there are."""

    formats: Annotated[list[FormatInfo], about("All of them.")]


class Loss(Resource):
    """What is lost of an annotation."""

    image: Annotated[str, about("The name of its image.")]
    annotation: Annotated[str | None, about("Its id; null: of the image itself.")]
    kind: Annotated[str, about("holes, parts, attributes, score, name, prompts or pixels.")]
    what: Annotated[str, about("A sentence.")]


class Losses(Resource):
    """What a format cannot carry."""

    images: Annotated[int, about("How many images there are to export.")]
    objects: Annotated[int, about("How many annotations they have.")]
    counts: Annotated[dict[str, int], about("How many objects lose what, by kind.")]
    losses: Annotated[list[Loss], about("The first 1000.")]


class ExportStanding(Resource):
    """How far the file of an export is."""

    file: Annotated[
        str, about("Its name, to ask for it again and to download it, while the project goes on changing.")
    ]
    state: Annotated[Literal["making", "ready"], about("ready: downloading it begins at once.")]
    images: Annotated[int, about("How many images have been read.")]
    total: Annotated[int, about("How many there are.")]


class Selected(Resource):
    """Images to export."""

    selected: Annotated[str, about("What stands for them in addresses, for a day.")]
