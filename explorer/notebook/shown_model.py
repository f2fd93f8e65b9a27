"""A model and its items in a notebook, and the views of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Num, Shaped

from explorer import checkpoints, evaluation
from explorer.browser.envelope import digest
from explorer.browser.latent_map.message import LatentMap
from explorer.browser.sliders.message import Setting, Sliders
from explorer.browser.threshold.message import Wishes, score_sets, threshold_view_of
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.core.errors import DataError, ExplorerError
from explorer.data import Dataset, dataset
from explorer.data.user_data import from_array
from explorer.novelty.thresholds import threshold_for
from explorer.views.exported import parts
from explorer.views.exported.parts import PageWishes
from explorer.views.exported.rounded import live_packs
from explorer.views.items import ShownItems, data_on_this_machine, decoded_items, thinned_items

if TYPE_CHECKING:
    from explorer.notebook.component_views import MapView, ScoreView, SliderView

ITEMS = 2000
RATE = 0.05
Data = str | Dataset | Num[np.ndarray, "n *event"] | None


def show(
    checkpoint: str | Checkpoint, data: Data = None, *, items: int = ITEMS, label: str | None = None
) -> ShownModel:
    """A model in a notebook; its map where it is the last value of a cell.

    Args:
        checkpoint: a name (see ``explorer list``), a path, or what ``explorer.load`` gave.
        data: the items to show: a dataset's name, a path, a dataset, or an array (N, *event). None: those on this
            machine that the model has not learnt from, else what it decodes itself.
        items: at most so many, spread over all.
        label: of a conditional model, whose items are shown; None: the first that it knows. Its sliders have them all.

    Raises:
        ExplorerError: the model knows no such label, has no code that stands for a whole item, the data do not fit it,
            or the package anywidget is not installed.
    """
    opened = checkpoint if isinstance(checkpoint, Checkpoint) else checkpoints.load(checkpoint)
    model = checkpoints.with_codes(opened)
    if label is None and not model.labels:
        return ShownModel(model, _items(model, data, items))
    one = model.given(model.labels[0] if label is None else label)
    return ShownModel(one, _items(one, data, items), model if model.labels else None)


class ShownModel:
    """A model with its items, and views of them that know one another: what is marked in one is marked in all.

    Args:
        checkpoint: the model.
        items: of its views, unless a view names others.
        conditional: the model that it is for one label, where it is conditional.
    """

    def __init__(
        self, checkpoint: VectorCheckpoint, items: ShownItems, conditional: VectorCheckpoint | None = None
    ) -> None:
        _view()
        self.checkpoint, self.items, self.conditional = checkpoint, items, conditional

    @cached_property
    def _packs(self) -> Any:
        return live_packs(self.checkpoint, half=False, conditional=self.conditional)

    def map(
        self,
        data: Data = None,
        *,
        colour: str = "label",
        kind: str = "",
        selection: Sequence[int] | Shaped[np.ndarray, " m"] = (),
        items: int = ITEMS,
    ) -> MapView:
        """The map of codes, decoded under the pointer; lasso and box choose items.

        Args:
            data, items: as in ``show``; None: the items of this model.
            colour: "label", "error", "z1", ..., or the name of a column.
            kind: of map: "pca", "pair", "tsne" or "umap"; empty for the code itself, or PCA.
            selection: row numbers, in the dataset, of the items that are chosen at first.

        Returns:
            A widget; its ``selection`` is the row numbers of the chosen items.

        Raises:
            DataError: no such colour, or a row that the map does not show.
        """
        shown = self._shown(data, items)
        message = parts.map_part(shown, self._packs, PageWishes(colour=colour, kind=kind)).message
        if not isinstance(message, LatentMap):
            raise TypeError("a map's part has a map's message")
        update: dict[str, Any] = {"link": _channel(shown)}
        if len(selection):
            update["selection"] = message.selection.model_copy(update={"chosen": _positions(shown, selection)})
        return _view().MapView(message.model_copy(update=update), shown.rows)

    def sliders(self, code: Sequence[float] | Num[np.ndarray, " d"] = ()) -> SliderView:
        """A slider for each dimension of the code, decoded as it moves; of a conditional model with its labels.

        Args:
            code: (D,) where they begin; empty for the middle.

        Returns:
            A widget; its ``code`` is where the sliders were released, its ``label`` the chosen one.

        Raises:
            ExplorerError: a browser cannot run the decoder, or the card has no statistics of its codes.
        """
        if self._packs.decoder is None:
            raise ExplorerError(self._packs.obstacle, "Open it in the app, where a server decodes.")
        first = tuple(float(value) for value in code)
        if first and len(first) != self.checkpoint.latent_dim:
            raise DataError(
                f"A code of {self.checkpoint.name} has {self.checkpoint.latent_dim} numbers, not {len(first)}."
            )
        wishes = PageWishes(code=first)
        compared = parts.compared_with(self.items)
        message = parts.slider_part(self.items, self._packs, compared, wishes, self.conditional).message
        if not isinstance(message, Sliders):
            raise TypeError("sliders' part has sliders' message")
        named = message.model_copy(update={"model": digest(message.decoder.pack or b"")})
        return _view().SliderView(named, Setting(start=message.start, code=first))

    def threshold(
        self, data: Data = None, *, novel: Sequence[str] = (), rate: float = RATE, detailed: bool = False
    ) -> ScoreView:
        """Reconstruction errors with a threshold to drag; it begins where the validation errors of the card say.

        Args:
            data: as in ``show``, all of it; None: the items of this model.
            novel: labels that are novel; none: those that the model was not trained on, where it was not on all.
            rate: of normal items that may raise an alarm.
            detailed: with intervals, curves, costs and a day's alarms.

        Returns:
            A widget; its ``value`` is the threshold, its ``alarms`` are row numbers.

        Raises:
            DataError: a label that the data do not have.
            ExplorerError: the card keeps no validation errors, or there are no real items.
        """
        shown = self._shown(data, None)
        calibration = np.asarray(self.checkpoint.card.calibration)
        if not len(calibration) or not shown.is_real:
            raise ExplorerError("A threshold needs real items, and validation errors on the card.", "Name data.")
        scores = self.checkpoint.reconstruction_errors(shown.x()).astype(np.float64)
        is_novel = _novel(shown, tuple(novel))
        view = threshold_view_of(
            score_sets(scores, is_novel, calibration, None),
            int(np.isnan(scores).sum()),
            threshold_for(calibration, rate).value,
            Wishes(),
            start=None,
            title="Reconstruction error (squared)",
            labels=("normal", "novel") if is_novel is not None else ("items", ""),
            detailed=detailed,
        )
        return _view().ScoreView(view, scores, shown.rows)

    def _shown(self, data: Data, items: int | None) -> ShownItems:
        return self.items if data is None else _items(self.checkpoint, data, items)

    def _repr_mimebundle_(self, **kind: Any) -> Any:
        """What a notebook shows of it: the map."""
        return self.map()._repr_mimebundle_(**kind)


def _view() -> Any:
    """The widgets, which need anywidget.

    Raises:
        ExplorerError: it is not installed.
    """
    try:
        from explorer.notebook import component_views
    except ImportError as error:
        raise ExplorerError(
            "Views in a notebook need the package anywidget, which is not installed here.",
            'Install it: pip install "autoencoder-explorer[notebook]".',
        ) from error
    return component_views


def _items(checkpoint: VectorCheckpoint, data: Data, at_most: int | None) -> ShownItems:
    source = data_on_this_machine(checkpoint.card) if data is None else data
    if source is None:
        return decoded_items(checkpoint)
    if isinstance(source, np.ndarray):
        source = from_array(source, "array")
    opened = source if isinstance(source, Dataset) else dataset(source)
    if opened.event_shape != checkpoint.event_shape:
        raise DataError(
            f"Items of {opened.title} have the shape {opened.event_shape} and do not fit {checkpoint.name},"
            f" which takes {checkpoint.event_shape}.",
            "Choose data of that shape.",
        )
    rows, split = evaluation.rows_for(checkpoint, opened)
    return thinned_items(checkpoint, opened, rows, split, len(rows) if at_most is None else at_most)


def _channel(items: ShownItems) -> str:
    """What views of the same items call one another by."""
    return f"notebook:{items.checkpoint.fingerprint[:12]}:{digest(items.rows.tobytes())}"


def _positions(items: ShownItems, rows: Sequence[int] | np.ndarray) -> np.ndarray:
    wanted = np.unique(np.asarray(rows, np.int64))
    missing = wanted[~np.isin(wanted, items.rows)]
    if len(missing):
        raise DataError(f"The map does not show row {missing[0]:,}: it has {len(items.rows):,} rows, spread over all.",
                        "Say more items, or leave that row out.")  # fmt: skip
    return np.flatnonzero(np.isin(items.rows, wanted)).astype(np.uint32)


def _novel(items: ShownItems, novel: tuple[str, ...]) -> np.ndarray | None:
    labels, names = items.labels(), items.dataset.label_names
    trained_on = items.card.recipe.data.classes
    if not novel and trained_on and set(trained_on) <= set(names):
        novel = tuple(name for name in names if name not in trained_on)
    if not novel:
        return None
    if labels is None or (unknown := [name for name in novel if name not in names]):
        raise DataError(f"{items.dataset.title} has no label {novel[0] if labels is None else unknown[0]!r}.")
    is_novel: np.ndarray = np.isin(labels, [names.index(name) for name in novel])
    return is_novel
