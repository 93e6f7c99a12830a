"""How log lines look, as text or as JSON; what a line is about; and what no line holds.

What stands in quotation marks is somebody's words: the name of a file, a label or a person. All who write lines quote
such words (`%r`), and unless `--log-names` asks for them, they are left out here. Secrets always are."""

import json
import logging
import re
import time
from collections.abc import Mapping
from contextvars import ContextVar, Token
from types import MappingProxyType
from typing import Any

HIDDEN = "'...'"
_QUOTED = re.compile(r"(?<![\w'\"])[bur]?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?!\w)")
_DETAIL = re.compile(r"^DETAIL: .*")  # of PostgreSQL: a row's values, without marks
_HEADERS = re.compile(r"\b(cookie|authorization): *.*", re.IGNORECASE)
_SECRETS = re.compile(  # after what one finds them
    r"(/s/|\bsmp_|\bwhsec_|\b(?:Bearer|Basic) +|\b(?:password|token|secret)=|://[^\s/:@]*:(?!\d+(?:/|$)))[^\s&,'\"@]+",
    re.IGNORECASE,
)
_about: ContextVar[Mapping[str, str]] = ContextVar("samphire_about", default=MappingProxyType({}))


def about(**what: str) -> Token[Mapping[str, str]]:
    """From here on, lines of this greenlet are about that: a request, an event, a job."""
    return _about.set(what)


def subject() -> Mapping[str, str]:
    """What lines are about just now."""
    return _about.get()


def no_more(token: Token[Mapping[str, str]]) -> None:
    """Lines are about what they were before."""
    _about.reset(token)


def without_secrets(text: str) -> str:
    return _SECRETS.sub(r"\1...", _HEADERS.sub(r"\1: ...", text))


def without_names(text: str) -> str:
    """Lines that begin with a space are a traceback's frames: code, and where it stands."""
    return "\n".join(
        line if line[:1].isspace() else _DETAIL.sub("DETAIL: ...", _QUOTED.sub(HIDDEN, line))
        for line in text.split("\n")
    )


class _Lines(logging.Formatter):
    def __init__(self, names: bool) -> None:
        super().__init__()
        self._names = names

    def clean(self, text: str) -> str:
        return without_secrets(text if self._names else without_names(text))

    def trace(self, record: logging.LogRecord) -> str:
        """What it came of, if that was an exception."""
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        return self.clean(record.exc_text or "")


class TextLines(_Lines):
    def format(self, record: logging.LogRecord) -> str:
        line = f"{record.levelname} {record.name}: {self.clean(record.getMessage())}"
        what = " ".join(f"{name} {value}" for name, value in subject().items())
        line += f" ({what})" if what else ""
        trace = self.trace(record)
        return f"{line}\n{trace}" if trace else line


class JsonLines(_Lines):
    """One object a line. `time`: UTC."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{moment}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.clean(record.getMessage()),
            **subject(),
        }
        trace = self.trace(record)
        if trace:
            line["trace"] = trace
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str, form: str, names: bool, ours: tuple[str, ...]) -> None:
    """Lines on stderr. `ours`: loggers at the level asked for; others speak only of what goes wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(names) if form == "json" else TextLines(names))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.captureWarnings(form == "json")
    for name in ours:
        logging.getLogger(name).setLevel(level.upper())
