"""Words of the field, explained on hover where one first stands on a page."""

from __future__ import annotations

import re
from contextvars import ContextVar

import streamlit as st

TERMS: dict[str, tuple[str, str]] = {
    "nats": (r"nats?", "the unit of information with natural logarithms: 1 nat is 1.44 bits."),
    "ELBO": (
        r"ELBO",
        "evidence lower bound: what a variational model promises of log p(x), the reconstruction term minus the KL. "
        "Higher is better.",
    ),
    "IWAE bound": (r"IWAE", "a tighter bound on log p(x) than the ELBO, from many codes for each item."),
    "KL": (
        r"KL",
        "Kullback-Leibler divergence: how far the cloud of codes of an item is from the prior, in nats. It is what a "
        "code costs; 0 says nothing about the item.",
    ),
    "prior": (
        r"priors?(?:'s)?",
        "the distribution that new codes are drawn from: of a variational model the one that training pulls codes to, "
        "a standard normal where the model says no other.",
    ),
    "posterior": (r"posteriors?(?:'s)?", "the cloud of codes that a variational encoder gives for one item."),
    "latent": (r"[Ll]atent dimensions?", "the numbers of a code, which are not seen in the data."),
    "AUROC": (
        r"AUROC",
        "area under the ROC curve: how often a novel item scores above a normal one. 0.5 is guessing, 1 is perfect.",
    ),
    "trustworthiness": (
        r"[Tt]rustworthiness",
        "how far neighbours on the map are neighbours in the code: 1 is best (Venna and Kaski 2001).",
    ),
    "continuity": (r"[Cc]ontinuity", "how far neighbours in the code are neighbours on the map: 1 is best."),
    "PSNR": (
        r"PSNR",
        "peak signal-to-noise ratio in dB, from the mean squared error. Higher is better; 3 dB more is half the error.",
    ),
    "SSIM": (r"SSIM", "structural similarity: how alike small windows of two pictures are; 1 is equal."),
    "entropy": (r"entropy", "how undecided a probability is: 0 where it is certain."),
    "log density": (r"[Ll]og density", "logarithm of how densely real codes lie there. Higher is more usual."),
}
"""Term -> how it is written, as a regular expression of whole words, and what it means in a sentence."""

_first: ContextVar[dict[str, str]] = ContextVar("first")
"""Term -> the text that it stands in first on this page, without its numbers."""


def new_page() -> None:
    """Begin a page on which nothing has been explained yet."""
    _first.set({})


def explanation(text: str) -> str | None:
    """What the words of the field mean that stand in this text first; None without any.

    A part of a page that runs again alone has its words explained again, since its text is the same but for numbers.
    """
    first, wording = _first.get({}), re.sub(r"[\d.,−-]+", "", text)
    used = [term for term, (written, _) in TERMS.items() if re.search(rf"\b{written}\b", text)]
    new = [term for term in used if first.setdefault(term, wording) == wording]
    _first.set(first)
    return "\n\n".join(f"**{term}**: {TERMS[term][1]}" for term in new) or None


def explained(text: str) -> None:
    """A caption whose words of the field are explained on hover, where this is the first place on the page."""
    st.caption(text, help=explanation(text))
