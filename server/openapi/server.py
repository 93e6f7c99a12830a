"""The server itself: this description, and what asks whether it is there."""

from .operation import Operation, bytes_answer

SERVER_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        "/api/openapi.json",
        "getOpenapi",
        "This description, for programs.",
        {200: {"description": "OpenAPI 3.1.", "content": {"application/json": {}}}},
    ),
    Operation(
        "get",
        "/api/docs",
        "getDocs",
        "This description, for people.",
        {200: bytes_answer("A page.", "text/html")},
    ),
    Operation(
        "get",
        "/healthz",
        "getHealth",
        "Whether the server answers; asks for no token.",
        {200: {"description": "It does.", "content": {"application/json": {}}}},
    ),
    Operation(
        "get",
        "/readyz",
        "getReadiness",
        "Whether requests can be sent to this process: its database answers and it is not stopping, for example; asks "
        "for no token.",
        {200: {"description": "They can.", "content": {"application/json": {}}}},
        (503,),
    ),
)
