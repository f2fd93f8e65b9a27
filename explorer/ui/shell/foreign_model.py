"""A model from elsewhere, brought in from ONNX files that the visitor gives: it joins the checkpoints of one's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

import streamlit as st

from explorer import checkpoints
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.data import Dataset
from explorer.models.base import Half
from explorer.ui.shell import session, user_files
from explorer.ui.shell.user_files import UserFile
from explorer.ui.widgets.text import plain

if TYPE_CHECKING:
    from explorer.adoption import OnnxTensors

UPLOAD = "onnx_upload"
SAME_FILE = ""
WEIGHTS = ("data", "bin", "weights")
"""How files end that hold the weights of an ONNX file which lies beside them."""
MAX_BYTES = 256 << 20
"""Of all ONNX files together: one is worked on in memory that all visitors share."""
HALVES: dict[Half, str] = {"": "Whole", "encoder": "Encoder", "decoder": "Decoder"}
"""What a file may hold, and what the form calls it."""
NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def form() -> str | None:
    """Draw the way to bring in ONNX files; the name of a model that was brought in just now.

    The files are translated to a list of layers, never run as code, and compared with onnxruntime.
    """
    files = user_files.take(
        "A model that was trained elsewhere (.onnx)",
        ["onnx", *WEIGHTS],
        UPLOAD,
        several=True,
        help_text="One file with the whole autoencoder, or two with its encoder and its decoder. Where weights lie in a"
        " file of their own (.onnx.data), give it, too. It becomes a list of layers, which is compared with"
        " onnxruntime; no code of it runs. Read into memory only.",
    )
    names = session.dataset_names()
    if not files:
        return None
    if not names:
        st.info("First add data of the kind that it was trained on, under Add my data.")
        return None
    by_name = {file.name: file for file in files}
    models = [name for name in by_name if name.lower().endswith(".onnx")]
    if not models:
        st.info("These are weights alone. Add the .onnx file that they belong to.")
        return None
    decoders = [name for name in models if "dec" in name.lower()]
    encoders = [name for name in models if name not in decoders[:1]] or models
    only = st.segmented_control(
        "What comes in",
        list(HALVES),
        default="",
        format_func=lambda half: HALVES[half],
        key="bring_in_only",
        required=True,
        help="An encoder alone gives items codes: Latent space and Novelty show it. A decoder alone makes items of"
        " codes: Generate shows it.",
    )
    with st.form("bring_in", border=False):
        data = st.selectbox(
            "Items of its kind",
            names,
            index=_index(names, st.session_state.get("data")),
            format_func=session.dataset_title,
            key="bring_in_data",
            help="Statistics of its codes, the ends of sliders, calibration and figures are worked out from these.",
        )
        encoder = decoder = SAME_FILE
        of_encoder = of_decoder = ""
        if only != "decoder":
            encoder = st.selectbox("Encoder's file", models, index=_index(models, encoders[0]), key="bring_in_encoder")
        if only != "encoder":
            of_it = models if only else [SAME_FILE, *models]
            usual = (decoders or of_it)[0] if only or len(models) > 1 else SAME_FILE
            decoder = st.selectbox(
                "Decoder's file",
                of_it,
                index=_index(of_it, usual),
                format_func=lambda name: name or "the same file",
                key="bring_in_decoder",
            )
        if only != "decoder":
            of_encoder = st.text_input(
                "Encoder's tensors",
                placeholder="what the file has",
                key="bring_in_from",
                help="INPUT:CODE, or INPUT:MU,LOGVAR",
            )
        if only != "encoder":
            of_decoder = st.text_input(
                "Decoder's tensors", placeholder="what the file has", key="bring_in_to", help="CODE:OUTPUT"
            )
        pixels = st.text_input(
            "Black and white", "0,1", key="bring_in_pixels", help="What they are for it: 0,1 or -1,1."
        )
        logits = held_out = False
        if only != "encoder":
            logits = st.toggle("Its values have yet to pass a sigmoid", key="bring_in_logits")
        if not only:
            held_out = st.toggle(
                "The test items were held out",
                key="bring_in_held_out",
                help="It was not trained on the test split of this data. Else its figures are called those of given"
                " items.",
            )
        name = st.text_input("Name", _name(encoder or decoder), key=f"bring_in_name{only or ''}")
        pressed = st.form_submit_button("Bring it in", type="primary", width="stretch")
    if not pressed:
        return None
    asked = _ModelAsked(
        only or "", encoder or decoder, decoder or encoder, of_encoder, of_decoder, data, pixels, logits, held_out, name
    )
    try:
        return _brought(by_name, asked)
    except ExplorerError as error:
        st.error(plain(str(error)))
        return None


@dataclass(frozen=True)
class _ModelAsked:
    """What the form says: the only half (empty: both), names of files and data, tensors, and how values are read."""

    only: Half
    encoder: str
    decoder: str
    of_encoder: str
    of_decoder: str
    data: str
    pixels: str
    logits: bool
    held_out: bool
    name: str


def _brought(files: dict[str, UserFile], asked: _ModelAsked) -> str:
    """The name of the model, now one of the visitor's checkpoints.

    Raises:
        ExplorerError: it cannot be brought in; or there is a model of that name.
    """
    from explorer import adoption

    if asked.name in session.models():
        raise CheckpointError(f"There is a model called {asked.name} already.", "Give another name.")
    total = sum(len(file.content) for file in files.values())
    if total > MAX_BYTES:
        raise CheckpointError(
            f"The files have {total / 1e6:,.0f} MB; here {MAX_BYTES / 1e6:,.0f} are read at most.",
            "Use the command: python -m explorer import model.onnx --data DATA",
        )
    ends = adoption.pixels_asked(asked.pixels)
    dataset = session.dataset_of(asked.data)
    with st.spinner("Translating it, and comparing with onnxruntime"):
        adopted = (_half if asked.only else _whole)(files, asked, dataset, ends)
        file = user_files.user_file(f"{asked.name}.safetensors", checkpoints.checkpoint_bytes(adopted))
    given = user_files.given(session.CHECKPOINT_UPLOAD)
    user_files.set_files(session.CHECKPOINT_UPLOAD, user_files.unique([*given, file]))
    return asked.name


def _whole(
    files: dict[str, UserFile], asked: _ModelAsked, dataset: Dataset, ends: tuple[float, float]
) -> VectorCheckpoint:
    from explorer import adoption

    is_one = asked.encoder == asked.decoder and not asked.of_decoder.strip()
    chains = adoption.of_onnx(
        _tensors(files, asked.encoder, asked.of_encoder),
        None if is_one else _tensors(files, asked.decoder, asked.of_decoder),
        dataset.event_shape,
    )
    return adoption.checkpoint_of_parts(
        asked.name, chains, dataset, pixels=ends, output=_output(asked), held_out=asked.held_out
    )


def _half(
    files: dict[str, UserFile], asked: _ModelAsked, dataset: Dataset, ends: tuple[float, float]
) -> VectorCheckpoint:
    from explorer import adoption

    of_encoder = asked.only == "encoder"
    lacks: Half = "decoder" if of_encoder else "encoder"
    named = (asked.encoder, asked.of_encoder) if of_encoder else (asked.decoder, asked.of_decoder)
    tensors = _tensors(files, *named)
    layers, size, origin = adoption.half_of_onnx(tensors, lacks, dataset.event_shape)
    return adoption.checkpoint_of_half(
        asked.name, layers, lacks, dataset, code_size=size, pixels=ends, output=_output(asked), origin=origin
    )


def _tensors(files: dict[str, UserFile], name: str, tensors: str) -> OnnxTensors:
    from explorer import adoption

    def beside(other: str) -> bytes | None:
        return files[other].content if other in files else None

    return adoption.tensors_asked(files[name].content, name, tensors, beside)


def _output(asked: _ModelAsked) -> Literal["values", "logits"]:
    return "logits" if asked.logits else "values"


def _index(names: Sequence[str], wanted: str | None) -> int:
    return names.index(wanted) if wanted in names else 0


def _name(file: str) -> str:
    """A name for a checkpoint, of a file's."""
    return NO_NAME.sub("-", PurePath(file).stem).strip("-._")[:80] or "model"
