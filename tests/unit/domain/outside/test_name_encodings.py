"""Names of files in bytes whose encoding nobody told."""

import pytest

from server.domain.outside.name_encodings import decode_names

CHINESE = ["\u4ea4\u901a/\u7ea2\u7eff\u706f_001.jpg", "\u8857\u9053/\u884c\u4eba.png", "\u4e2d\u6587.jpg"]
JAPANESE = ["\u5199\u771f/\u30c6\u30b9\u30c8\u753b\u50cf.jpg", "\u65e5\u672c\u8a9e.png"]
TAIWANESE = ["\u7167\u7247/\u6e2c\u8a66\u5716\u50cf.jpg", "\u7e41\u9ad4\u4e2d\u6587.png"]
RUSSIAN = [
    "\u0443\u043b\u0438\u0446\u0430/\u041c\u0430\u0448\u0438\u043d\u0430 1.jpg",
    "\u043a\u043e\u0442.png",
]
FRENCH = ["for\u00eat/\u00e9t\u00e9.jpg", "caf\u00e9.png", "\u00c9cole.png"]
GERMAN = ["M\u00fcnchen/Stra\u00dfe.jpg"]
POLISH = ["zdj\u0119cia/\u017c\u00f3\u0142w.jpg", "ko\u0144.png"]


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (CHINESE, "gbk"),
        (JAPANESE, "cp932"),
        (TAIWANESE, "big5"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "cp1251"),
        (FRENCH, "cp850"),
        (FRENCH, "cp437"),
        (FRENCH, "cp1252"),
        (GERMAN, "cp437"),
        (GERMAN, "latin-1"),
        (POLISH, "cp852"),
        (["caf\u00e9.png"], "latin-1"),
        (["\u4e2d\u6587.jpg"], "gbk"),
        (CHINESE, "utf-8"),
        (["plain.png"], "ascii"),
    ],
)
def test_names_come_out_as_they_were_meant(names, encoding):
    assert decode_names([name.encode(encoding) for name in names]) == names


def test_what_other_files_say_decides():
    """The same bytes are sound Korean and sound Chinese."""
    korean = ["\uac15\uc544\uc9c0.jpg"]
    raws = [name.encode("cp949") for name in korean]
    assert decode_names(raws) != korean
    assert decode_names(raws, korean.__contains__) == korean
    assert decode_names([korean[0].encode("euc_kr")] * 1000, korean.__contains__) == korean * 1000


def test_each_name_in_utf_8_is_that():
    assert decode_names(["\u4e2d.png".encode(), "\u4e2d\u6587.png".encode("gbk")]) == [
        "\u4e2d.png",
        "\u4e2d\u6587.png",
    ]


@pytest.mark.parametrize("raw", [b"", b"\xff\xff\xff", b"\x80.png", b"\xff" * 5000, bytes(range(256))])
def test_nonsense_is_some_text(raw):
    (name,) = decode_names([raw])
    name.encode()
    assert decode_names([]) == []
