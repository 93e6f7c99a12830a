"""Names of people: as they are compared, and what must not be in them, so that nobody can look like somebody else."""

import re
import unicodedata

from ...errors import BadRequest

MOST_KEY = 200  # characters of a name as it is compared
_ALIKE = (
    "LATIN",
    "CYRILLIC",
    "GREEK",
    "ARMENIAN",
    "CHEROKEE",
    "COPTIC",
    "LISU",
)  # alphabets with common letters
_WITHIN_WORDS = "LMN"  # letters, what stands on them, and digits
# Printable to Python, but blank or nothing on the screen: fillers, joiners, variation selectors, Braille's blank.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def name_key(name: str) -> str:
    """The same for names that look the same but for upper and lower case, width, style and blanks."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.split())


def is_seen(character: str) -> bool:
    return character.isprintable() and _BLANK.match(character) is None


def check_name(name: str, called: str, error: type[BadRequest]) -> str:
    """Of characters that are seen. Raises `error`; `called` begins its sentence."""
    key = name_key(name)
    if not 1 <= len(key) <= MOST_KEY:
        raise error(f"{called} is too long when it is written out.")
    if mixed := mixed_word(key):
        raise error(
            f"{called} must not mix alphabets within a word.",
            hint=f'"{mixed}" has letters of several that look alike, as Latin and Cyrillic ones do.',
        )
    return name


def mixed_word(key: str) -> str | None:
    """A word with letters of several alphabets that look alike. `key`: see `name_key`."""
    within = "".join(c if unicodedata.category(c)[0] in _WITHIN_WORDS else " " for c in key)
    return next((word for word in within.split() if len(_alphabets(word)) > 1), None)


def _alphabets(word: str) -> set[str]:
    return {each for c in word for each in _ALIKE if unicodedata.name(c, "").startswith(f"{each} ")}
