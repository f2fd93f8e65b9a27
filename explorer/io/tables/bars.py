r"""Tables drawn with vertical bars and lines of dashes, as Markdown and the consoles of databases write them.

A line of dashes is no row, a bar around a row cuts nothing, and ``\|`` is a bar within a cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.io.tables.dialect import CUT, Asked, DialectFinding
from explorer.io.tables.frame import MAX_LINES_ABOVE

_RULE = re.compile(r"\s*[|+]?(\s*:?[-=]{3,}:?\s*[|+])+(\s*:?[-=]{3,}:?\s*)?$|\s*\|\s*:?-{3,}:?\s*\|\s*$")
"""A line of dashes between rows, with three or more of them in each cell."""
_SHORT = re.compile(r"\s*\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?\s*)?$")
"""As Markdown takes it below the names: one dash is enough."""
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class BarForm:
    """Takes off what is drawn around the cells of a line.

    Args:
        rule: the line of dashes below the names, where it is shorter than others; empty: it is not.
        edges: whether a bar stands before and behind each row.
        has_rules: there are lines of dashes; else bars alone, with quotes around cells where these hold one.
    """

    rule: str
    edges: tuple[bool, bool]
    has_rules: bool
    between = "|"

    @property
    def for_reader(self) -> str:
        """The sign that cuts the lines given."""
        return CUT if self.has_rules else self.between

    def __call__(self, line: str) -> str:
        """A line without bars around it; empty where it is drawn."""
        text = line.strip()
        if self.has_rules and (_RULE.match(text) or text == self.rule):
            return ""
        if self.edges[0]:
            text = text.removeprefix("|")
        if self.edges[1]:
            text = text.removesuffix("|")
        if not self.has_rules:
            return f"{text}\n"
        return CUT.join(cell.strip().replace("\\|", "|") for cell in _BAR.split(text)) + "\n"


def find_bars(lines: Sequence[str], asked: Asked) -> BarForm | None:
    """What is drawn around the cells of a file; None where nothing is.

    Args:
        lines: from its start and all over it.
        asked: what is known of its dialect.
    """
    if asked.delimiter not in (None, "|") or asked.widths:
        return None
    full = [line.strip() for line in lines if line.strip()]
    for place, line in enumerate(full[: MAX_LINES_ABOVE + 1]):
        # A rule stands below the names, or above them, too.
        before, behind = full[place - 1] if place else "", full[place + 1] if len(full) > place + 1 else ""
        names = before if "|" in before else behind
        is_first = place > 0 and not any("|" in above for above in full[: place - 1])
        if "|" in names and (_RULE.match(line) or (is_first and _SHORT.match(line))):
            rule = "" if _RULE.match(line) else line
            return BarForm(rule, (names.startswith("|"), names.endswith("|")), True)
    if len(full) > 1 and all(line.startswith("|") and line.endswith("|") and len(line) > 1 for line in full):
        return BarForm("", (True, True), False)
    return None


def bars_finding(form: BarForm) -> DialectFinding:
    """That bars stand around the rows."""
    dashes = ", lines of dashes are no rows" if form.has_rules else ""
    return DialectFinding(
        what="delimiter", value="vertical bar", reason=f"bars stand between cells, and may stand around rows{dashes}",
        confidence=0.95, flag="--delimiter SIGN",
    )  # fmt: skip
