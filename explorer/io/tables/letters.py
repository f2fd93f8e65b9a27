"""In which encoding a table's letters are written, told from those of its words that are not ASCII.

A table has few such words, often one or two: too few for programs that look at running text. Each encoding is given a
chance here by how usual the letters are that it makes of the bytes, and whether they stand as letters do in words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

ENCODINGS = {
    "utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS 850", "cp437": "DOS 437",
    "iso8859_15": "Latin-9", "cp1250": "Windows-1250", "iso8859_2": "Latin-2", "cp852": "DOS 852",
    "cp1251": "Windows-1251", "koi8_r": "KOI8-R", "cp866": "DOS 866", "cp1253": "Windows-1253",
    "cp1254": "Windows-1254", "cp1255": "Windows-1255", "cp1256": "Windows-1256", "cp1257": "Windows-1257",
    "cp932": "Shift-JIS", "euc_jp": "EUC-JP", "gb18030": "GBK", "big5": "Big5", "cp949": "Korean (949)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (little-endian)", "utf-16-be": "UTF-16 (big-endian)", "utf-32": "UTF-32",
    "utf-32-le": "UTF-32 (little-endian)", "utf-32-be": "UTF-32 (big-endian)",
}  # fmt: skip
"""Name for Python and ``--encoding`` -> in words."""
WORD = re.compile(rb"[^\s,;\"]*[\x80-\xff][^\s,;\"]*")
"""A run of bytes with letters that are not ASCII; no encoding below has one of the signs between runs in a letter."""
MAX_WORDS = 5_000
_MOST_TOLD = 300
_LATIN = "latin"
_WEST = (
    "äüöß", "éèàêçôâîûïëùœ", "óíáéñúü", "ãçáéíóõêúâôà", "èàòùìé", "äöåé", "øåæé", "éëïöüèçó", "íáðéþöóúýæ",
)  # fmt: skip
_CENTRAL = ("ąęłóśżćńź", "íáéěčřýžšůúťďňó", "áíčéžšýľúťôňäďŕĺó", "éáöóőüíűú", "ăîâşţ", "čšžćđ", "äüöß")
_BALTIC = ("ėšųžįąęčū", "āīēšūņļžģčķ", "äõüöšž")
_RUSSIAN = ("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", "оаиінвртескдлмупяьзгбчйхжцїшюєщфґ")
_GREEK = ("αοιετσνηυρπκμλςόίάέήύώδγχωθφβξζψϊϋ",)
_SIGNS = frozenset("°µ²³€£§±–—’‘“”«»…×½¼·®©™ªº¿¡№%\xa0")
_INSIDE, _BESIDE = frozenset("’–"), frozenset("µ°²³’–ªº№")
"""Signs that may stand between two letters, and beside one."""
_NO_NEIGHBOURS = frozenset("{}|\\~^`@[]")
"""Signs beside which no letter stands in a word: second bytes of an encoding of two."""
_SPREAD, _FOREIGN, _MIXED, _SIGN = 3.0, math.log(1 / 1500), 3.0, math.log(1 / 15)
"""Of the chances of letters: how they fall from one to the next, of one that no word of a language has, what words in
several languages cost, and of a sign such as °."""


@dataclass(frozen=True)
class _Encoding:
    """An encoding that may be meant.

    Args:
        languages: letters of each that are not ASCII, in small, the most usual first.
        script: "latin", or another one, whose letters do not stand beside Latin ones.
        prior: natural logarithm of how usual it is, beside Windows' Western one.
        is_usual: of an encoding of two bytes, whether the bytes of a sign are those of the usual ones.
    """

    languages: tuple[str, ...]
    script: str
    prior: float
    is_usual: Callable[[bytes], bool] | None = None


_CANDIDATES: dict[str, _Encoding] = {
    "cp1252": _Encoding(_WEST, _LATIN, 0.0),
    "mac_roman": _Encoding(_WEST, _LATIN, -1.5),
    "cp850": _Encoding(_WEST, _LATIN, -1.5),
    "cp437": _Encoding(_WEST, _LATIN, -2.0),
    "iso8859_15": _Encoding(_WEST, _LATIN, -2.5),
    "cp1250": _Encoding(_CENTRAL, _LATIN, -0.7),
    "iso8859_2": _Encoding(_CENTRAL, _LATIN, -1.5),
    "cp852": _Encoding(_CENTRAL, _LATIN, -2.5),
    "cp1254": _Encoding(("ıüişçğöâîû",), _LATIN, -1.0),
    "cp1257": _Encoding(_BALTIC, _LATIN, -2.0),
    "cp1251": _Encoding(_RUSSIAN, "cyrillic", -0.5),
    "koi8_r": _Encoding(_RUSSIAN, "cyrillic", -1.5),
    "cp866": _Encoding(_RUSSIAN, "cyrillic", -1.5),
    "cp1253": _Encoding(_GREEK, "greek", -1.0),
    "cp1255": _Encoding(("יוהלאתרשמבנדעקחפצגכזטסםןףךץ",), "hebrew", -1.5),
    "cp1256": _Encoding(("اليمونرتبةدسعفحقكجطشصخضذزغظءآأإئؤىث",), "arabic", -1.5),
    "cp932": _Encoding((), "kana", -0.5, lambda sign: 0x88 <= sign[0] <= 0x97),
    "euc_jp": _Encoding((), "kana", -1.0, lambda sign: 0xB0 <= sign[0] <= 0xCF),
    "gb18030": _Encoding((), "han", -0.3, lambda sign: 0xB0 <= sign[0] <= 0xD7 and sign[1] >= 0xA1),
    "big5": _Encoding((), "han", -1.0, lambda sign: 0xA4 <= sign[0] <= 0xC6),
    "cp949": _Encoding((), "hangul", -2.5, lambda sign: 0xB0 <= sign[0] <= 0xC8 and sign[1] >= 0xA1),
}


@dataclass(frozen=True)
class Letters:
    """How words are written.

    Args:
        encoding: the likeliest.
        example: one of the words, in it.
        other: the next likely one that makes other letters of them; empty: none could be.
        other_example: a word in which the two differ, in the other encoding.
        margin: how much likelier the first is, as the natural logarithm of the ratio.
    """

    encoding: str
    example: str
    other: str = ""
    other_example: str = ""
    margin: float = math.inf


def tell_letters(words: Collection[bytes], like: str = "") -> Letters:
    """In which encoding words are written that are no UTF-8.

    Args:
        words: each once.
        like: the encoding of the table that a model learnt from.
    """
    listed = sorted(words)
    listed = listed[:: max(1, len(listed) // _MOST_TOLD)]
    chances: dict[tuple[str, ...], tuple[float, str]] = {}
    for name, encoding in _CANDIDATES.items():
        try:
            texts = tuple(word.decode(name) for word in listed)
        except UnicodeDecodeError:
            continue
        chance = encoding.prior + (6.0 if name == like else 0.0) + _chance(texts, name, encoding)
        if texts not in chances or chance > chances[texts][0]:
            chances[texts] = chance, name
    if not chances:
        return Letters("cp1252", listed[0].decode("cp1252", errors="replace") if listed else "")
    ordered = sorted(chances.items(), key=lambda item: -item[1][0])
    texts, (chance, name) = ordered[0]
    if len(ordered) == 1:
        return Letters(name, texts[0])
    others, (less, other) = ordered[1]
    place = next(i for i, (one, two) in enumerate(zip(texts, others, strict=True)) if one != two)
    return Letters(name, texts[place], other, others[place], chance - less)


def is_utf8(word: bytes) -> bool:
    """Whether bytes are UTF-8."""
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _chance(texts: Sequence[str], name: str, encoding: _Encoding) -> float:
    """The logarithm of how likely the letters of words that are not ASCII are, in the likeliest of its languages."""
    placed = [
        (sign, text[place - 1 : place], text[place + 1 : place + 2])
        for text in texts
        for place, sign in enumerate(text)
        if not sign.isascii()
    ]
    if encoding.is_usual is not None:
        return sum(_of_wide(*letter, name, encoding) for letter in placed)
    place = sum(_in_its_place(*letter, encoding.script) for letter in placed)
    letters = [sign.lower() for sign, _, _ in placed if sign not in _SIGNS and sign.isalpha()]
    together = "".join(dict.fromkeys("".join(encoding.languages)))
    usual = [_usual(letters, language) for language in encoding.languages]
    return place + max(*usual, _usual(letters, together) - _MIXED)


def _usual(letters: Sequence[str], language: str) -> float:
    chances = {letter: -math.log((rank + 3) * _SPREAD) for rank, letter in enumerate(language)}
    return sum(chances.get(letter, _FOREIGN) for letter in letters)


def _in_its_place(sign: str, before: str, after: str, script: str) -> float:
    """How well a letter or sign stands between its neighbours."""
    is_inside = before.isalpha() and after.isalpha()
    misplaced = 3.0 * sum(other in _NO_NEIGHBOURS for other in (before, after) if other)
    if sign in _SIGNS:
        alone = 2.0 * sum(not (other.isascii() or other.isalpha()) for other in (before, after))
        alone += 2.0 if sign not in _BESIDE and (before.isalpha() or after.isalpha()) else 0.0
        return _SIGN - misplaced - alone - (6.0 if is_inside and (sign not in _INSIDE or script != _LATIN) else 0.0)
    if not sign.isalpha():
        control = 15.0 if "\x80" <= sign <= "\x9f" else 0.0
        return -8.5 - control - (4.0 if before.isalpha() or after.isalpha() else 0.0)
    total = -misplaced
    if sign != sign.lower():
        total += math.log(0.3) - (4.0 if before.islower() else 0.0)
        total -= 2.0 if before.isupper() and after.islower() else 0.0
        total -= 1.5 if not before and not after else 0.0  # a single capital is no word
    if before.isdigit() or after.isdigit():
        total -= 2.0
    neighbours = [other for other in (before, after) if other.isalpha()]
    if script == _LATIN:
        return total - 1.0 * sum(not other.isascii() for other in neighbours)
    return total - 5.0 * sum(other.isascii() for other in neighbours)


def _of_wide(sign: str, before: str, after: str, name: str, encoding: _Encoding) -> float:
    written = sign.encode(name)
    if len(written) == 1:  # katakana of half the width
        return math.log(1 / 1500)
    if "\u3040" <= sign <= "\u30ff":
        total = math.log(1 / 120 if encoding.script == "kana" else 1 / 20_000)
    elif "\uff00" <= sign <= "\uff60" or "\u3000" <= sign <= "\u303f":
        total = math.log(1 / 400)
    else:
        is_usual = encoding.is_usual is not None and encoding.is_usual(written)
        usual = 1 / 2000 if encoding.script == "hangul" else 1 / 3000
        total = math.log(usual if is_usual else 1 / 40_000)
    total -= 5.0 * sum(other.isascii() and other.isalpha() for other in (before, after))
    # A second byte that is ASCII is told, too, where others leave it as it is.
    return total + (2.0 if written[-1] < 0x80 else 0.0)
