"""Codes that another component has decoded in Python."""

from __future__ import annotations

from explorer.browser.schema import Component, Float32, Message, Numbers, Part, Report, Whole


class Answer(Part):
    """A decoded code.

    Args:
        number: of the question.
        code: that was asked for.
        values: of the decoded item, (C, H, W) or (D,).
    """

    number: int
    code: Numbers
    values: Float32


class ServedCodes(Message):
    """The line that says that the server decodes, and what it has decoded.

    Args:
        channel: on which the other component asks.
        model: tells one decoder from another.
        note: the line.
        answer: to the last question about this model; None before the first.
    """

    channel: str
    model: str
    note: str
    answer: Answer | None = None


class CodeAsked(Report):
    """A code to decode.

    Args:
        model: that is to decode it.
        code: a code, or a place on a map.
        number: of the question.
    """

    NAME = "asked"
    model: str
    code: Numbers
    number: Whole


COMPONENT = Component("served", ServedCodes, states=(CodeAsked,))
