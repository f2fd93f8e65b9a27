"""The errors a user can meet: what happened, and what to do about it."""

from __future__ import annotations


class ExplorerError(Exception):
    """Something a user can act on; pages and the command line show it in one place, without a traceback.

    Args:
        message: what happened, with the value that caused it; one line.
        hint: what to do next; one line, may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class DataError(ExplorerError):
    """A file, folder, table or download that cannot be used as data."""


class UndecidedError(DataError):
    """An input of which two readings are about as likely; the hint says how to decide it."""


class UndecidedWarning(UserWarning):
    """The same where nobody can be asked, as in a notebook: the likelier of the two was taken."""


class RecipeError(ExplorerError):
    """A recipe whose fields are unknown, out of range or do not fit together."""


class CheckpointError(ExplorerError):
    """A file that is not a checkpoint this version can read, or that cannot be written."""


class TrainingError(ExplorerError):
    """A training run that cannot start or go on."""
