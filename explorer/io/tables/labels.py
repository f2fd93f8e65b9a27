"""Which column of a table holds labels, told by its name, its words and its place."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping, Sequence

from explorer.io.findings import Finding
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.columns import ColumnFacts

LABEL = "label"
"""What a finding about a column of labels is of."""
LABELS = (
    "label", "labels", "class", "classes", "target", "targets", "y", "anomaly", "is_anomaly", "isanomaly", "outlier",
    "is_outlier", "fraud", "is_fraud", "isfraud", "attack", "is_attack", "attack_cat", "ground_truth", "groundtruth",
    "gt", "species", "diagnosis", "defect", "is_defect", "category", "outcome", "klasse", "classe", "clase", "etiqueta",
    "étiquette", "класс", "метка", "类别", "标签", "クラス", "ラベル",
)  # fmt: skip
"""Names of columns that are taken for labels where their cells look like classes, the surest first."""
MEASURED = ("label", "labels", "class", "target")
"""Names that say what a model is to find, whatever their cells look like: they are not learnt from."""
NORMAL = frozenset((
    "accept", "accepted", "benign", "clean", "genuine", "good", "ham", "healthy", "i.o.", "inlier", "intact", "io",
    "legit", "legitimate", "nominal", "normal", "ok", "okay", "pass", "passed",
))  # fmt: skip
ANOMALOUS = frozenset((
    "abnormal", "anomalous", "anomaly", "attack", "bad", "broken", "damaged", "defect", "defective", "fail", "failed",
    "failure", "fake", "fault", "faulty", "forged", "fraud", "fraudulent", "intrusion", "malicious", "malignant",
    "malware", "n.i.o.", "ng", "nio", "nok", "not ok", "novel", "outlier", "reject", "rejected", "sick", "spam",
    "suspicious",
))  # fmt: skip
"""A column that holds words of both kinds may say which rows are normal, whatever its name."""
_SURE = (
    frozenset(("benign", "genuine", "inlier", "legit", "legitimate", "normal")),
    frozenset((
        "abnormal", "anomalous", "anomaly", "attack", "fraud", "fraudulent", "intrusion", "malicious", "malignant",
        "malware", "novel", "outlier",
    )),
)  # fmt: skip
"""Those of them that nothing but labels says."""
_DEGREES = frozenset((
    "above normal", "below normal", "decreased", "elevated", "high", "increased", "large", "low", "medium", "moderate",
    "mild", "reduced", "severe", "small", "very high", "very low",
))  # fmt: skip
"""Beside these "normal" is a degree of something."""
_TRUTH = ({"0", "1"}, {"-1", "1"}, {"yes", "no"}, {"true", "false"}, {"y", "n"}, {"t", "f"}, {"positive", "negative"})
MAX_CLASSES, MAX_NUMBERED_CLASSES = 50, 20
_FEW, _MOST, MIN_ROWS = 10, 0.6, 10
"""Classes, the share of the largest among them, and rows, of a last column that may hold labels."""


class LabelFinding(Finding):
    """That a column may hold labels, which is asked about or said.

    Args:
        readings: what to say of it where that is asked, first how it is taken now; empty: it is only said.
    """

    readings: tuple[RolesAsked, ...] = ()


def find_label(facts: Sequence[ColumnFacts], said: Collection[str]) -> tuple[str, str]:
    """The column that looks like labels, by its name or its words, and why; empty where none does.

    Args:
        facts: of each column's cells.
        said: columns of which it is known what they are.
    """
    lowered = {fact.name.strip().lower().replace(" ", "_"): fact for fact in reversed(facts) if fact.name not in said}
    for name in LABELS:
        fact = lowered.get(name)
        # Beside an x, a y is a coordinate.
        if fact is not None and _are_classes(fact) and not (name == "y" and "x" in lowered):
            return fact.name, f"its name, and {fact.different} different values"
    for fact in lowered.values():
        words = {word(value): value for value in fact.values}
        normal, anomalous = (sorted(words.keys() & sure) for sure in _SURE)
        if normal and anomalous and _are_classes(fact):
            return fact.name, f"it says {words[normal[0]]!r} and {words[anomalous[0]]!r}"
    return "", ""


def may_hold_labels(facts: Sequence[ColumnFacts], inputs: Collection[str]) -> ColumnFacts | None:
    """A column that says what is good and what is bad, or the last one, where it has few values and is alone in that.

    Args:
        facts: of each column's cells.
        inputs: columns that are learnt from as numbers or categories because of what they look like.
    """
    for fact in facts:
        if fact.name in inputs and _are_classes(fact) and _says_good_and_bad(fact):
            return fact
    for place, fact in enumerate(facts):
        is_usual_place = place in (0, len(facts) - 2, len(facts) - 1)
        if fact.name in inputs and _are_classes(fact) and _says_normal_and_more(fact, is_usual_place):
            return fact
    # A name tells what the first column is; without one it may hold labels as the last one may.
    ends = [*facts[-1:], *(fact for fact in facts[:1] if fact.name == "column 1")]
    numbered = next((fact for fact in ends if _is_numbered(fact, facts, inputs)), None)
    if numbered is not None:
        return numbered
    last = facts[-1] if facts else None
    if last is None or last.name not in inputs or last.n < MIN_ROWS or len(facts) < 3 or not _are_classes(last):
        return None
    words = _lowered(last)
    others = [fact for fact in facts[:-1] if fact.name in inputs]
    if words in _TRUTH:
        return None if any(_lowered(fact) in _TRUTH for fact in others) else last
    alone = all(fact.is_number for fact in others) and len(others) > 1
    return last if not last.is_number and 2 <= len(words) <= _FEW and alone else None


def _is_numbered(fact: ColumnFacts, facts: Sequence[ColumnFacts], inputs: Collection[str]) -> bool:
    """Whether a column numbers a few classes from 0 or 1 on, beside columns that all hold measurements."""
    others = [other for other in facts if other.name in inputs and other is not fact]
    is_measured = len(others) > 1 and all(other.fractions for other in others)
    numbers = fact.name in inputs and fact.n >= MIN_ROWS and fact.is_whole and not fact.missing and _are_classes(fact)
    return is_measured and numbers and fact.low in (0, 1) and 1 < len(fact.values) == fact.high - fact.low + 1 <= _FEW


def label_finding(fact: ColumnFacts, counts: Mapping[str, int]) -> LabelFinding:
    """What is to be said or asked about a column that may hold labels.

    Args:
        fact: of its cells.
        counts: how many rows have each value.
    """
    name, quoted = fact.name, shlex.quote(fact.name)
    asked = (
        _says_good_and_bad(fact)
        or _says_normal_and_more(fact, True)
        or _lowered(fact) in _TRUTH
        or max(counts.values()) > _MOST * sum(counts.values())
    )
    listed = ", ".join(f"{value!r} ({n:,})" for value, n in sorted(counts.items(), key=lambda item: -item[1])[:4])
    kind = "numbers" if fact.is_number else "categories"
    flag = f"--label {quoted}, or {'--number' if fact.is_number else '--category'} {quoted} to learn from it"
    return LabelFinding(
        what=LABEL, value=f"none; {name!r} is learnt from",
        reason=f"the column {name!r} holds {listed}: labels, or {kind} to learn from", flag=flag,
        confidence=0.5 if asked else 0.7,
        readings=(RolesAsked(**{kind: (name,)}), RolesAsked(label=name)) if asked else (),
    )  # fmt: skip


def word(value: str) -> str:
    """A label as it stands in the lists of words: in lower case, without signs around it, as in KDD Cup's "normal."."""
    lowered = value.strip().lower()
    return lowered if lowered in NORMAL | ANOMALOUS else lowered.strip(".,;:!?'\"[](){}<>")


def _words(fact: ColumnFacts) -> set[str]:
    return set() if fact.many else {word(value) for value in fact.values}


def _says_good_and_bad(fact: ColumnFacts) -> bool:
    words = _words(fact)
    return bool(words & NORMAL and words & ANOMALOUS)


def _says_normal_and_more(fact: ColumnFacts, is_usual_place: bool) -> bool:
    """Whether a column says of some rows that they are normal, and of others what kind of attack or fault they are.

    Args:
        is_usual_place: of labels: elsewhere "normal" alone may be said of a part, a speed or a dose.
    """
    words = _words(fact) - {""}
    normal = words & _SURE[0]
    return bool(normal) and words > normal and not words & _DEGREES and (is_usual_place or normal != {"normal"})


def _lowered(fact: ColumnFacts) -> set[str]:
    return set() if fact.many else {value.lower() for value in fact.values}


def _are_classes(fact: ColumnFacts) -> bool:
    if fact.many or not fact.values or fact.n == fact.missing:
        return False
    if fact.is_number:
        return not fact.fractions and len(fact.values) <= min(MAX_NUMBERED_CLASSES, max(2, 2 * fact.n // 3))
    return len(fact.values) <= min(MAX_CLASSES, max(2, 2 * fact.n // 3))
