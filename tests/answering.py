"""Services whose calls give what the API answers: plain JSON values in the place of structs."""

from msgspec import Struct

from server.contract import to_json


class Answering:
    def __init__(self, service):
        self._service = service

    def __getattr__(self, name):
        found = getattr(self._service, name)
        return (lambda *args, **options: plain(found(*args, **options))) if callable(found) else found


def plain(value):
    if isinstance(value, Struct):
        return to_json(value)
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return type(value)(map(plain, value)) if type(value) in (list, tuple) else value
