"""A button that makes ONNX files of what a page shows, says what they were held against, and offers them.

The files are made when they are asked for: what cannot be written is said in words, in place of a file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Int, Num

from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.core.row_samples import spread_sample
from explorer.data import Dataset
from explorer.export import kinds
from explorer.export.kinds import ExportKind
from explorer.ui.widgets.download import download
from explorer.ui.widgets.text import plain

CHECKED_ITEMS = 64
"""That the files of a model are held against it on."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class OnnxDownload:
    """Files that were made.

    Args:
        files: name -> content.
        words: what they were held against and what is left out, a sentence each.
    """

    files: Mapping[str, bytes]
    words: tuple[str, ...]

    def content(self) -> bytes:
        """The only file as it is, several as a zip."""
        if len(self.files) == 1:
            return next(iter(self.files.values()))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content, zipfile.ZIP_DEFLATED)
        return packed.getvalue()


@st.fragment
def onnx_button(
    make: Callable[[], OnnxDownload], about: str, name: str, kind: ExportKind, *, key: str, what: str
) -> None:
    """Show the button; a press makes the files, and they or the reason why there are none stand below it.

    Args:
        make: the files.
        about: differs wherever the files would: those of something else are not offered.
        name: of the download, without its ending.
        kind: of the download.
        key: of the widgets.
        what: what the files hold, in a sentence.
    """
    place = f"{key}_made"
    with st.popover("ONNX", icon=":material/download:", key=f"{key}_popover"):
        st.caption(f"{what} Runs by onnxruntime, without this program.")
        if st.button("Make and compare", key=key, icon=":material/deployed_code:"):
            with st.spinner("Writing, and comparing with onnxruntime"):
                st.session_state[place] = (about, _made(make))
        made_of, made = st.session_state.get(place, ("", None))
        if made_of != about:
            st.session_state.pop(place, None)
            return
        if isinstance(made, ExplorerError):
            st.info(plain(str(made)), icon=":material/info:")
            return
        st.caption(" ".join(plain(words) for words in made.words))
        ending = "onnx" if len(made.files) == 1 else "onnx.zip"
        label = f"Download ({', '.join(made.files)})"
        download(label, made.content(), f"{name}.{ending}", kind, key=f"{key}_file", primary=True)


def model_onnx_button(checkpoint: VectorCheckpoint, dataset: Dataset, rows: Int[np.ndarray, " n"], *, key: str) -> None:
    """The button for a model: encoder, decoder and both, or the half that there is.

    Args:
        checkpoint: the model.
        dataset, rows: items that the files are held against it on; a sample is.
        key: of the widgets.
    """

    def make() -> OnnxDownload:
        from explorer.export.onnx_files import onnx_files

        items = _checked_items(dataset, rows)
        made = onnx_files(checkpoint, items)
        compared = f"On {len(items)} items onnxruntime differs from the model by {made.difference:.1g} at most."
        if checkpoint.labels:
            compared = f"{compared[:-1]}, under each of {len(checkpoint.labels)} labels."
        return OnnxDownload(made.files, (compared, *made.left_out))

    labels = " The label of each item goes in beside it." if checkpoint.labels else ""
    what = {
        "": "Encoder, decoder and both together: items go in and come out in the numbers of their files.",
        "decoder": "The encoder: items go in, in the numbers of their files, and codes come out.",
        "encoder": "The decoder: codes go in, and items come out in the numbers of their files.",
    }[checkpoint.card.lacks] + labels
    onnx_button(make, checkpoint.fingerprint, checkpoint.name, kinds.MODEL_ONNX, key=key, what=what)


def _checked_items(dataset: Dataset, rows: Int[np.ndarray, " n"]) -> Num[np.ndarray, "k *event"]:
    return dataset.x[spread_sample(rows, CHECKED_ITEMS)]


def photo_onnx_button(checkpoint: Checkpoint, *, key: str) -> None:
    """The button for a photo denoiser."""

    def make() -> OnnxDownload:
        from explorer.export.onnx_files import photo_denoiser_files

        made = photo_denoiser_files(checkpoint)
        compared = f"On noise of several sizes onnxruntime differs from it by {made.difference:.1g} at most."
        return OnnxDownload(made.files, (compared,))

    what = "The denoiser: photos of any size and the level of their noise go in, clean photos come out."
    onnx_button(make, checkpoint.fingerprint, checkpoint.name, kinds.DENOISER_ONNX, key=key, what=what)


def _made(make: Callable[[], OnnxDownload]) -> OnnxDownload | ExplorerError:
    try:
        return make()
    except ExplorerError as error:
        return error
