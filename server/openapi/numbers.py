"""The address of what people did, in numbers."""

from ..features.numbers.service import FORMATS
from .operation import Operation, choice_in_query, in_query, json_answer
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
