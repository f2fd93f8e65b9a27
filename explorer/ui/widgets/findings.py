"""Findings of a training as a page shows them: what is wrong, its figures, and what follows."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from explorer.checkpoints import TrainingFinding
from explorer.ui.widgets.text import interval, plain


def show_finding(finding: TrainingFinding) -> None:
    """One finding in full: a warning where something is wrong, else a note."""
    figures = " · ".join(f"{m.name} {interval(m)} {m.unit} ({m.split}, n = {m.n:,})" for m in finding.figures)
    text = f"**{plain(finding.title)}.** {plain(finding.meaning)} {plain(finding.advice)}\n\n{plain(figures)}"
    if finding.is_wrong:
        st.warning(text, icon=":material/warning:")
    else:
        st.info(text, icon=":material/info:")


def name_findings(findings: Iterable[TrainingFinding]) -> None:
    """What is wrong, in a line."""
    titles = [finding.title for finding in findings if finding.is_wrong]
    if titles:
        st.warning(f"{plain('; '.join(titles))}. The Train page says more.", icon=":material/warning:")
