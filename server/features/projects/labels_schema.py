"""The labels of a project as the API has them."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, UnsetType

from ...contract import Request, Resource, about, line, lines, matching, named
from ...domain.outside.json_values import MOST_BITS
from ...errors import BadRequest

LABELS = 10_000
NAME_CHARACTERS = 100
ID_CHARACTERS = 36
ATTRIBUTES = 50
CHOICES = 500
GROUP_CHARACTERS = 200
DESCRIPTION_CHARACTERS = 2000
COLOR = "#[0-9A-Fa-f]{6}"
AttributeType = Literal["text", "number", "choice", "flag"]

_Choices = Annotated[
    list[Annotated[str, line("One of them.", NAME_CHARACTERS, "A choice")]],
    about(
        'What to choose from, for type "choice" only.',
        says=f'"choices" must be a list of at most {CHOICES}.',
        max_length=CHOICES,
    ),
]
_LabelId = Annotated[
    str, about(says="An id of a label must be as the server gave it.", max_length=ID_CHARACTERS)
]
_REQUIRED = about("Whether it must be said.", says='The "required" of an attribute must be true or false.')


class LabelAttribute(Resource, kw_only=True):
    """Something to say of an object besides its label."""

    name: Annotated[str, line("1 to 100 characters.", NAME_CHARACTERS, "The name of an attribute")]
    type: Annotated[AttributeType, about("What is said.")]
    required: Annotated[bool, _REQUIRED] = False
    choices: _Choices | UnsetType = UNSET


def _tidied(value: "NewLabelAttribute", _called: str, error: type[BadRequest]) -> Any:
    """Each choice once, and none where nothing is chosen."""
    choices: list[str] = list(dict.fromkeys(value.choices))
    if value.type == "choice" and not choices:
        raise error("A choice attribute needs at least one choice.")
    return LabelAttribute(
        name=value.name,
        type=value.type,
        required=value.required,
        choices=choices if value.type == "choice" else UNSET,
    )


class NewLabelAttribute(Request, kw_only=True):
    """Something to say of an object besides its label."""

    noun = "The attribute"
    says = "An attribute is a JSON object."
    also = {
        "if": {"properties": {"type": {"const": "choice"}}},
        "then": {"required": ["choices"], "properties": {"choices": {"minItems": 1}}},
    }

    name: Annotated[str, line("1 to 100 characters.", NAME_CHARACTERS, "The name of an attribute")]
    type: Annotated[AttributeType, named("What is said.", "type of attribute")]
    required: Annotated[bool, _REQUIRED] = False
    choices: _Choices = []


def _names_differ(attributes: list[Any], _called: str, error: type[BadRequest]) -> list[Any]:
    if len({each.name for each in attributes}) < len(attributes):
        raise error("Two attributes of a label have the same name.")
    return attributes


class Label(Resource):
    """What an object can be."""

    id: Annotated[str, about("Its id.", max_length=ID_CHARACTERS)]
    name: Annotated[str, line("1 to 100 characters, the only one of this name.", NAME_CHARACTERS)]
    color: Annotated[str, matching("Its colour.", COLOR, "")]
    key: Annotated[str, matching("1 to 9 or a letter, the only one with it.", "[1-9A-Za-z]", "")] | None
    description: Annotated[str, lines("What the label stands for.", DESCRIPTION_CHARACTERS)]
    group: Annotated[
        str,
        line(
            'What it is listed under, the supercategory of COCO; "" for none.', GROUP_CHARACTERS, empty=True
        ),
    ]
    attributes: Annotated[
        list[LabelAttribute], about("What is asked of its objects, each under another name.")
    ]


class LabelList(Resource):
    """The labels of a project, in their order."""

    labels: Annotated[list[Label], about("All of them.")]
    version: Annotated[int, about("One more with every change of the list.")]


class LabelUses(Resource):
    """How much the labels of a project are used."""

    objects: Annotated[
        dict[str, int],
        about(
            "By the id of a label, how many objects have it, on all images, those in the trash included; "
            "labels that none has are left out."
        ),
    ]


class NewLabel(Request, kw_only=True):
    """A label that a project is to have."""

    noun = "The label"
    says = "A label is a JSON object."

    id: Annotated[_LabelId | None, about("Its id; null, or left out, for a new one.")] = None
    name: Annotated[
        str,
        line("1 to 100 characters, the only one of this name.", NAME_CHARACTERS, "The name of a label"),
    ]
    color: Annotated[
        str,
        matching("Its colour.", COLOR, 'The "color" of a label must be like "#1f77b4".', lower=True),
    ]
    key: (
        Annotated[
            str,
            matching(
                "1 to 9 or a letter, the only one with it.",
                "[1-9A-Za-z]",
                'The "key" of a label must be 1 to 9, a letter from a to z, or null.',
                lower=True,
            ),
        ]
        | None
    ) = None
    description: Annotated[
        str, lines("What the label stands for.", DESCRIPTION_CHARACTERS, "A description")
    ] = ""
    group: (
        Annotated[
            str,
            line(
                'What it is listed under, the supercategory of COCO; "" for none. Left out, it stays as it was.',
                GROUP_CHARACTERS,
                "The group of a label",
                empty=True,
            ),
        ]
        | None
    ) = None
    attributes: Annotated[
        list[Annotated[NewLabelAttribute, about(check=_tidied)]],
        about(
            "What is asked of its objects, each under another name.",
            says=f'"attributes" must be a list of at most {ATTRIBUTES}.',
            check=_names_differ,
            max_length=ATTRIBUTES,
        ),
    ] = []
    replaces: Annotated[
        list[_LabelId],
        about(
            "Ids of labels whose annotations get this one.",
            says=f'"replaces" must be a list of at most {LABELS}.',
            max_length=LABELS,
        ),
    ] = []


NewLabels = Annotated[
    list[NewLabel],
    about("All of them.", says=f'"labels" must be a list of at most {LABELS} labels.', max_length=LABELS),
]


ListVersion = Annotated[
    int,
    about(
        "The version of the list this was made from.",
        says='The "version" of the labels that were changed is missing.',
        absent=True,
        ge=-(2**MOST_BITS - 1),
        le=2**MOST_BITS - 1,
    ),
]


class NewLabelList(Request):
    """The labels a project is to have, and no others."""

    noun = "The body"

    labels: NewLabels
    version: ListVersion
