"""With what every resource, request and event of the API is described, once: a struct. Its types, bounds and texts are
what is parsed, what is answered, what OpenAPI says and what the browser's types are made of. A feature's are in its
`schema.py`.
"""

from .fields import Request, Resource, about, line, line_pattern, lines, matching, named
from .json import to_json
from .parsing import parse
from .types import optional

__all__ = [
    "Request",
    "Resource",
    "about",
    "line",
    "line_pattern",
    "lines",
    "matching",
    "named",
    "optional",
    "parse",
    "to_json",
]
