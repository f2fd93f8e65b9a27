"""What the Python that a page offers calls a model and data: so that it opens them as the page did."""

from __future__ import annotations

from dataclasses import replace

from explorer import checkpoints
from explorer.checkpoints import Card, Checkpoint
from explorer.data import Dataset, ImportOptions, SplitAsked
from explorer.export.program import DataCode, GivenModel
from explorer.io.contract import Contract
from explorer.ui.shell import session, user_data, user_files
from explorer.ui.shell.vector_items import MapContext


def model_name(card: Card) -> str:
    """What ``explorer.load`` takes for a model: its name, or that of its file where it was uploaded or renamed."""
    return (
        GivenModel.of(_file_name(card.model_copy(update={"given": None})), card.given)
        if card.given
        else _file_name(card)
    )


def _file_name(card: Card) -> str:
    for file in reversed(user_files.given(session.CHECKPOINT_UPLOAD)):
        opened = session.open_checkpoint(file)
        if isinstance(opened, Checkpoint) and opened.card == card:
            return file.name
    known = checkpoints.available()
    if card.name in known and session.card_of(card.name) == card:
        return card.name
    return next((name for name in known if session.card_of(name) == card), card.name)


def data_of(context: MapContext) -> DataCode:
    """How the dataset of a choice in the sidebar was opened."""
    return of_dataset(context.dataset, None if context.model is None else context.model.card)


def of_dataset(dataset: Dataset, card: Card | None = None) -> DataCode:
    """How a dataset was opened.

    Args:
        card: of the model that it was opened for; None: for none.
    """
    source = user_data.sources().get(dataset.name)
    learnt = (
        card is not None and card.data.fingerprint == dataset.fingerprint and card.data.splits == dataset.splits.note
    )
    seed, split = (card.recipe.data.seed, card.recipe.data.split) if card is not None and learnt else (0, SplitAsked())
    if source is None:
        return DataCode(dataset.name, ImportOptions(split=split), seed)
    return DataCode(
        source.title,
        replace(source.options, split=split),
        seed,
        is_upload=source.file is not None,
        model=_model_with(source.options.like, card),
    )


def _model_with(contract: Contract | None, card: Card | None) -> str:
    """The model that learnt from data of this contract, the given one first; empty for none here."""
    if contract is None:
        return ""
    cards = [card, *session.models().values()]
    same = (one for one in cards if one is not None and one.data.contract == contract)
    return next(map(model_name, same), "")
