"""Tables in other encodings than UTF-8 are read right, or asked about with the right one among the answers."""

from __future__ import annotations

import pytest

from explorer.core.errors import DataError
from explorer.data.cells import texts
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.dialect import ENCODING, Asked
from explorer.io.tables.letters import tell_letters

WORDS = {
    "german": ("Höhe", "Größe", "über", "schön", "München", "Fläche"),
    "french": ("Température", "été", "forêt", "façade", "âge", "à"),
    "spanish": ("año", "corazón", "niño", "región", "país"),
    "polish": ("Wysokość", "źle", "Łódź", "Gdańsk", "żółty"),
    "czech": ("výška", "dobře", "špatně", "Plzeň", "žlutý"),
    "turkish": ("değil", "şey", "ağrı", "yüksek", "ışık"),
    "russian": ("Высота", "плохо", "хорошо", "Москва"),
    "ukrainian": ("Київ", "висота", "добре", "Львів"),
    "greek": ("Ύψος", "καλό", "κακό", "Αθήνα"),
    "arabic": ("ارتفاع", "جيد", "القاهرة"),
    "japanese": ("高さ", "良い", "悪い", "東京"),
    "chinese": ("高度", "良好", "不良", "北京", "重量"),
    "taiwanese": ("高度", "良好", "不良", "臺北"),
    "korean": ("높이", "좋음", "나쁨", "서울", "부산", "무게"),
}
WRITTEN = [
    ("german", "cp1252"), ("german", "mac_roman"), ("german", "cp850"), ("german", "cp437"), ("german", "iso8859_15"),
    ("french", "cp1252"), ("french", "mac_roman"), ("french", "cp850"), ("spanish", "cp1252"), ("spanish", "mac_roman"),
    ("polish", "cp1250"), ("polish", "iso8859_2"), ("polish", "cp852"), ("czech", "cp1250"), ("czech", "iso8859_2"),
    ("turkish", "cp1254"), ("turkish", "iso8859_9"), ("russian", "cp1251"), ("russian", "koi8_r"), ("russian", "cp866"),
    ("ukrainian", "cp1251"), ("greek", "cp1253"), ("greek", "iso8859_7"), ("arabic", "cp1256"),
    ("japanese", "shift_jis"), ("japanese", "euc_jp"), ("chinese", "gbk"), ("taiwanese", "big5"), ("korean", "euc_kr"),
    ("german", "utf-16-le"), ("german", "utf-16-be"), ("german", "utf-32-le"), ("german", "utf-32-be"),
    ("russian", "utf-16-le"), ("german", "utf-16"), ("chinese", "utf-32"),
]  # fmt: skip
"""Language and encoding."""


def table(words: tuple[str, ...], rows: int = 24) -> str:
    """One of the words names a column of numbers, all are values of a category."""
    cells = (f"{1.5 + 0.25 * i},{3.25 - 0.5 * (i % 7)},{words[i % len(words)]}\n" for i in range(rows))
    return f"{words[0]},b,kind\n" + "".join(cells)


def values(opened: FileRows, column: str) -> set[str]:
    return {cell for chunk in opened.chunks(as_text=[column]) for cell in texts(chunk.cells[column]).tolist()}


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_words_are_read_as_they_were_written(language: str, encoding: str) -> None:
    words = WORDS[language]
    opened = open_rows(table(words).encode(encoding), "t.csv")
    asked = [finding for finding in opened.contract.undecided if finding.what == ENCODING]
    if asked:
        readings = [reading for reading in asked[0].readings if isinstance(reading, Asked)]
        names = [open_rows(table(words).encode(encoding), "t.csv", reading).columns[0] for reading in readings]
        assert words[0] in names
        assert language in ("korean", "chinese"), f"{language} in {encoding} is asked about: {asked[0].reason}"
        return
    assert opened.columns[0] == words[0]
    assert values(opened, "kind") == set(words)


@pytest.mark.parametrize(("language", "encoding"), [row for row in WRITTEN if not row[1].startswith("utf")])
def test_of_each_single_word_it_is_right_or_not_sure(language: str, encoding: str) -> None:
    for word in WORDS[language]:
        if word.isascii():
            continue
        told = tell_letters({word.encode(encoding)})
        right = word.encode(encoding).decode(told.encoding) == word
        assert right or told.margin < 3, f"{word}: {told}"


def test_two_letters_that_may_be_meant_are_asked_about_with_both_and_either_can_be_said() -> None:
    content = "a,kind\n" + "".join(f"{i}.5,{'Höhe' if i % 2 else 'low'}\n" for i in range(20))
    written = content.encode("mac_roman")
    (finding,) = [finding for finding in open_rows(written, "t.csv").contract.undecided if finding.what == ENCODING]
    assert "'Höhe'" in finding.reason
    assert "Mac Roman" in finding.reason
    assert "--encoding mac_roman" in finding.flag
    told = open_rows(written, "t.csv", Asked(encoding="mac_roman"))
    assert values(told, "kind") == {"Höhe", "low"}
    assert "Mac Roman" in told.contract.line


def test_letters_that_change_nothing_are_said_but_not_asked() -> None:
    remarks = "a,b,remark\n" + "".join(f"{i}.5,{i % 7},Höhe number {i} of the hill\n" for i in range(60))
    contract = open_rows(remarks.encode("mac_roman"), "t.csv").contract
    assert not contract.undecided
    assert "'Höhe' in Mac Roman" in contract.line
    assert "--encoding" in contract.line


def test_what_cannot_be_told_is_as_in_the_table_that_was_learnt_from() -> None:
    words = ("Höhe", "low")
    learnt = open_rows(table(words).encode("mac_roman"), "t.csv", Asked(encoding="mac_roman")).contract
    again = open_rows(table(words).encode("mac_roman"), "new.csv", like=learnt)
    assert again.columns[0] == "Höhe"
    assert not again.contract.undecided


def test_signs_of_units_and_spaces_between_digits_are_not_asked_about() -> None:
    content = "weight °C,b\n" + "".join(f"{i}\xa0{100 + i},{i % 7}\n" for i in range(1, 30))
    opened = open_rows(content.encode("cp1252"), "t.csv", Asked(delimiter=","))
    assert opened.columns[0] == "weight °C"
    assert not opened.contract.undecided


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (table(WORDS["german"]).encode()[:-2] + b"\xc3", "cut off"),
        (table(("Größe",)).encode() + table(("Größe",)).encode("cp1252"), "in some places"),
    ],
)
def test_a_file_that_no_encoding_fits_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        open_rows(content, "t.csv")


@pytest.mark.parametrize(("said", "message"), [("utf-8", "no letters in utf-8"), ("hex", "no encoding called")])
def test_an_encoding_that_does_not_fit_is_named(said: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        open_rows(table(WORDS["german"]).encode("cp1252"), "t.csv", Asked(encoding=said))


def test_a_capital_amid_small_letters_is_no_word() -> None:
    told = tell_letters({"Température".encode("mac_roman")})  # "TempÄrature" in DOS 850
    assert told.encoding == "mac_roman"
    assert told.margin > 3
