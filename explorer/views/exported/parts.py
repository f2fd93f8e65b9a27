"""The parts of an exported page: map, sliders, interpolation and drawing, each with the message of its component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from jaxtyping import Num

from explorer import latent
from explorer.browser.drawing.message import DrawingSurface, Steps, surface_shape
from explorer.browser.interpolation.message import Interpolation, first_place
from explorer.browser.interpolation.message import Place as PathPlace
from explorer.browser.latent_map.message import LatentMap
from explorer.browser.latent_map.parts import Detail, LinearPlace, NearestItem, PlaceDecoder
from explorer.browser.parts import Decoder, SpriteSheet
from explorer.browser.schema import Message
from explorer.browser.sliders.density_check import DensityPanel, density_panel
from explorer.browser.sliders.message import Pad, Setting, Sliders
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import DataError
from explorer.core.row_samples import spread_positions
from explorer.diagnosis import verdicts_withheld
from explorer.io import user_image_style
from explorer.io.user_image_style import Style
from explorer.latent import interpolation, sampling
from explorer.latent.density_check import DensityCheck, encode_again
from explorer.latent.interpolation import NeighbourGraph
from explorer.views import colouring, item_words, path_contents, slider_contents, thumbnails
from explorer.views.colouring import Colouring
from explorer.views.exported.rounded import LivePacks, packed_small
from explorer.views.items import COMPARED, CodedItems, HeldItems, ShownItems, dimension_name, held_items
from explorer.views.map_contents import codes_fit, map_points, place_chain
from explorer.views.planes import Plane, checked_codes, default_kind, plane_of, projector_of
from explorer.views.row_values import row_columns

LINK = "exported"
"""Channel of a page's parts: what is drawn is ringed on the map."""
LEAST_COMPARED = 10
"""Fewer codes say nothing of what is usual."""
STYLE_ITEMS = 300
STEPS_A_LEG = 24
"""Frames between two items of a path."""
ITEMS_OF_A_PATH = 3
SLIDERS = "Drag a slider: the code is decoded as it moves. Arrow keys move the slider that has the focus."
DRAWN_SIDES = (8, 64)
"""Pixels of pictures that a hand can draw."""


@dataclass(frozen=True)
class PagePart:
    """A part of a page.

    Args:
        name: in its address.
        title: its heading.
        sentence: what is seen and what to try.
        component: name of its component.
        message: what that gets.
        notes: below it, a paragraph each.
        smaller: the same with less, where there is no room for all of it; None where nothing can be left out.
    """

    name: str
    title: str
    sentence: str
    component: str
    message: Message
    notes: Sequence[str] = ()
    smaller: PagePart | None = None


@dataclass(frozen=True, eq=False)
class ShownMap:
    """A map as a page of the app shows it, with its colours, choice and view.

    Args:
        message: what its component gets.
        plane: of its points.
        notes: what the page says of it.
    """

    message: LatentMap
    plane: Plane
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageWishes:
    """What a page of the app, or a command, wants to be shown; the rest is as the app opens.

    Args:
        colour: "label", or a number of each item: "error", "z1", ..., "brightness", or the name of a column.
        kind: of map, a name in ``projection.REGISTRY``; empty for the code itself or PCA.
        map: the map of a page of the app, in place of one made here.
        code: (latent_dim,) where the sliders stand; empty for the middle.
        path: rows of the items that the ways lead through; empty for one of each of the first classes.
        place: on them.
        first: name of the part that comes first.
        views: with map, sliders, ways between items and drawing.
        scenes: with the scenes of Learn that show such a model, as far as they fit.
    """

    colour: str = "label"
    kind: str = ""
    map: ShownMap | None = None
    code: tuple[float, ...] = ()
    path: tuple[int, ...] = ()
    place: PathPlace | None = None
    first: str = ""
    views: bool = True
    scenes: bool = True


@dataclass(frozen=True, eq=False)
class UsualCodes:
    """Items that codes are compared with, and what is usual of them.

    Args:
        items: at most ``COMPARED`` of the shown ones.
        check: fitted to their codes.
        mixture: a density fitted to them.
        sheet: thumbnails, of these items first; None for rows of a table.
    """

    items: ShownItems
    check: DensityCheck
    mixture: sampling.GaussianMixtureSampler
    sheet: SpriteSheet | None


# --- The map ----------------------------------------------------------------------------------------------------------


def map_part(items: ShownItems, packs: LivePacks, wishes: PageWishes) -> PagePart:
    """The map of codes; what is under the pointer is decoded where a browser can.

    Raises:
        ExplorerError: too few items, codes that are not finite, or no such colour.
    """
    moves = "Drag to move it, turn the wheel to zoom; with the keyboard: arrows, plus, minus and Enter."
    decoded = "Move over it: what the decoder makes of each place is painted as you move. " if packs.decoder else ""
    if wishes.map is None:
        message, notes = _map(items, packs, wishes)
    else:
        message, notes = as_exported(wishes.map.message, items, wishes.map.plane, packs), list(wishes.map.notes)
    return PagePart(
        "map", "Map of the codes", f"Every point is the code of one {_item(items)}. {decoded}{moves}", "latent_map",
        message, [*notes, *_without(packs)],
    )  # fmt: skip


def _map(items: ShownItems, packs: LivePacks, wishes: PageWishes) -> tuple[LatentMap, list[str]]:
    projector = projector_of(wishes.kind or default_kind(items.checkpoint.latent_dim))
    shown = plane_of(items, projector, projector.fit_transform(checked_codes(items)))
    colours, about, detail = _colours(items, wishes.colour)
    details = [detail] if detail is not None else []
    if wishes.colour != "error":
        errors = items.checkpoint.reconstruction_errors(items.x())
        details.append(Detail(name="Reconstruction error", values=errors))
    message = LatentMap(
        points=map_points(items, shown, colours),
        nearest=NearestItem(sprites=sprites(items), details=details, columns=row_columns(items, {})),
        decoding=place_decoding(items, shown, packs),
        tools=True,
        link=LINK,
        drop=LinearPlace.of(*shown.drop) if shown.drop is not None else None,
    )
    return message, [f"{items.dataset.title}, {items.split}. {shown.note} {about}".strip()]


def place_decoding(items: ShownItems, shown: Plane, packs: LivePacks) -> PlaceDecoder:
    """What decodes a place of a map in a page; nothing where a browser cannot."""
    columns = item_words.features(items)
    codes = None if shown.lift is not None else items.codes()
    if packs.decoder is None or (codes is not None and not codes_fit(items)):
        return PlaceDecoder(features=columns)
    chain, size = place_chain(items, shown, packs.checkpoint.model.decoder_chain())
    return PlaceDecoder(decoder=Decoder(pack=packed_small(chain, (size,))), codes=codes, features=columns)


def as_exported(message: LatentMap, items: ShownItems, shown: Plane, packs: LivePacks) -> LatentMap:
    """A map as a page of the app shows it, for a page without a server."""
    update = {"decoding": place_decoding(items, shown, packs), "link": LINK, "height": None}
    nearest = message.nearest.model_copy(update={"reconstructions": None})
    return message.model_copy(update={**update, "nearest": nearest})


def sprites(items: CodedItems) -> SpriteSheet | None:
    """Thumbnails of the shown items; None for rows of a table."""
    if not items.is_image:
        return None
    shape = items.dataset.event_shape
    step = thumbnails.thumbnail_step(len(items.rows), shape)
    png = thumbnails.thumbnails_png(items.rows, step, lambda part: items.dataset.x[part])
    return thumbnails.sheet_of(png, len(items.rows), shape)


def _colours(items: ShownItems, name: str) -> tuple[Colouring, str, Detail | None]:
    """Colours by a name, what they mean, and the number of each item that they show."""
    if name == "label":
        return colouring.by_label(items), "", None
    if name == "error":
        values, title = items.checkpoint.reconstruction_errors(items.x()), "Reconstruction error"
    elif name in (names := [dimension_name(i) for i in range(items.checkpoint.latent_dim)]):
        values, title = items.codes()[:, names.index(name)], f"Dimension {name}"
    elif not items.is_image and name in (columns := item_words.column_names(items)):
        values, title = np.asarray(items.x()[:, columns.index(name)], np.float64), f"Column {name}"
    else:
        more = "" if items.is_image else f", or a column: {', '.join(item_words.column_names(items)[:8])}"
        raise DataError(f"There is no colour {name!r}.", f"Use label, error, z1 to z{len(names)}{more}.")
    return colouring.by_value(values), f"Colour: {title.lower()}.", Detail(name=title, values=values)


# --- Sliders ----------------------------------------------------------------------------------------------------------


def slider_part(
    items: ShownItems,
    packs: LivePacks,
    compared: UsualCodes | None,
    wishes: PageWishes,
    conditional: VectorCheckpoint | None = None,
) -> PagePart:
    """A slider for each dimension of the code; of a conditional model with its labels, where a browser decodes them.

    Args:
        items, packs, compared, wishes: of the page.
        conditional: the model that the items' is for one label; None for others.
    """
    dimensions = latent.dimension_order(items.card)
    start = sampling.middle_code(items.checkpoint)
    setting = Setting(start=tuple(start.tolist()), code=wishes.code)
    labels = None
    if conditional is not None and packs.labelled is not None:
        labels = slider_contents.label_switch(conditional, str(items.card.given))
    message = Sliders(
        decoder=Decoder(pack=packs.labelled or packs.decoder),
        model="",
        token=0,
        start=setting.start,
        first=setting.first(0),
        dims=slider_contents.slider_dimensions(dimensions),
        features=item_words.features(items),
        caption=slider_contents.caption(items),
        density=None if compared is None else _density(compared, packs),
        pad=None if compared is None else _pad(compared.items),
        labels=labels,
    )
    unit = "its share of the KL from the prior" if dimensions[0].unit == "nats" else "its share of the codes' variance"
    spans = slider_contents.span_words(items.card.codes_described, dimensions)
    note = f"The most informative dimension comes first; beside each is {unit}. {spans}"
    sentence = SLIDERS
    notes = [note]
    if message.labels is not None:
        sentence += " Choose a label: the same code is decoded as an item of it."
        notes.append(f"The real items beside the sliders, and all other parts, are of the label {items.card.given}.")
    return PagePart("sliders", "Sliders over the code", sentence, "sliders", message, notes)


def _pad(items: ShownItems) -> Pad | None:
    """The plane of a code of two numbers, with those of the compared items; None for other codes."""
    if items.checkpoint.latent_dim != 2:
        return None
    colours = colouring.by_label(items)
    groups = [0] * len(items.rows) if colours.groups is None else colours.groups.tolist()
    palette = colours.palette
    return Pad(across=0, up=1, places=items.codes(), colours=tuple(palette[g % len(palette)] for g in groups))


def compared_with(items: ShownItems) -> UsualCodes | None:
    """What codes are compared with; None where there are too few items."""
    n = min(len(items.rows), COMPARED)
    # Held items come with these first, so that the map's own sheet shows them as well.
    positions = np.arange(n) if isinstance(items, HeldItems) else spread_positions(len(items.rows), n)
    if n < LEAST_COMPARED:
        return None
    few = HeldItems(
        items.checkpoint,
        items.dataset,
        items.rows[positions],
        f"{items.split.split(', n = ')[0]}, n = {len(positions):,}",
        items.codes()[positions],
        items.is_real,
    )
    again = encode_again(items.checkpoint, few.codes()) if items.is_real else None
    check = DensityCheck(slider_contents.counted_dimensions(items)).fit(few.codes(), again)
    return UsualCodes(
        few, check, sampling.density(few.codes()), sprites(items if isinstance(items, HeldItems) else few)
    )


def _density(compared: UsualCodes, packs: LivePacks) -> DensityPanel:
    items = compared.items
    check = compared.check
    if packs.encoder is None or packs.decoder is None:  # what a code becomes when encoded again is not asked then
        check = DensityCheck(slider_contents.counted_dimensions(items)).fit(items.codes())
    return density_panel(
        items.codes(),
        item_words.titles_with_labels(items),
        check if items.is_real and verdicts_withheld(items.checkpoint.card) is None else None,
        compared.mixture,
        item_word=item_words.item_word(items),
        code_words=f"{item_words.item_kind(items)} codes",
        source=items.split,
        sprites=compared.sheet if items.is_real else None,
        rows=None if items.is_image or not items.is_real else np.asarray(items.x()),
        encoder=packs.encoder,
    )


# --- Interpolation ----------------------------------------------------------------------------------------------------


def path_part(items: ShownItems, packs: LivePacks, compared: UsualCodes, wishes: PageWishes) -> PagePart:
    """Three ways from item to item.

    Raises:
        DataError: a row that the data do not have, or a number of items that no way leads through.
    """
    rows = _path_rows(items, wishes.path)
    chosen = held_items(items.checkpoint, items.dataset, rows, "")
    graph = NeighbourGraph(items.codes())
    routes = {kind: interpolation.route(kind, chosen.codes(), graph) for kind in interpolation.KINDS}
    n = STEPS_A_LEG * (len(rows) - 1) + 1
    tracks, measures = path_contents.tracks(items, routes, n, "steps", compared.mixture, compared.check)
    names = [", ".join(filter(None, [item_words.item_title(chosen, i), item_words.label_name(chosen, i)]))
             for i in range(len(rows))]  # fmt: skip
    message = Interpolation(
        decoder=Decoder(pack=packs.decoder),
        tracks=tuple(tracks),
        items=tuple(names),
        measures=tuple(measures),
        features=item_words.features(items),
        start=first_place(tracks, wishes.place),
    )
    sentence = "Play the way from item to item, or drag over a strip or a curve: three ways, decoded as they go."
    note = (
        "Straight goes evenly through the code, Spherical turns its direction, Along the data goes from code to "
        f"neighbouring code ({items.split}). Lengths and distances are in units of the code."
    )
    return PagePart("interpolation", "From item to item", sentence, "interpolation", message, [note])


def _path_rows(items: ShownItems, asked: tuple[int, ...]) -> np.ndarray:
    if not asked:
        return items.rows[items.samples(ITEMS_OF_A_PATH)]
    least, most, total = interpolation.MIN_ITEMS, interpolation.MAX_ITEMS, len(items.dataset)
    if not least <= len(asked) <= most:
        raise DataError(f"A way leads through {least} to {most} items, not {len(asked)}.", "Name that many rows.")
    if wrong := [row for row in asked if not 0 <= row < total]:
        raise DataError(f"{items.dataset.title} has no row {wrong[0]:,}: its rows are 0 to {total - 1:,}.")
    return np.array(asked)


# --- Drawing ----------------------------------------------------------------------------------------------------------


def can_be_drawn(items: ShownItems, style: Style) -> bool:
    """Whether a hand can draw such items: small grey pictures on a ground."""
    shape = items.dataset.event_shape
    low, high = DRAWN_SIDES
    return items.is_image and shape[0] == 1 and low <= max(shape[1:]) <= high and style.background is not None


def style_of(items: ShownItems) -> Style | None:
    """What the shown pictures have in common; None for rows of a table."""
    if not items.is_image:
        return None
    return user_image_style.style_of(pictures_for_style(items))


def pictures_for_style(items: ShownItems) -> Num[np.ndarray, "n c h w"]:
    """The shown pictures that their style is found from."""
    return np.asarray(items.x(spread_positions(len(items.rows), STYLE_ITEMS)))


def drawing_part(items: ShownItems, packs: LivePacks, style: Style, on_map: bool) -> PagePart:
    """A surface to draw on.

    Args:
        on_map: whether the page has a map on which the drawing is ringed.
    """
    shape = cast(tuple[int, int, int], items.dataset.event_shape)
    ground = 0.0 if style.background is None else float(round(style.background))
    message = DrawingSurface(
        shape=shape,
        raw=surface_shape(shape)[1:],
        ground=round(255 * ground),
        steps=Steps.of(user_image_style.for_drawing(style).options),
        model=packs.drawing,
        link=LINK,
        takes_pictures=False,
    )
    ringed = " Its place is ringed on the map." if on_map else ""
    sentence = f"Draw: the model encodes and rebuilds each stroke as it is drawn.{ringed}"
    return PagePart("drawing", "Draw one", sentence, "drawing", message)


# --- What takes room, and what cannot go in ---------------------------------------------------------------------------


def with_few_shades(part: PagePart) -> PagePart:
    """The same part with thumbnails that take less room; as it is where it has none."""
    message = part.message
    if isinstance(message, LatentMap) and message.nearest.sprites is not None:
        less = message.nearest.model_copy(update={"sprites": thumbnails.with_few_shades(message.nearest.sprites)})
        return replace(part, message=message.model_copy(update={"nearest": less}))
    if isinstance(message, Sliders) and message.density is not None and message.density.sprites is not None:
        panel = message.density.model_copy(update={"sprites": thumbnails.with_few_shades(message.density.sprites)})
        return replace(part, message=message.model_copy(update={"density": panel}))
    return part


def _item(items: ShownItems) -> str:
    return f"{item_words.item_kind(items)} {item_words.item_word(items)}"


def _without(packs: LivePacks) -> list[str]:
    if packs.decoder is not None:
        return []
    return [f"{packs.obstacle} So this page decodes nothing live: open the checkpoint in the app, where a server does."]
