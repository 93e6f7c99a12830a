"""The addresses of people's work in numbers: how much of it there is, and how alike they segment."""

from ..domain.agreement.consensus import METHODS
from ..features.agreement.sheets import SHEETS
from ..features.numbers.service import FORMATS
from .operation import (
    Json,
    Operation,
    bytes_answer,
    choice_in_query,
    flag_in_query,
    in_path,
    in_query,
    json_answer,
    json_body,
)
from .project_operations import PROJECT

_ANSWER = json_answer("Numbers", "Of everybody for managers, else of oneself.")

NUMBER_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        "/api/projects/{project_id}/numbers",
        "getNumbers",
        "What people did in a project between two days.",
        {200: {**_ANSWER, "content": {**_ANSWER["content"], "text/csv": {}}}},
        (400, 404),
        description="Counted when it is done, and kept when events are not. Days are UTC's.",
        parameters=(
            PROJECT,
            in_query("from", "string", "The first day, as 2026-01-01; 30 days when left out.", maxLength=10),
            in_query("to", "string", "The last day, included; today when left out.", maxLength=10),
            choice_in_query("format", "json when left out.", *FORMATS),
        ),
    ),
)

_IN_PROJECT = "/api/projects/{project_id}"
_IMAGE = in_path("image_id", "Id of an image.")
_OF_IMAGE = f"{_IN_PROJECT}/images/{{image_id}}"
_DONE = "Compared are people who are done with an image that they annotated unseen by each other"
_SHEET: Json = in_path("sheet", "Which table.") | {"schema": {"type": "string", "enum": list(SHEETS)}}

AGREEMENT_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        f"{_IN_PROJECT}/agreement",
        "getAgreement",
        "How alike the people of a project segment.",
        {200: json_answer("AgreementReport", "As of when it was last worked out.")},
        (404,),
        description=f"{_DONE}; on gold images also each with the common objects, for managers.",
        parameters=(PROJECT,),
    ),
    Operation(
        "post",
        f"{_IN_PROJECT}/agreement",
        "updateAgreement",
        'Work out what has changed; ask again until `state` is "none".',
        {202: json_answer("AgreementReport", "As of the last time, and how far it is.")},
        (404, 507),
        parameters=(PROJECT,),
    ),
    Operation(
        "get",
        f"{_IN_PROJECT}/agreement/images",
        "listImageAgreement",
        "The images that were compared, those with the least agreement first.",
        {200: json_answer("ImageAgreementPage", "A page of them.")},
        (400, 404),
        parameters=(
            PROJECT,
            in_query("person", "string", "Only pairs with this account."),
            in_query("label", "string", "As if this label, by its id, were the only one."),
            in_query("offset", "integer", "How many to leave out at the beginning."),
            in_query("limit", "integer", "How many, at most 200; 50 when left out."),
        ),
    ),
    Operation(
        "get",
        f"{_IN_PROJECT}/agreement/{{sheet}}.csv",
        "getAgreementSheet",
        "A table of the report for spreadsheets.",
        {200: bytes_answer("CSV, in UTF-8.", "text/csv")},
        (404,),
        parameters=(PROJECT, _SHEET),
    ),
    Operation(
        "get",
        f"{_OF_IMAGE}/agreement",
        "compareImage",
        "Whose object of an image is whose, two people at a time.",
        {200: json_answer("ImageComparison", "As it is now.")},
        (404, 409),
        parameters=(PROJECT, _IMAGE),
    ),
    Operation(
        "get",
        f"{_OF_IMAGE}/differences.png",
        "drawDifferences",
        "Where two people differ, as a transparent picture to lie over the image.",
        {200: bytes_answer("A PNG: what only the first, only the second, and both have.", "image/png")},
        (400, 404, 409),
        parameters=(
            PROJECT,
            _IMAGE,
            in_query("first", "string", 'Id of an account, or "common" on a gold image.', required=True),
            in_query("second", "string", "Id of another one.", required=True),
            flag_in_query("large", "Up to 1600 pixels instead of 256."),
        ),
    ),
    Operation(
        "post",
        f"{_OF_IMAGE}/consensus",
        "makeConsensus",
        "Make common objects of an image of what several people made.",
        {201: json_answer("ConsensusAnswer", "They are there, and how to undo it.")},
        (400, 404, 409, 413, 507),
        parameters=(PROJECT, _IMAGE),
        body=json_body("NewConsensus", {"method": METHODS[0]}),
    ),
    Operation(
        "get",
        f"{_IN_PROJECT}/consensus",
        "getConsensus",
        "On how many images common objects can be made, how far that is, and what was made last.",
        {200: json_answer("ConsensusStanding", "How it is.")},
        (404,),
        parameters=(PROJECT,),
    ),
    Operation(
        "post",
        f"{_IN_PROJECT}/consensus",
        "makeAllConsensus",
        "Make common objects on all images that everybody is done with and that have none.",
        {202: json_answer("ConsensusStanding", "It has begun.")},
        (400, 404, 409, 413, 507),
        parameters=(PROJECT,),
        body=json_body("NewConsensusRun", {"method": METHODS[1]}),
    ),
    Operation(
        "post",
        f"{_IN_PROJECT}/consensus/{{run_id}}/undo",
        "undoConsensus",
        "Take out again what was made at one time; objects that were changed since stay.",
        {200: json_answer("ConsensusStanding", "How it is after 5 seconds at most.")},
        (404, 409, 507),
        parameters=(PROJECT, in_path("run_id", "Its id.")),
    ),
)
