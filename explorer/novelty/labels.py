"""Which labels mean normal, where nobody has said so."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Shaped

from explorer.core.errors import DataError
from explorer.io.tables.labels import ANOMALOUS, NORMAL, word

NORMAL_WORDS = NORMAL | {"0", "0.0", "false", "no", "negative"}
"""Labels that mean a normal item, in lower case."""
NOVEL_WORDS = ANOMALOUS | {"1", "1.0", "true", "yes", "positive"}


def normal_among(values: Sequence[str], normal: Sequence[str] = ()) -> tuple[str, ...]:
    """Which label values mean a normal item; none where that cannot be told.

    Args:
        values: of the labels.
        normal: labels that are known to be normal, such as those that a detector was fitted on.
    """
    known = [value for value in values if value in normal]
    by_word = [value for value in values if word(value) in NORMAL_WORDS]
    others = [value for value in values if word(value) not in NOVEL_WORDS]
    return tuple(known or by_word or (others if len(others) < len(values) else []))


def novel_by_label(
    labels: Shaped[np.ndarray, " n"], normal: Sequence[str]
) -> tuple[Bool[np.ndarray, " n"] | None, str]:
    """Which items are novel by their labels.

    Args:
        labels: (N,) text, none of it empty.
        normal: labels of normal items; none: 0 and words such as "normal" or "good" are.

    Returns:
        (N,) bool, or None where nothing says which labels are normal; and a remark, or "".
    """
    values = sorted(set(labels.tolist()))
    if len(values) == 1 and not normal and word(values[0]) not in NORMAL_WORDS | NOVEL_WORDS:
        return None, f"every label is {values[0]!r}: there is nothing to compare"
    if normal:
        if not set(normal) & set(values):
            shown = ", ".join(values[:10])
            return np.ones(len(labels), bool), f"no item has a normal label ({', '.join(normal)}); labels: {shown}"
        return ~np.isin(labels, list(normal)), ""
    is_normal = {value: word(value) in NORMAL_WORDS for value in values}
    unclear = [v for v in values if not is_normal[v] and word(v) not in NOVEL_WORDS]
    # One word for normal is enough where all else is another kind of novelty; without it nothing is clear.
    if unclear and not any(is_normal.values()):
        shown = ", ".join(map(repr, values[:10])) + (", ..." if len(values) > 10 else "")
        return None, f"no AUROC: the labels are {shown}, and which are normal is not known; say so with --normal LABEL"
    return np.array([not is_normal[label] for label in labels.tolist()], bool), ""


def check_mixture(
    counts: Mapping[str, int], name: str, column: str | None = None, all_normal: str = "--no-label for all"
) -> None:
    """Refuse to learn all items as normal where their labels say that some are not.

    Args:
        counts: how many items have each label.
        name: of the data, for messages.
        column: that holds the labels.
        all_normal: what to do where all are normal.

    Raises:
        DataError: some labels are words for what is not normal, such as "attack" or "1", or some say "normal" or
            "benign", and others do not.
    """
    labels = [label for label in counts if label]
    novel = {label for label in labels if word(label) in NOVEL_WORDS}
    normal = {label for label in labels if word(label) in NORMAL}
    if not (0 < len(novel) < len(labels) or 0 < len(normal) < len(labels)):
        return
    listed = ", ".join(f"{label!r} ({n:,})" for label, n in Counter(counts).most_common(6))
    where = f"The labels in {column!r}" if column else "The labels"
    raise DataError(
        f"{where} of {name} say that not every item is normal: {listed}.",
        f"Say which are, as in --normal {shlex.quote(normal_among(tuple(counts))[0])}, or {all_normal}.",
    )
