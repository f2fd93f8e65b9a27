"""The glossary and the code use the same words."""

from __future__ import annotations

import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from explorer.core import places

ROOT = places.shipped("docs").parent
UNCLEAR = {"found", "now", "there"}
"""Whole names that do not say what they hold."""


def rows() -> list[list[str]]:
    """The cells of the glossary's table, without its head."""
    lines = (ROOT / "docs" / "glossary.md").read_text().splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return table[2:]


def parts(name: str) -> set[str]:
    """The words of an identifier: of ``UserImage`` user and image."""
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")) - {""}


@cache
def names() -> dict[str, set[Path]]:
    """Identifier -> the files that have it; the standard library's ``x.now`` and words in texts do not count."""
    identifiers: dict[str, set[Path]] = {}
    for path in sorted([*(ROOT / "explorer").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]):
        if "node_modules" in path.parts:
            continue
        before = ""
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
            if token.type == tokenize.NAME and not (before == "." and token.string in UNCLEAR):
                identifiers.setdefault(token.string, set()).add(path.relative_to(ROOT))
            before = token.string
    return identifiers


def offences(identifiers: dict[str, set[Path]], retired: set[str]) -> list[str]:
    """The identifiers that have a retired word as a part, or say nothing, with their files."""
    return [
        f"{name}: {', '.join(map(str, sorted(files)))}"
        for name, files in identifiers.items()
        if parts(name) & retired or name in UNCLEAR
    ]


def retired() -> set[str]:
    return {word for row in rows() for word in re.findall(r"\w+", row[3])}


@pytest.mark.slow
def test_no_identifier_has_a_retired_word() -> None:
    assert {"rival", "judging", "likeness", "oddest", "kit"} <= retired()
    assert offences(names(), retired()) == []


def test_every_name_in_the_glossary_is_in_the_code() -> None:
    wanted = {name for row in rows() for name in re.findall(r"`(\w+)`", row[2])}
    assert len(wanted) > 20
    assert wanted - set(names()) == set()


def test_a_retired_word_is_seen_in_any_spelling() -> None:
    where = {Path("a.py")}
    spellings = ("rivals_of", "RivalScores", "_rival", "ODD_ROWS", "found", "judge")
    fine = ("FileNotFoundError", "arrivals", "model", "founded", "code")
    assert len(offences(dict.fromkeys(spellings, where), retired())) == len(spellings)
    assert offences(dict.fromkeys(fine, where), retired()) == []


PHRASES = ("at hand", "Take away the", "Draw with the points", "Turn around", "held out item 0")
"""What a student in another country does not read at once; each was once in a page."""


@pytest.mark.slow
def test_no_text_has_a_phrase_that_was_written_anew() -> None:
    files = [*(ROOT / "explorer").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), *(ROOT / "explorer").rglob("*.js")]
    texts = {path: path.read_text() for path in files if not {"node_modules", "built"} & set(path.parts)}
    assert len(texts) > 300
    phrase = re.compile(rf"\b({'|'.join(PHRASES)})\b")
    assert {path.name: match[0] for path, text in texts.items() if (match := phrase.search(text))} == {}
