"""The browser's types are those of the server's structs."""

import re

from server.openapi.browser_types import FILE, write
from server.openapi.schemas import structs


def test_the_types_are_up_to_date():
    told = "run `python -m server.openapi.browser_types`"
    assert FILE.read_text("utf-8") == write(), told


def test_every_struct_is_a_type():
    assert re.findall(r"^export interface (\w+) ", write(), re.M) == [each.__name__ for each in structs()]
