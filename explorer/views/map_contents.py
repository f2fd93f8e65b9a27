"""What a map shows of its items: their places, colours and names, thumbnails, and what is decoded under the pointer."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from explorer.browser.latent_map.parts import MAX_CODE_BYTES, Points
from explorer.views import colouring, item_words
from explorer.views.colouring import Colouring
from explorer.views.items import CodedItems
from explorer.views.planes import Plane, lifting_layer


def map_points(items: CodedItems, shown: Plane, colours: Colouring, described: Sequence[str] = ()) -> Points:
    """The points of a map, with what they are called.

    Args:
        described: (n,) a few words on each item, after its name; empty: there are none.
    """
    label = colouring.by_label(items)
    named = label.groups is not None and colours.names != label.names
    have_names = items.is_real and bool(items.dataset.item_names or described)
    numbers = None if described else item_words.numbers_alone(items)
    titles = item_words.item_titles(items) if have_names and numbers is None else []
    if described:
        titles = [f"{title}, {words}" if words else title for title, words in zip(titles, described, strict=True)]
    return Points(
        places=shown.points,
        groups=colours.groups,
        names=colours.names,
        palette=colours.palette,
        kinds=0 if colours.groups is None else colours.kinds,
        kinds_written=colours.kinds_written,
        labels=label.groups if named else None,
        titles=titles,
        numbers=numbers,
        label_names=label.names if named else (),
        axes=shown.axes,
        item_word=item_words.item_word(items),
        item_kind=item_words.item_kind(items),
    )


def codes_fit(items: CodedItems) -> bool:
    """Whether a browser gets the codes of the shown items, for a map that decodes from the nearest."""
    return 4 * len(items.rows) * items.code_size <= MAX_CODE_BYTES


def place_chain(items: CodedItems, shown: Plane, decoder: Sequence[nn.Module]) -> tuple[list[nn.Module], int]:
    """The layers that decode a place on a map, or a code where the map has no way back; and how many numbers they take.

    Args:
        decoder: the layers of the model's decoder.
    """
    if shown.lift is None:
        return list(decoder), items.code_size
    return [lifting_layer(shown.lift), *decoder], 2
