"""Names of files in bytes whose encoding nobody told: UTF-8 where they are that, else what they are most likely in.

Zip files of older and of East Asian systems, and tar files of older Unixes, name no encoding. Which is likely shows in
what else names the files, and in the letters that come out.
"""

import unicodedata
from collections.abc import Callable, Sequence

_JUDGED, _SOUGHT = 300, 30  # names that are judged, and of these sought in other files
# Lead bytes of the characters that most words are written in; of the others names are rarely made.
_COMMON = {
    "gbk": range(0xB0, 0xD8),
    "cp932": (0x82, 0x83, *range(0x88, 0x98)),
    "big5": range(0xA4, 0xC7),
    "cp949": range(0xB0, 0xC9),
    "euc_jp": (0xA4, 0xA5, *range(0xB0, 0xD0)),
}
_ALPHABETS = ("cp1252", "cp850", "cp437", "cp866", "cp1251", "cp852", "cp1250")
_LEAST_TRAIL = {"gbk": 0xA1, "cp949": 0xA1}  # below it lie rare characters that were added later


def decode_names(raws: Sequence[bytes], is_written: Callable[[str], bool] = lambda _: False) -> list[str]:
    """Each name as text: in UTF-8, and those that are not all in one other encoding.

    `is_written`: whether other files speak of a file of this name.
    """
    others = [raw for raw in raws if not _is_utf8(raw)]
    encoding = _likeliest(others[:_JUDGED], is_written) if others else "utf-8"
    return [raw.decode() if _is_utf8(raw) else raw.decode(encoding, "replace") for raw in raws]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _likeliest(raws: Sequence[bytes], is_written: Callable[[str], bool]) -> str:
    best, chosen = (0, 0.0), "latin-1"
    for encoding in (*_COMMON, *_ALPHABETS):
        try:
            names = [raw.decode(encoding) for raw in raws]
        except UnicodeDecodeError:
            continue
        likely = (sum(map(is_written, names[:_SOUGHT])), _plausibility(names, encoding))
        if likely > best:
            best, chosen = likely, encoding
    return chosen


def _plausibility(names: Sequence[str], encoding: str) -> float:
    """0 to 1, over all characters that are not ASCII."""
    scores = [
        _ideograph(c, encoding) if encoding in _COMMON else _letter(name, place)
        for name in names
        for place, c in enumerate(name)
        if not c.isascii()
    ]
    return sum(scores) / len(scores) if scores else 0.0


def _ideograph(character: str, encoding: str) -> float:
    raw = character.encode(encoding)
    if len(raw) == 2 and raw[0] in _COMMON[encoding] and raw[1] >= _LEAST_TRAIL.get(encoding, 0):
        return 1.0
    return 0.3 if len(raw) > 1 else 0.2


def _letter(name: str, place: int) -> float:
    """A letter among letters of its alphabet, of the case that they let expect, is likely."""
    character = name[place]
    if not character.isalpha():
        return 0.1
    before, after = name[place - 1 : place], name[place + 1 : place + 2]
    around = [each for each in (before, after) if each.isalpha()]
    if any(_alphabet(each) != _alphabet(character) for each in around):
        return 0.1
    if character.isupper() and before.islower():
        return 0.2
    accented_alone = _alphabet(character) == "LATIN" and around and not any(each.isascii() for each in around)
    return 0.3 if accented_alone else 0.9


def _alphabet(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]
