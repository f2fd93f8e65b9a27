"""Which changes of the address are steps that the browser's Back button undoes."""

from __future__ import annotations

from explorer.browser.schema import Component, Message


class BrowserHistory(Message):
    """What makes a step.

    Args:
        always: name of a parameter that every address has; without it, it is that of a page being left.
        filled: names of parameters that a page adds to a bare address as it is first drawn: that is no step.
        chosen: names of parameters whose every change is one.
    """

    always: str
    filled: list[str]
    chosen: list[str]


COMPONENT = Component("history", BrowserHistory)
