"""The button that takes the model of a page away as one HTML file."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from explorer.browser.schema import Component, File, Message, Number, Report, Whole


class PageButton(Message):
    """The button, and the file once it is made.

    Args:
        link: channel of the map whose view goes into the file; empty for none.
        name: of the file.
        number: of the press that ``page`` answers; 0 before the first.
        page: the file; None while there is none to save.
    """

    link: str = ""
    name: str
    number: int = 0
    page: File | None = None


class PageAsked(Report):
    """The button was pressed.

    Args:
        number: tells one press from another.
        sight: left, bottom, right and top of what the map shows; None where it shows all of its points.
    """

    NAME = "asked"
    number: Whole
    sight: tuple[Number, Number, Number, Number] | None

    @model_validator(mode="after")
    def _is_a_rectangle(self) -> Self:
        if self.sight is not None and not (self.sight[0] < self.sight[2] and self.sight[1] < self.sight[3]):
            raise ValueError("A rectangle is needed.")
        return self


COMPONENT = Component("page_button", PageButton, events=(PageAsked,))
