"""A training as it goes and afterwards: its curve, its map and eight items, moved through the epochs."""

from __future__ import annotations

from explorer.browser.schema import Component, Float32, Message, Numbers, Part, Uint8, Uint16


class LossCurve(Part):
    """One term of the loss.

    Args:
        name: of the term.
        colour: of the line, as ``#rrggbb``.
        dashed: whether it is of validation items.
        light: whether it is drawn thin, and what goes beyond the other curves is cut off.
        epochs, values: of its points.
    """

    name: str
    colour: str
    dashed: bool
    light: bool = False
    epochs: Numbers
    values: Numbers


class StageFrame(Part):
    """How items look after an epoch, or within one.

    Args:
        epoch: how many are done.
        placed: (n,) which items have a place on the map.
        places: (n, 2) of them.
        made: (k, *shape) the reconstructions, 0 to 255.
    """

    epoch: float
    placed: Uint16
    places: Float32
    made: Uint8


class RunStage(Message):
    """What is seen of a training.

    Args:
        run: tells one training from another; frames of the same one join those that were sent before.
        frames: in the order of their epochs.
        whole: whether these are all frames there are.
        live: whether it still goes on: the newest frame is then shown until a hand moves the slider.
        epochs: to be done in all.
        curves: of the loss.
        unit: of the loss.
        groups: (N,) class of each item on the map, an index into ``names``; empty for one colour.
        names, palette: of the classes.
        axes: titles of the map's axes; empty where nothing is placed.
        shape: of an item, (C, H, W) or (D,).
        given: (k, *shape) what the model sees of the items, 0 to 255.
        items: (k, *shape) the items; the same where nothing corrupts them.
        captions: what they are called.
        note: what is to be known about what is shown.
    """

    run: str
    frames: tuple[StageFrame, ...]
    whole: bool
    live: bool
    epochs: int
    curves: tuple[LossCurve, ...]
    unit: str
    groups: Uint16
    names: tuple[str, ...] = ()
    palette: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    shape: tuple[int, ...]
    given: Uint8
    items: Uint8
    captions: tuple[str, ...] = ()
    note: str = ""


COMPONENT = Component("run_stage", RunStage)
