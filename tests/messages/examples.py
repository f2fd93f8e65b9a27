"""One message of each component with every part in it, and one of each report; those of scenes are in tests/scenes."""

from __future__ import annotations

from importlib import import_module

import numpy as np
from torch import nn

from explorer.browser.drawing.message import DrawingDone, DrawingSurface, LiveModel, Steps
from explorer.browser.entry_grid.message import EntriesChosen, EntryGrid, ordered_entries
from explorer.browser.filters.message import FilterColumn, Filtered, Filters
from explorer.browser.heat_map.message import HeatMapView
from explorer.browser.history.message import BrowserHistory
from explorer.browser.inside.message import Inside, Tensor
from explorer.browser.interpolation.message import Interpolation, Measure, Place, PlaceReached, Track
from explorer.browser.item_picker.message import Item, ItemPicker, Picked, Shelf
from explorer.browser.latent_map.message import LatentMap, MapChosen, MapClicked
from explorer.browser.latent_map.parts import (
    Contour,
    Detail,
    FinerPictures,
    Layers,
    LinearPlace,
    Mark,
    NearestItem,
    PlaceDecoder,
    Points,
    RowColumn,
    Selection,
    Underlay,
)
from explorer.browser.pack import pack
from explorer.browser.page_button.message import PageAsked, PageButton
from explorer.browser.parts import Decoder, Feature, Served, SpriteSheet
from explorer.browser.paste.message import Paste, PastedPicture
from explorer.browser.picture_grid.message import PictureGrid, PicturePicked
from explorer.browser.picture_tiles.message import PicturesAsked, PicturesMade, PictureTiles
from explorer.browser.run_stage.message import LossCurve, RunStage, StageFrame
from explorer.browser.scenes import SCENES
from explorer.browser.scenes.scene import LeadPressed
from explorer.browser.served.message import Answer, CodeAsked, ServedCodes
from explorer.browser.sliders.density_check import AtRest, DensityPanel, Mixture, Typicality, VerdictLimit
from explorer.browser.sliders.message import (
    Dimension,
    Direction,
    LabelChosen,
    LabelSwitch,
    Pad,
    Sliders,
    SlidersAt,
    SlidersReleased,
)
from explorer.browser.swipe.message import Residual, Swipe
from explorer.browser.threshold.message import (
    Ranges,
    ScoreSets,
    ThresholdReleased,
    ThresholdView,
    Wishes,
)

PLACES = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
SHEET = SpriteSheet(png=b"sheet", columns=2, width=8, height=8)
FEATURES = [Feature(name="area", low=1, high=9)]
DECODER = Decoder(pack=pack([nn.Linear(2, 4)], (2,)), served=Served(channel="c", model="big", shape=(4,)))
ITEM = Item(name="7", caption="row 7")
AT = SlidersAt(code=[0.5, 2], amounts=[1.5])
WISHES = Wishes(log=True)

OF_SCENES = [import_module(f"tests.scenes.{scene.name}") for scene in SCENES]
MESSAGES = [
    *(scene.MESSAGE for scene in OF_SCENES),
    Inside(
        tensors=(
            Tensor(
                name="code z",
                role="code",
                shape=(2,),
                layers="Linear",
                weights_name="W_e1",
                weights=10,
                column=1.0,
                row=0.5,
                after=(0,),
                values=np.array([[0, 255], [255, 0]], np.uint8),
                low=np.array([-1, 0], np.float32),
                high=np.array([1, 2], np.float32),
            ),
        ),
        names=("row 3", "row 4"),
        losses=("loss 3.00 (squared error)", "loss 4.00 (squared error)"),
        glossary="KL: what a code costs.",
    ),
    DrawingSurface(
        shape=(1, 28, 28),
        raw=(168, 168),
        ground=0,
        steps=Steps(invert=True, crop=True, fit="pad", size=0.7, centre="mass", content=0.1),
        drawn=3,
        pixels=np.arange(168 * 168).reshape(1, 168, 168) % 256,
        model=LiveModel(encoder=b"encoder", rebuilder=b"rebuilder", from_code=True, latent_dim=2),
        reason="It is too large.",
        link="items.1",
    ),
    BrowserHistory(always="model", filled=["model", "data"], chosen=["item"]),
    Interpolation(
        decoder=DECODER,
        decoded=np.zeros((1, 3, 1, 2, 2)),
        tracks=[Track(key="a", title="A", codes=PLACES, items_at=[0, 1], colour="#0072b2", dash="2 4", note="short")],
        items=["first", "last"],
        measures=[Measure(title="Density", unit="nats", values=np.ones((1, 3)), band=(0, 2), band_title="most")],
        features=FEATURES,
        start=Place(track="a", at=0.25),
    ),
    Filters(
        n=3,
        columns=[
            FilterColumn(name="age", bars=[0, 1, 2], titles=["1 to 2", "2 to 3", "missing"], ordered=True, missing=True)
        ],
        link="items.1",
        chosen=[0, 2],
        stamp=4,
    ),
    ItemPicker(
        chosen=[ITEM],
        shelves=[Shelf(title="Samples", items=[ITEM], empty="None.")],
        sprites=SHEET,
        most=8,
        rows=50,
        stamp=4,
    ),
    LatentMap(
        points=Points(
            places=PLACES,
            groups=[0, 1, 1],
            names=["low", "high"],
            palette=["#0072b2", "#e69f00"],
            kinds=1,
            kinds_written=True,
            labels=[1, 0, 1],
            label_names=["cat", "dog"],
            titles=["a.png", "b.png", "c.png"],
            numbers=[7, 8, 12],
            item_kind="made",
        ),
        nearest=NearestItem(
            sprites=SHEET,
            finer=FinerPictures(channel="p", items="0123456789abcdef", steps=[1, 2], width=64, height=64),
            reconstructions=SHEET,
            details=[Detail(name="error", values=[1, np.nan, 3], unit="nats")],
            columns=[
                RowColumn(name="sort", values=[0, 1, np.nan], names=["a", "b"], shares=[0.5, 0.5], middle=1, spread=2)
            ],
        ),
        decoding=PlaceDecoder(decoder=DECODER, codes=PLACES, features=FEATURES),
        layers=Layers(
            underlay=Underlay(png=b"grid", left=-1, bottom=-2, right=3, top=4),
            contours=[Contour.of([PLACES, PLACES[:2]], "half", dashed=True)],
            marks=[Mark(x=1, y=2, label="me", ellipse=(0.5, 0.25, 0.1))],
        ),
        selection=Selection(ringed=1, chosen=[2, 0], hits=[1], answers=9),
        tools=True,
        link="items.1",
        drop=LinearPlace.of(np.zeros(4), np.ones((4, 2))),
        cursor=(1, 2),
        in_sight=(-1, -2, 3, 4),
        height=400,
        plain_canvas=True,
    ),
    PageButton(link="items.1", name="model.html", number=3, page=b"page"),
    Paste(),
    EntryGrid(
        decoder=DECODER,
        model="m",
        token=3,
        grid=(1, 2),
        codebook=[[0.5], [2]],
        start=(0, 1),
        first=(1, 1),
        entries=ordered_entries(np.array([[0.5], [2]])),
        features=FEATURES,
        caption="Decoded",
    ),
    PictureGrid(sheet=SHEET, label="Sample", titles=["1", "2"], selected=1, columns=2, size=42),
    RunStage(
        run="a",
        frames=[StageFrame(epoch=1.5, placed=[0, 2], places=PLACES[:2], made=np.zeros((1, 1, 2, 2), np.uint8))],
        whole=True,
        live=True,
        epochs=3,
        curves=[LossCurve(name="KL", colour="#0072b2", dashed=True, light=True, epochs=[1, 2], values=[0.5, 0.25])],
        unit="nats",
        groups=[0, 1, 1],
        names=["low", "high"],
        palette=["#0072b2", "#e69f00"],
        axes=["PCA 1", "PCA 2"],
        shape=(1, 2, 2),
        given=np.ones((1, 1, 2, 2), np.uint8),
        items=np.ones((1, 1, 2, 2), np.uint8),
        captions=["row 3"],
        note="Half size.",
    ),
    PictureTiles(
        channel="p", items="0123456789abcdef", answer=PicturesMade(number=7, step=2, positions=[2, 0], sheet=SHEET)
    ),
    ServedCodes(
        channel="c", model="big", note="Large.", answer=Answer(number=7, code=[2, 3], values=np.zeros((1, 2, 2)))
    ),
    Sliders(
        decoder=DECODER,
        model="big",
        token=4,
        start=[0.5, -1],
        first=AT,
        dims=[Dimension(index=1, low=-2, high=2, share=0.75, inactive=True)],
        directions=[Direction(vector=np.array([0.0, 2.0]), low=-1, high=3, label="older", hint="It ages.")],
        features=FEATURES,
        caption="Decoded",
        pad=Pad(
            across=0,
            up=1,
            picture=Underlay(png=b"plane", left=-1, bottom=-2, right=1, top=2),
            places=PLACES,
            colours=["#0072b2", "#ed6d03", "#40a768"],
        ),
        labels=LabelSwitch(names=["3", "5", "8"], offered=[0, 2], at=2),
        density=DensityPanel(
            codes=PLACES,
            names=["a", "b", "c"],
            check=Typicality(
                verdicts=[VerdictLimit(name="inside", words="inside the data", hint="It is near.", limit=None)],
                reasons={"alone": "far from real codes"},
                centre=1.5,
                scales=(0.5, 1, None),
                usual=0.7,
                inactive=[1],
                means=[0, 1],
                stds=[1, 2],
                encoder=b"pack",
                at_rest=AtRest(code=[0.5, -1], again=[0.4, -1]),
            ),
            mixture=Mixture(
                constants=[0.5], means=PLACES[:1], factors=np.ones((1, 2, 2)), densities=np.array([1, 2, 3])
            ),
            item_word="row",
            source="test",
            sprites=SHEET,
            rows=PLACES,
        ),
    ),
    HeatMapView(
        image=b"image",
        alt="item",
        map=np.arange(6).reshape(2, 3),
        unit="standard deviations",
        usual=0.5,
        threshold=2.5,
        peaks=[1, 2],
        ends=(0.5, 5),
    ),
    Swipe(before=b"noisy", after=b"clean", residual=Residual(png=b"residual", limit=26, unit="grey levels")),
    ThresholdView(
        scores=ScoreSets(normal=[1, 2], novel=[3, 4], calibration=[1, 5], own=[2]),
        left_out=1,
        title="score",
        labels=("normal", "novel"),
        ranges=Ranges(linear=(0, 6), log=(0.9, 6)),
        log=True,
        area=(0.9, 0.8, 1.0),
        start=0.1,
        threshold=2.5,
        wishes=WISHES,
        detailed=True,
    ),
]

REPORTS = [
    *(report for scene in OF_SCENES for report in scene.REPORTS),
    LeadPressed(lead=1, item=3),
    DrawingDone(id=1, data="AAAA"),
    Filtered(n=3, bits="05", stamp=17),
    PageAsked(number=3, sight=(-1, -2, 3, 4)),
    PastedPicture(name="a.png", data="AAAA"),
    PlaceReached(codes=["0123456789abcdef"], track="a", at=0.5),
    Picked(names=["7", "7"], stamp=3),
    MapClicked(points="0123456789abcdef", index=1, code=(1, 2)),
    MapChosen(points="0123456789abcdef", n=3, bits="05", stamp=17),
    EntriesChosen(model="m", token=3, numbers=(0, 1)),
    PicturePicked(index=1, sheet="0123456789abcdef", picks=1),
    PicturesAsked(items="0123456789abcdef", step=2, positions=[2, 0], number=8),
    CodeAsked(model="big", code=[2, 3], number=8),
    LabelChosen(label="8"),
    SlidersReleased(model="big", token=4, start=[0.5, -1], at=AT),
    ThresholdReleased(digests={"normal": "0123456789abcdef"}, start=None, value=2.5, wishes=WISHES),
]
